import { toMajor } from '../contracts/money';
import type { ReturnView } from '../contracts/return-api';
import type { Return } from './return';

/** The return as it is now. */
export const returnView = (given: Return): ReturnView => {
  const major = (amount: number) => toMajor(amount, given.currency);
  const { returnId, orderId, userId, status, reason, currency, requestedAt, updatedAt, returnedAt, version } = given;
  return {
    ...{ returnId, orderId, userId, status, reason, currency, requestedAt, updatedAt, returnedAt, version },
    items: given.lines.map(({ productId, name, quantity, unitPrice, lineTotal }) => ({
      productId,
      name,
      quantity,
      unitPrice: major(unitPrice),
      lineTotal: major(lineTotal),
    })),
  };
};

/** The answer to the request that made the return: as it was then, so that a repeated request is answered the same. */
export const requestedView = (given: Return): ReturnView =>
  returnView({ ...given, status: 'REQUESTED', updatedAt: given.requestedAt, returnedAt: undefined, version: 1 });
