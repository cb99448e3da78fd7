import { asError } from './as-error';
import { logger } from './logger';

const idsOf = (row: unknown) =>
  Object.fromEntries(
    ['orderId', 'productId', 'paymentId', 'returnId', 'alertId', 'userId', 'tenantId', 'categoryId'].map((name) => [
      name,
      (row as Record<string, unknown>)[name],
    ]),
  );

/** Returns the rows that can be read, in their order. One that cannot is logged and left out, and hides no other. */
export const readableRows = <Row, Item>(rows: readonly Row[], fromRow: (row: Row) => Item): Item[] =>
  rows.flatMap((row) => {
    try {
      return [fromRow(row)];
    } catch (thrown) {
      logger.error('a row cannot be read and is left out', { ...idsOf(row), error: asError(thrown) });
      return [];
    }
  });
