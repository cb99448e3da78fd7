import * as z from 'zod';
import { Amount } from './money';
import { CancelReason, OrderStatus, PaymentStatus, StockStatus } from './order-status';
import { PaymentFailure } from './payment-status';
import { FieldError, type ProblemName } from './problem';
import type { Policy } from './routes';
import { OrderId } from './text';

/** How large a frame may be, in bytes. */
export const maxFrameBytes = 4096;

/** How many orders and feeds one connection may follow at the same time. */
export const maxSubscriptions = 20;

const staff = { staff: 'tenant', 'tenant-admin': 'tenant' } as const;

/** Who may follow what, as the policy table of the routes says it for requests. */
export const livePolicies = {
  followOrder: { guest: 'own', customer: 'own', ...staff },
  followFeed: staff,
} as const satisfies Readonly<Record<string, Policy['allow']>>;

/** The query of the URL that a connection is made to. Without a token its sender is a guest of the shop of the key. */
export const ConnectQuery = z.strictObject({
  token: z.string().min(1).max(8192).optional(),
  storefrontKey: z.string().min(1).max(128).optional(),
});

const oneOfThem = 'is required unless "feed" is true, and must be left out then';

const target = {
  orderId: OrderId.optional(),
  /** Every order of the tenant: for its staff. */
  feed: z.literal(true, 'must be true, or missing').optional(),
};

type Target = { readonly orderId?: string | undefined; readonly feed?: true | undefined };

const namesOne = ({ orderId, feed }: Target) => (orderId === undefined) !== (feed === undefined);

/** Asks to be told of an order, or of all of the tenant, from now on. */
export const Subscribe = z
  .strictObject({
    action: z.literal('subscribe'),
    ...target,
    /** Opens the order to who has no token that does. */
    trackingToken: z.string().min(1).max(128).optional(),
    /** The newest version that the client knows: the answer holds the order only when there is a newer one. */
    sinceVersion: z.int().positive().optional(),
  })
  .refine(namesOne, { path: ['orderId'], error: oneOfThem });
export type Subscribe = z.infer<typeof Subscribe>;

export const Unsubscribe = z
  .strictObject({ action: z.literal('unsubscribe'), ...target })
  .refine(namesOne, { path: ['orderId'], error: oneOfThem });
export type Unsubscribe = z.infer<typeof Unsubscribe>;

/** Keeps an idle connection open: API Gateway ends one after ten minutes without a frame. */
const Ping = z.strictObject({ action: z.literal('ping') });

/** What a client may send. */
export const ClientFrame = z.discriminatedUnion('action', [Subscribe, Unsubscribe, Ping], {
  error: ({ code }) =>
    code === 'invalid_union' ? 'must be subscribe, unsubscribe or ping' : 'must be an object with an "action"',
});
export type ClientFrame = z.infer<typeof ClientFrame>;

/** An order as it is at the moment of the answer. */
const OrderState = z.object({
  version: z.int().positive(),
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  stockStatus: StockStatus,
});
export type OrderState = z.infer<typeof OrderState>;

/** The order is followed from now on. `order` is missing when the client has the newest version already. */
const Subscribed = z.object({ type: z.literal('subscribed'), ...target, order: OrderState.optional() });

const Unsubscribed = z.object({ type: z.literal('unsubscribed'), ...target });

const Pong = z.object({ type: z.literal('pong') });

/**
 * Something happened to an order. Frames may come twice and in any order: one whose `version` is not above the newest that
 * the client has seen tells nothing new.
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
  /** Until when the customer may pay. */
  paymentDeadline: z.iso.datetime().optional(),
});
export type OrderPush = z.infer<typeof OrderPush>;

/** Something happened to an order's payment. The order follows: its own frame has its status and version. */
const PaymentPush = z.object({
  type: z.literal('payment'),
  orderId: OrderId,
  /** Counts the changes of the payment, not those of the order. */
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

/** Why a frame was refused, by the names that the API's problems have. */
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

/** The answer to a frame that was refused. After `InvalidToken` the connection is closed: connect again with a new token. */
const LiveError = z.object({
  type: z.literal('error'),
  problem: z.enum(liveProblems),
  detail: z.string(),
  /** The order that the refused frame named. */
  orderId: OrderId.optional(),
  errors: z.array(FieldError).optional(),
  /** In seconds, when the client sends too much. */
  retryAfter: z.int().positive().optional(),
});
export type LiveError = z.infer<typeof LiveError>;

/** What a client is sent. */
export const ServerFrame = z.discriminatedUnion('type', [
  Subscribed,
  Unsubscribed,
  Pong,
  OrderPush,
  PaymentPush,
  LiveError,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
