import * as z from 'zod';
import type { OperationContract } from './operation';
import {
  CancelOrderRequest,
  CurrentOrder,
  GetOrderQuery,
  GetOrderResponse,
  ListOrdersQuery,
  ListOrdersResponse,
  OrderTimeline,
  PlaceOrderRequest,
  PlaceOrderResponse,
  QuickOrderQuery,
  UpdateStatusRequest,
} from './order-api';
import { IdempotencyKey, StorefrontKey } from './request-headers';
import type { Operation } from './routes';
import { OrderId } from './text';

const params = z.object({ orderId: OrderId });
const trackingToken = { 'X-Tracking-Token': z.string().optional() };

/** What placing an order may be refused for, however it is placed. */
const placing = [
  'ProductNotFound',
  'ProductDiscontinued',
  'PriceChanged',
  'OrderTooLarge',
  'InsufficientStock',
  'StockServiceUnavailable',
  'TenantSuspended',
  'IdempotencyKeyMismatch',
  'IdempotencyKeyInUse',
] as const;

const placedHeaders = {
  'Idempotency-Key': IdempotencyKey.optional(),
  'Accept-Language': z.string().optional(),
  Prefer: z.string().optional(),
};

/** What the operations of orders take and answer. */
export const orderOperations = {
  placeOrder: {
    summary: 'Place an order',
    description:
      'Without a token it is a guest’s order in the shop of `X-Storefront-Key`. It is accepted before its stock is ' +
      'reserved, and confirmed soon after. With `Prefer: respond-sync` stock is checked first: an order that it does not ' +
      'cover is refused with 409, and when it cannot be checked the answer is 503 and nothing is stored. In a shop that is ' +
      'paid online, a `paymentMethod` that cannot take the order’s currency or total is refused with 400 and the rule.',
    tag: 'Orders',
    headers: z.object({ ...placedHeaders, 'X-Storefront-Key': StorefrontKey.optional() }),
    body: PlaceOrderRequest,
    answers: { 201: PlaceOrderResponse },
    sends: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
    problems: [...placing, 'UnknownStorefrontKey'],
  },
  quickOrder: {
    summary: 'Order one product',
    description: 'The order is the caller’s own, and mailed about at the address of the token.',
    tag: 'Orders',
    query: QuickOrderQuery,
    headers: z.object(placedHeaders),
    answers: { 201: PlaceOrderResponse },
    sends: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
    problems: [...placing],
  },
  listOrders: {
    summary: 'List orders, newest first',
    description: 'Staff see the orders of their tenant, a customer sees their own.',
    tag: 'Orders',
    query: ListOrdersQuery,
    answers: { 200: ListOrdersResponse },
    problems: [],
  },
  getOrder: {
    summary: 'Read an order',
    description:
      'A guest sends the `trackingToken` that placing the order answered. With `waitForVersion` the answer waits, 20 ' +
      'seconds at most, until the order has that version or a newer one, and is the order as it is then: send the ' +
      'version that you know plus one, look at the `version` of the answer, and ask again. A caller may begin five waits ' +
      'in 20 seconds, and those of a shop together 25; beyond, the answer is 429 with `Retry-After`.',
    tag: 'Orders',
    params,
    query: GetOrderQuery,
    headers: z.object(trackingToken),
    answers: { 200: GetOrderResponse },
    problems: ['OrderNotFound', 'TrackingTokenRequired'],
    etag: true,
  },
  updateOrderStatus: {
    summary: 'Move an order on',
    description:
      'From `PENDING` to `CONFIRMED`, `PROCESSING`, `SHIPPED` and `DELIVERED`, or to `CANCELLED` before it is shipped. ' +
      'An order is confirmed by itself once its stock is reserved. An order that must be paid is packed and shipped only ' +
      'while its payment is kept: one that is refunded in full, or about to be, answers 409 `OrderNotPaid`.',
    tag: 'Orders',
    params,
    body: UpdateStatusRequest,
    answers: { 200: CurrentOrder },
    problems: [
      'OrderNotFound',
      'InvalidTransition',
      'StockNotReserved',
      'OrderNotPaid',
      'PaymentServiceUnavailable',
      'VersionMismatch',
    ],
    etag: true,
  },
  cancelOrder: {
    summary: 'Cancel an order that is not shipped yet',
    description: 'Cancelling it again changes nothing. The body may be empty.',
    tag: 'Orders',
    params,
    headers: z.object(trackingToken),
    body: CancelOrderRequest.optional(),
    answers: { 200: CurrentOrder },
    problems: ['OrderNotFound', 'TrackingTokenRequired', 'InvalidTransition', 'VersionMismatch'],
    etag: true,
  },
  getOrderTimeline: {
    summary: 'Read everything that happened to an order',
    description:
      'Facts, events, e-mails and alerts with their times and causes, from every service that knows some. Of refunds the ' +
      'newest hundred are told one by one, and one entry says how many came before and what they gave back.',
    tag: 'Orders',
    params,
    answers: { 200: OrderTimeline },
    problems: ['OrderNotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
