import * as z from 'zod';
import { Amount } from '../values/money';
import { CancelReason, OrderStatus, PaymentStatus, StockStatus } from '../values/order-status';
import { PaymentFailure } from '../values/payment-status';
import { OrderId } from '../values/text';
import { FieldError, type ProblemName } from './problem';
import type { Policy } from './routes';

/** The largest frame in bytes. */
export const maxFrameBytes = 4096;

/** The largest number of subscriptions of one connection. */
export const maxSubscriptions = 20;

const staff = { staff: 'tenant', 'tenant-admin': 'tenant' } as const;

/** The policies of subscriptions, like the policy table of the routes. */
export const livePolicies = {
  followOrder: { guest: 'own', customer: 'own', ...staff },
  followFeed: staff,
} as const satisfies Readonly<Record<string, Policy['allow']>>;

/** The query of the connection URL. Without a token the client is a guest of the key's shop. */
export const ConnectQuery = z.strictObject({
  token: z.string().min(1).max(8192).optional(),
  storefrontKey: z.string().min(1).max(128).optional(),
});

const oneOfThem = 'is required unless "feed" is true, and must be left out then';

const target = {
  orderId: OrderId.optional(),
  /** All orders of the tenant, for staff. */
  feed: z.literal(true, 'must be true, or missing').optional(),
};

type Target = { readonly orderId?: string | undefined; readonly feed?: true | undefined };

const namesOne = ({ orderId, feed }: Target) => (orderId === undefined) !== (feed === undefined);

/** Subscribes to an order, or to all orders of the tenant. */
export const Subscribe = z
  .strictObject({
    action: z.literal('subscribe'),
    ...target,
    /** Gives a guest access to the order. */
    trackingToken: z.string().min(1).max(128).optional(),
    /** The newest version that the client has. The answer has the order only when there is a newer one. */
    sinceVersion: z.int().positive().optional(),
  })
  .refine(namesOne, { path: ['orderId'], error: oneOfThem });
export type Subscribe = z.infer<typeof Subscribe>;

export const Unsubscribe = z
  .strictObject({ action: z.literal('unsubscribe'), ...target })
  .refine(namesOne, { path: ['orderId'], error: oneOfThem });
export type Unsubscribe = z.infer<typeof Unsubscribe>;

/** Keeps an idle connection open. API Gateway closes one after ten minutes without a frame. */
const Ping = z.strictObject({ action: z.literal('ping') });

/** The frames that a client sends. */
export const ClientFrame = z.discriminatedUnion('action', [Subscribe, Unsubscribe, Ping], {
  error: ({ code }) =>
    code === 'invalid_union' ? 'must be subscribe, unsubscribe or ping' : 'must be an object with an "action"',
});
export type ClientFrame = z.infer<typeof ClientFrame>;

/** An order at the time of the answer. */
const OrderState = z.object({
  version: z.int().positive(),
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  stockStatus: StockStatus,
});
export type OrderState = z.infer<typeof OrderState>;

/** The subscription is active. `order` is missing when the client has the newest version already. */
const Subscribed = z.object({ type: z.literal('subscribed'), ...target, order: OrderState.optional() });

const Unsubscribed = z.object({ type: z.literal('unsubscribed'), ...target });

const Pong = z.object({ type: z.literal('pong') });

/**
 * An order changed. Frames may be repeated and arrive in any order: the client ignores one whose `version` is not newer
 * than what it has.
 */
const OrderPush = z.object({
  type: z.literal('order'),
  orderId: OrderId,
  version: z.int().positive(),
  /** The name of the event: `OrderConfirmed`. */
  event: z.string().regex(/^[A-Z]\w+$/),
  at: z.iso.datetime(),
  status: OrderStatus,
  previousStatus: OrderStatus.optional(),
  paymentStatus: PaymentStatus.optional(),
  reason: CancelReason.optional(),
  /** The deadline for the payment. */
  paymentDeadline: z.iso.datetime().optional(),
});
export type OrderPush = z.infer<typeof OrderPush>;

/** An order's payment changed. A separate frame has the order's new status and version. */
const PaymentPush = z.object({
  type: z.literal('payment'),
  orderId: OrderId,
  /** The version of the payment, not of the order. */
  paymentVersion: z.int().positive(),
  /** The name of the event: `PaymentRequested`. */
  event: z.string().regex(/^[A-Z]\w+$/),
  at: z.iso.datetime(),
  deadline: z.iso.datetime().optional(),
  reason: PaymentFailure.optional(),
  /** In minor units of the order's currency. */
  refundedTotal: Amount.optional(),
});
export type PaymentPush = z.infer<typeof PaymentPush>;

/** The reasons to refuse a frame, by the names of the API's problems. */
const liveProblems = [
  'ValidationFailed',
  'MalformedJson',
  'PayloadTooLarge',
  'OrderNotFound',
  'TrackingTokenRequired',
  'Forbidden',
  'InvalidToken',
  'TooManyRequests',
  'TooManySubscriptions',
  'InternalError',
] as const satisfies readonly (ProblemName | 'TooManySubscriptions')[];

/** The answer to a refused frame. After `InvalidToken` the connection closes, and the client needs a new token. */
const LiveError = z.object({
  type: z.literal('error'),
  problem: z.enum(liveProblems),
  detail: z.string(),
  /** The order in the refused frame. */
  orderId: OrderId.optional(),
  errors: z.array(FieldError).optional(),
  /** In seconds, for a client that exceeds the limit. */
  retryAfter: z.int().positive().optional(),
});
export type LiveError = z.infer<typeof LiveError>;

/** The frames that a client receives. */
export const ServerFrame = z.discriminatedUnion('type', [
  Subscribed,
  Unsubscribed,
  Pong,
  OrderPush,
  PaymentPush,
  LiveError,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
