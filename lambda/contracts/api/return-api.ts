import * as z from 'zod';
import { personal } from '../values/personal';
import { ReturnId, ReturnStatus } from '../values/return-status';
import { CustomerId, freeText, OrderId, ProductId } from '../values/text';
import type { OperationContract } from './operation';
import { IdempotencyKey } from './request-headers';
import type { Operation } from './routes';

const noProductTwice = (items: { productId: string }[]) =>
  new Set(items.map(({ productId }) => productId)).size === items.length;

const ReturnItem = z.strictObject({ productId: ProductId, quantity: z.int().min(1).max(9999) });

/** Body of `POST /orders/{orderId}/returns`: the lines to return, and the reason. */
export const RequestReturnRequest = z.strictObject({
  items: z.array(ReturnItem).min(1).max(50).refine(noProductTwice, 'must not name the same product twice'),
  reason: personal('words', freeText(500)),
});
export type RequestReturnRequest = z.infer<typeof RequestReturnRequest>;

/** In either case. */
const statusText = z.string().max(20).toUpperCase();

/** Body of `PATCH /returns/{returnId}`. `version` is the one that the caller read. */
export const UpdateReturnRequest = z.strictObject({
  status: statusText.pipe(ReturnStatus.exclude(['REQUESTED'])),
  version: z.int().positive().optional(),
});
export type UpdateReturnRequest = z.infer<typeof UpdateReturnRequest>;

/**
 * A return as the API shows it. Amounts are the prices at purchase in major units (59.98) of `currency`, without tax.
 */
export const ReturnView = z.object({
  returnId: ReturnId,
  orderId: OrderId,
  /** The owner of the order. Missing for guests. */
  userId: CustomerId.optional(),
  status: ReturnStatus,
  /** Missing once the customer is erased. */
  reason: personal('words', z.string()).optional(),
  items: z.array(
    z.object({
      productId: ProductId,
      name: z.string(),
      quantity: z.int(),
      unitPrice: z.number(),
      lineTotal: z.number(),
    }),
  ),
  currency: z.string(),
  requestedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When the goods arrived. */
  returnedAt: z.iso.datetime().optional(),
  version: z.int(),
});
export type ReturnView = z.infer<typeof ReturnView>;

/** Query of `GET /returns`. */
export const ListReturnsQuery = z.object({
  status: statusText.pipe(ReturnStatus).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2000).optional(),
});
export type ListReturnsQuery = z.infer<typeof ListReturnsQuery>;

export const ListReturnsResponse = z.object({ items: z.array(ReturnView), nextCursor: z.string().optional() });
export type ListReturnsResponse = z.infer<typeof ListReturnsResponse>;

/** The contracts of the return operations. */
export const returnOperations = {
  requestReturn: {
    summary: 'Request a return of goods of a delivered order',
    description:
      'Of each product, at most the delivered quantity can be returned, minus what other returns include. Rejected ' +
      'returns do not count. Repeating a request with the same `Idempotency-Key` makes no second return.',
    tag: 'Returns',
    headers: z.object({ 'Idempotency-Key': IdempotencyKey.optional() }),
    body: RequestReturnRequest,
    answers: { 201: ReturnView },
    sends: ['Location', 'Idempotency-Replayed'],
    problems: [
      'OrderNotFound',
      'ReturnWindowClosed',
      'ReturnQuantityExceeded',
      'VersionMismatch',
      'IdempotencyKeyMismatch',
    ],
  },
  listReturns: {
    summary: 'List returns, newest first',
    tag: 'Returns',
    query: ListReturnsQuery,
    answers: { 200: ListReturnsResponse },
    problems: [],
  },
  getReturn: {
    summary: 'Read a return',
    tag: 'Returns',
    params: z.object({ returnId: ReturnId }),
    answers: { 200: ReturnView },
    problems: ['ReturnNotFound'],
    etag: true,
  },
  updateReturn: {
    summary: 'Approve, reject or complete a return',
    description:
      'A requested return is approved or rejected. An approved one is completed when the goods arrive, or rejected. ' +
      'Completing it restocks the goods.',
    tag: 'Returns',
    params: z.object({ returnId: ReturnId }),
    body: UpdateReturnRequest,
    answers: { 200: ReturnView },
    problems: ['ReturnNotFound', 'InvalidTransition', 'VersionMismatch'],
    etag: true,
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
