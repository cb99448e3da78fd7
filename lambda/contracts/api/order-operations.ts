import * as z from 'zod';
import { OrderId } from '../values/text';
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

const params = z.object({ orderId: OrderId });
const trackingToken = { 'X-Tracking-Token': z.string().optional() };

/** The problems of placing an order by any operation. */
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

/** The contracts of the order operations. */
export const orderOperations = {
  placeOrder: {
    summary: 'Place an order',
    description:
      'Without a token, the order is a guest’s in the shop of `X-Storefront-Key`. It is accepted before its stock is ' +
      'reserved, and confirmed soon after. With `Prefer: respond-sync`, stock is checked first: short stock is refused ' +
      'with 409, and when the check fails the answer is 503 and nothing is stored. In a shop that is paid online, a ' +
      '`paymentMethod` that cannot take the order’s currency or total is refused with 400 and the rule.',
    tag: 'Orders',
    headers: z.object({ ...placedHeaders, 'X-Storefront-Key': StorefrontKey.optional() }),
    body: PlaceOrderRequest,
    answers: { 201: PlaceOrderResponse },
    sends: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
    problems: [...placing, 'UnknownStorefrontKey'],
  },
  quickOrder: {
    summary: 'Order one product',
    description: 'The order belongs to the caller. E-mails go to the address in the token.',
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
      'A guest sends the `trackingToken` from the answer to the placed order. With `waitForVersion`, the answer waits at ' +
      'most 20 seconds until the order has that version or a newer one, and shows the order at that time. To follow an ' +
      'order, send the known version plus one, read the `version` of the answer, and repeat. A caller may start five ' +
      'waits in 20 seconds, and all callers of a shop together 25. Beyond that, the answer is 429 with `Retry-After`.',
    tag: 'Orders',
    params,
    query: GetOrderQuery,
    headers: z.object(trackingToken),
    answers: { 200: GetOrderResponse },
    problems: ['OrderNotFound', 'TrackingTokenRequired'],
    etag: true,
  },
  updateOrderStatus: {
    summary: 'Change the status of an order',
    description:
      'From `PENDING` to `CONFIRMED`, `PROCESSING`, `SHIPPED` and `DELIVERED`, or to `CANCELLED` before it is shipped. ' +
      'An order is confirmed automatically once its stock is reserved. An order that must be paid is packed and shipped only ' +
      'while its payment is neither refunded in full nor about to be: otherwise the answer is 409 `OrderNotPaid`.',
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
    description: 'Cancelling a cancelled order changes nothing. The body may be empty.',
    tag: 'Orders',
    params,
    headers: z.object(trackingToken),
    body: CancelOrderRequest.optional(),
    answers: { 200: CurrentOrder },
    problems: ['OrderNotFound', 'TrackingTokenRequired', 'InvalidTransition', 'VersionMismatch'],
    etag: true,
  },
  getOrderTimeline: {
    summary: 'Read the timeline of an order',
    description:
      'Facts, events, e-mails and alerts of all services, with their times and causes. The newest hundred refunds have ' +
      'their own entries. One entry has the number and the sum of the earlier ones.',
    tag: 'Orders',
    params,
    answers: { 200: OrderTimeline },
    problems: ['OrderNotFound'],
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
