import type { ProblemName } from '../contracts/problem';
import type { MovementView, StockView } from '../contracts/stock-api';
import { ProductId } from '../contracts/text';
import type { ProblemAnswer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import type { Movement, Refusal } from './movement';
import { isDeleted, type ProductKey, type StockItem } from './stock-item';

/** A problem whose name the API's contract knows. */
export const refuse = (
  status: number,
  problem: ProblemName,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): ProblemAnswer => ({ status, problem, detail, members });

const refusals = {
  'unknown-product': (_refusal, productId) =>
    refuse(404, 'ProductNotFound', `Product ${productId} not found`, { error: 'ProductNotFoundError' }),
  'version-mismatch': ({ currentVersion }) =>
    refuse(409, 'VersionMismatch', 'Inventory was modified, please retry', {
      error: 'VersionMismatchError',
      currentVersion,
    }),
  short: ({ requested, available }, productId) =>
    refuse(
      409,
      'InsufficientStock',
      `Insufficient inventory for ${productId}: requested ${requested}, available ${available}`,
      { error: 'InsufficientStockError' },
    ),
  'not-empty': (_refusal, productId) =>
    refuse(409, 'StockNotEmpty', `Product ${productId} still has stock: adjust what is on hand to 0 first.`),
  'precondition-failed': () => refuse(412, 'PreconditionFailed', 'The stock has another version than If-Match names.'),
} satisfies {
  [Kind in Refusal['kind']]: (refusal: Extract<Refusal, { kind: Kind }>, productId: string) => ProblemAnswer;
};

/** How the API answers a refusal. */
export const answerRefusal = (refusal: Refusal, productId: string): ProblemAnswer =>
  (refusals[refusal.kind] as (refusal: Refusal, productId: string) => ProblemAnswer)(refusal, productId);

/** The product that the path names; an ID that none can have is unknown. */
export const productKeyOf = (request: Request): ProductKey | ProblemAnswer => {
  const productId = request.pathParameter('productId');
  if (!ProductId.safeParse(productId).success) return answerRefusal({ kind: 'unknown-product' }, '?'); // anything is not repeated
  return { tenant: request.caller.tenant, productId };
};

/** What the caller may see: a deleted product is unknown. */
export const known = (item: StockItem | undefined): item is StockItem => item !== undefined && !isDeleted(item);

export const stockView = (item: StockItem): StockView => ({
  productId: item.productId,
  productCode: item.productId,
  productName: item.productName,
  quantity: item.stock + item.reservedQuantity,
  available: item.stock,
  reservedQuantity: item.reservedQuantity,
  warehouseCode: item.warehouseCode,
  lastRestockedAt: item.lastRestockedAt,
  lastOrderId: item.lastOrderId,
  discontinued: item.discontinued,
  updatedAt: item.updatedAt,
  version: item.version,
});

export const movementView = ({ tenant: _, ...movement }: Movement): MovementView => movement;
