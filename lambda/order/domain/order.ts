import type { OrderLine } from '../../contracts/events/order-events';
import type {
  CancelReason,
  Locale,
  OrderStatus,
  PaymentStatus,
  StockStatus,
} from '../../contracts/values/order-status';
import type { PaymentMethod } from '../../contracts/values/payment-status';
import type { Sealed } from '../../contracts/values/sealed';
import type { Tenant } from '../../kernel/tenant';

/** The origin of a fact: the event that caused it, or the actor and their network. */
export type FactOrigin = {
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly actor?: string | undefined;
  readonly network?: string | undefined;
};

/** The newest change of an order. The relay publishes it as an event. */
export type OrderFact = (
  | { readonly type: 'OrderPlaced' }
  | { readonly type: 'OrderConfirmed'; readonly previousStatus: OrderStatus }
  | { readonly type: 'OrderBackordered'; readonly previousStatus: OrderStatus; readonly deadline: string }
  | { readonly type: 'OrderAwaitingPayment'; readonly previousStatus: OrderStatus; readonly deadline: string }
  | { readonly type: 'OrderPaymentUpdated'; readonly previousPaymentStatus: PaymentStatus }
  | { readonly type: 'OrderCancelled'; readonly previousStatus: OrderStatus; readonly reason: CancelReason }
  | { readonly type: 'OrderProcessing'; readonly previousStatus: OrderStatus }
  | { readonly type: 'OrderShipped'; readonly previousStatus: OrderStatus }
  | { readonly type: 'OrderDelivered'; readonly previousStatus: OrderStatus }
  | { readonly type: 'OrderReturned'; readonly previousStatus: OrderStatus }
  // only for the history: they are not published
  | { readonly type: 'StockReleased' }
  | { readonly type: 'StockDeducted' }
  | { readonly type: 'RefundNoted' }
) &
  FactOrigin;

type HistoryEntry = {
  readonly at: string;
  readonly event: OrderFact['type'];
  readonly status: OrderStatus;
  readonly stockStatus: StockStatus;
  /** @default 'NOT_REQUIRED' */
  readonly paymentStatus?: PaymentStatus | undefined;
  /** The ID of the event that caused it. In orders from before payments it may be the actor. */
  readonly cause?: string | undefined;
} & Pick<FactOrigin, 'actor' | 'network'>;

/** An order. Amounts are in minor units of `currency`. */
export type Order = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly stockStatus: StockStatus;
  readonly customerId?: string | undefined;
  /** The owner, verified by a token. A guest's order has none, even if it has a `customerId`. */
  readonly ownerId?: string | undefined;
  /** Sealed, for the subject `order~<order ID>`, like the address. */
  readonly customerEmail: Sealed;
  /** The keyed hash of a guest's normalised address, until it is erased. Orders with an owner have none. */
  readonly contact?: string | undefined;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
  /** The JSON of an address. */
  readonly shippingAddress?: Sealed | undefined;
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The newest payment version from which a full or failed refund was applied. */
  readonly refundVersion?: number | undefined;
  /** Until when the customer may pay. It is set when the stock is reserved. */
  readonly paymentDeadline?: string | undefined;
  readonly cancelReason?: CancelReason | undefined;
  readonly trackingTokenHash: string;
  readonly correlationId: string;
  readonly shippedAt?: string;
  readonly deliveredAt?: string;
  /** When the sweep reads the order again. It is undefined once no answer is outstanding. */
  readonly dueAt?: string | undefined;
  /** How often the sweep has published the outstanding events again. @default 0 */
  readonly dueAttempts?: number | undefined;
  readonly fact: OrderFact;
  readonly history: readonly HistoryEntry[];
};

/** Identifies one order in the whole system. */
export type OrderKey = Pick<Order, 'tenant' | 'orderId'>;

/** The timeouts of an order, in seconds. */
export type Timeouts = {
  /** Until an unanswered event is published again. The wait doubles with each attempt. */
  readonly answerSeconds: number;
  /** Until a backordered order is cancelled. With 0, an order that is short of stock is cancelled at once. */
  readonly backorderSeconds: number;
  /** From the reservation of the stock until an unpaid order is cancelled. */
  readonly paymentSeconds: number;
};

export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

type Step = {
  /** The fact that the step records. */
  readonly fact: Exclude<
    Extract<OrderFact, { previousStatus: OrderStatus }>['type'],
    'OrderBackordered' | 'OrderAwaitingPayment'
  >;
  /** The stock status that the step requires. @default any */
  readonly needs?: StockStatus;
  /** When an order that needs payment must have been paid: at the step, or when it was shipped. @default never */
  readonly paid?: 'now' | 'when-shipped';
  /** The status that compensates the step. `never` when the step takes nothing or is itself a compensation. */
  readonly compensation: OrderStatus | 'never';
  /** Whether only an event makes the step, never a request. @default false */
  readonly automatic?: true;
};

const confirmed: Step = { fact: 'OrderConfirmed', needs: 'RESERVED', paid: 'now', compensation: 'CANCELLED' };
const processing: Step = { fact: 'OrderProcessing', needs: 'RESERVED', paid: 'now', compensation: 'CANCELLED' };
const shipped: Step = { fact: 'OrderShipped', needs: 'RESERVED', paid: 'now', compensation: 'RETURNED' };
const delivered: Step = { fact: 'OrderDelivered', paid: 'when-shipped', compensation: 'RETURNED' };
const returned: Step = { fact: 'OrderReturned', compensation: 'never', automatic: true };
const cancelled: Step = { fact: 'OrderCancelled', compensation: 'never' };

/** The allowed transitions from each status. */
export const transitions: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderStatus, Step>>>>> = {
  PENDING: { CONFIRMED: confirmed, CANCELLED: cancelled },
  CONFIRMED: { PROCESSING: processing, CANCELLED: cancelled },
  PROCESSING: { SHIPPED: shipped, CANCELLED: cancelled },
  SHIPPED: { DELIVERED: delivered },
  DELIVERED: { RETURNED: returned },
  CANCELLED: {},
  RETURNED: {},
};

/** Returns whether the order is paid or needs no payment. */
export const isPaidFor = ({ paymentStatus = 'NOT_REQUIRED' }: Partial<Pick<Order, 'paymentStatus'>>): boolean =>
  paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

// a later refund does not stop the delivery of a parcel that was paid when it was shipped
const wasPaidWhenShipped = ({ history }: Order): boolean => {
  const shipping = history.find(({ event }) => event === 'OrderShipped');
  return shipping !== undefined && isPaidFor(shipping);
};

/** Returns whether the order lacks the payment that a step requires. */
export const lacksPayment = (order: Order, { paid }: Pick<Step, 'paid'>): boolean => {
  if (paid === undefined || isPaidFor(order)) return false;
  return paid === 'now' || !wasPaidWhenShipped(order);
};

/** Returns whether a transition packs or ships an order that must be paid first. */
export const givesPaidGoods = (before: Order, { status }: Pick<Order, 'status'>): boolean =>
  before.paymentStatus !== 'NOT_REQUIRED' && transitions[before.status][status]?.paid === 'now';

/** Returns whether the order was cancelled because its payment was refunded in full. */
export const isEndedByRefund = ({ status, paymentStatus, cancelReason }: Order): boolean =>
  status === 'CANCELLED' && paymentStatus === 'REFUNDED' && cancelReason === 'payment-failed';

/** The stock status that each status expects. The order is due until inventory has reported it. */
export const expectedStock: Readonly<Record<OrderStatus, StockStatus | 'nothing'>> = {
  PENDING: 'RESERVED',
  CONFIRMED: 'nothing',
  PROCESSING: 'nothing',
  SHIPPED: 'DEDUCTED',
  DELIVERED: 'DEDUCTED',
  CANCELLED: 'RELEASED',
  RETURNED: 'DEDUCTED',
};

/**
 * The final payment statuses of a cancelled or returned order: its money is refunded, or will never be captured. The
 * order is due until payment has reported one of them.
 */
const finalPayments: readonly PaymentStatus[] = ['NOT_REQUIRED', 'FAILED', 'REFUNDED'];
const compensated: readonly OrderStatus[] = ['CANCELLED', 'RETURNED'];

type State = Pick<Order, 'status' | 'stockStatus' | 'paymentStatus'>;

/** Returns whether inventory has answered for the order's status. */
export const isStockAnswered = ({ status, stockStatus }: State): boolean =>
  expectedStock[status] === 'nothing' || expectedStock[status] === stockStatus;

/** Returns whether payment has answered, both for a pending order and for a cancelled or returned one. */
export const isPaymentAnswered = ({ status, paymentStatus }: State): boolean => {
  if (compensated.includes(status)) return finalPayments.includes(paymentStatus);
  return status !== 'PENDING' || isPaidFor({ paymentStatus });
};

/** Returns whether no answer is outstanding. */
export const isAnswered = (order: State): boolean => isStockAnswered(order) && isPaymentAnswered(order);

const ended: readonly OrderStatus[] = ['DELIVERED', 'CANCELLED', 'RETURNED'];

/** Returns whether the order is delivered, cancelled or returned, and no answer is outstanding. */
export const isEnded = (order: State): boolean => ended.includes(order.status) && isAnswered(order);
