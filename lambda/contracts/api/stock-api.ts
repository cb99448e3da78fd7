import * as z from 'zod';
import { personal } from '../values/personal';
import { freeText, OrderId, ProductId } from '../values/text';
import type { OperationContract } from './operation';
import { IdempotencyKey } from './request-headers';
import type { Operation } from './routes';

/** The movements of stock by hand. What orders reserve, release and deduct is in their reservations. */
export const MovementType = z.enum(['receive', 'adjust', 'reserve', 'release', 'deduct']);
export type MovementType = z.infer<typeof MovementType>;

const maxQuantity = 1_000_000_000;
const Quantity = z.int().min(1).max(maxQuantity);

const movement = {
  /** The reason, for readers of the ledger. */
  reason: personal('words', freeText(200)),
  /** The version of the stock that the caller read. @default any version */
  expectedVersion: z.int().positive().optional(),
  /** The related order, only as a note. */
  orderId: OrderId.optional(),
};

/** Body of `PATCH /inventory/{productId}`: one movement. `adjust` takes a difference, which may be negative. */
export const UpdateStockRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: MovementType.exclude(['adjust']), quantity: Quantity, ...movement }),
  z.strictObject({
    type: z.literal('adjust'),
    quantity: z
      .int()
      .min(-maxQuantity)
      .max(maxQuantity)
      .refine((quantity) => quantity !== 0, 'must not be 0'),
    ...movement,
  }),
]);
export type UpdateStockRequest = z.infer<typeof UpdateStockRequest>;

/** The stock of one product. `quantity` is on hand: `available` plus `reservedQuantity`. */
export const StockView = z.object({
  productId: ProductId,
  productCode: ProductId,
  productName: z.string(),
  quantity: z.int(),
  available: z.int(),
  reservedQuantity: z.int(),
  warehouseCode: z.string(),
  lastRestockedAt: z.iso.datetime().optional(),
  lastOrderId: OrderId.optional(),
  discontinued: z.boolean(),
  updatedAt: z.iso.datetime(),
  version: z.int(),
});
export type StockView = z.infer<typeof StockView>;

/**
 * One entry of the ledger: the requested `quantity`, the `change` of the on-hand quantity and the `reservedChange` of
 * the quantity reserved by hand. A `return` comes from a completed return, a `repair` from the audit.
 */
export const MovementView = z.object({
  movementId: z.string(),
  productId: ProductId,
  type: z.enum([...MovementType.options, 'return', 'repair']),
  quantity: z.int(),
  change: z.int(),
  reservedChange: z.int(),
  reason: personal('words', z.string()),
  orderId: OrderId.optional(),
  by: personal('origin', z.string()),
  at: z.iso.datetime(),
  version: z.int(),
});
export type MovementView = z.infer<typeof MovementView>;

export const StockPage = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2000).optional(),
});

const listOf = <Item extends z.ZodType>(items: Item) =>
  z.object({ items: z.array(items), nextCursor: z.string().optional() });

export const ListStockResponse = listOf(StockView);
export const ListMovementsResponse = listOf(MovementView);
export const UpdateStockResponse = StockView.extend({ movement: MovementView });

/** The contracts of the stock operations. */
export const stockOperations = {
  listStock: {
    summary: 'List the stock of all products',
    tag: 'Inventory',
    query: StockPage,
    answers: { 200: ListStockResponse },
    problems: [],
  },
  getStock: {
    summary: 'Read the stock of a product',
    tag: 'Inventory',
    answers: { 200: StockView },
    problems: ['ProductNotFound'],
    etag: true,
  },
  updateStock: {
    summary: 'Receive, adjust, reserve, release or deduct stock',
    description:
      'Writes one movement into the ledger and updates the stock. With `expectedVersion`, it is refused when the stock ' +
      'has another version. Repeating a request with the same `Idempotency-Key` makes no second movement.',
    tag: 'Inventory',
    headers: z.object({ 'Idempotency-Key': IdempotencyKey.optional() }),
    body: UpdateStockRequest,
    answers: { 200: UpdateStockResponse },
    sends: ['Idempotency-Replayed'],
    problems: ['ProductNotFound', 'InsufficientStock', 'VersionMismatch', 'IdempotencyKeyMismatch'],
    etag: true,
  },
  deleteStock: {
    summary: 'Delete the empty stock of a product',
    description: 'The on-hand quantity must be adjusted to 0 first. Receiving goods restores the stock.',
    tag: 'Inventory',
    answers: { 204: null },
    problems: ['ProductNotFound', 'StockNotEmpty', 'VersionMismatch'],
    etag: true,
  },
  listStockMovements: {
    summary: 'List the movements of a product, newest first',
    tag: 'Inventory',
    query: StockPage,
    answers: { 200: ListMovementsResponse },
    problems: ['ProductNotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
