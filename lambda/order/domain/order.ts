import type { PlaceOrderRequest } from '../../contracts/order-api';
import type { OrderLine } from '../../contracts/order-events';
import type { CancelReason, Locale, OrderStatus, PaymentStatus, StockStatus } from '../../contracts/order-status';
import type { PaymentMethod } from '../../contracts/payment-status';
import type { Tenant } from '../../kernel/tenant';

/** What a fact came of: the event that was heard, or who asked for it and from where. */
export type FactOrigin = {
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly actor?: string | undefined;
  readonly network?: string | undefined;
};

/** The thing that just happened to an order; the relay makes the event of it. */
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
  // for the history alone: inventory and payment know them already
  | { readonly type: 'StockReleased' }
  | { readonly type: 'StockDeducted' }
  | { readonly type: 'RefundNoted' }
) &
  FactOrigin;

export type HistoryEntry = {
  readonly at: string;
  readonly event: OrderFact['type'];
  readonly status: OrderStatus;
  readonly stockStatus: StockStatus;
  /** @default 'NOT_REQUIRED' */
  readonly paymentStatus?: PaymentStatus | undefined;
  /** The event that it came of. In orders from before payments, or who asked for it. */
  readonly cause?: string | undefined;
} & Pick<FactOrigin, 'actor' | 'network'>;

/** An order as the order service keeps it. Amounts are minor units of `currency`. */
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
  /** The user whose order it is, verified by a token. A guest's order has none, whatever it says of its customer. */
  readonly ownerId?: string | undefined;
  readonly customerEmail: string;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
  readonly shippingAddress?: PlaceOrderRequest['shippingAddress'];
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The version of the payment whose word of a refund in full, or of one that failed, was the newest that was heard. */
  readonly refundVersion?: number | undefined;
  /** Until when the customer may pay; missing until that is asked for. */
  readonly paymentDeadline?: string | undefined;
  readonly cancelReason?: CancelReason | undefined;
  readonly trackingTokenHash: string;
  readonly correlationId: string;
  readonly shippedAt?: string;
  readonly deliveredAt?: string;
  /** When the sweep looks at it again; missing once nothing more is waited for. */
  readonly dueAt?: string | undefined;
  /** How often the sweep has asked for what is waited for. @default 0 */
  readonly dueAttempts?: number | undefined;
  readonly fact: OrderFact;
  readonly history: readonly HistoryEntry[];
};

/** What names one order in the whole system. */
export type OrderKey = Pick<Order, 'tenant' | 'orderId'>;

/** How long the order service waits before it acts by itself, in seconds. Asked in vain, it waits longer each time. */
export type Timeouts = {
  /** For the inventory's answer, before the event is published again. */
  readonly answerSeconds: number;
  /** For a restock, before a backordered order is cancelled. 0 is not at all: what is short is cancelled at once. */
  readonly backorderSeconds: number;
  /** For the customer's payment, once the stock is reserved, before the order is cancelled. */
  readonly paymentSeconds: number;
};

export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

type Step = {
  /** What has happened once the order has made the step. */
  readonly fact: Exclude<
    Extract<OrderFact, { previousStatus: OrderStatus }>['type'],
    'OrderBackordered' | 'OrderAwaitingPayment'
  >;
  /** What the inventory must hold before. */
  readonly needs?: StockStatus;
  /** When the order must be paid, where it must be at all: at the step, or when it was shipped. @default never */
  readonly paid?: 'now' | 'when-shipped';
  /** The status that gives back what the step has taken; `never` when it has taken nothing, or gives back itself. */
  readonly undo: OrderStatus | 'never';
  /** Nobody makes the step by hand: it follows from something else. @default false */
  readonly byItself?: true;
};

const confirmed: Step = { fact: 'OrderConfirmed', needs: 'RESERVED', paid: 'now', undo: 'CANCELLED' };
const processing: Step = { fact: 'OrderProcessing', needs: 'RESERVED', paid: 'now', undo: 'CANCELLED' };
const shipped: Step = { fact: 'OrderShipped', needs: 'RESERVED', paid: 'now', undo: 'RETURNED' };
const delivered: Step = { fact: 'OrderDelivered', paid: 'when-shipped', undo: 'RETURNED' };
const returned: Step = { fact: 'OrderReturned', undo: 'never', byItself: true };
const cancelled: Step = { fact: 'OrderCancelled', undo: 'never' };

/** Where an order may go from each status. What is not here cannot happen. */
export const transitions: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderStatus, Step>>>>> = {
  PENDING: { CONFIRMED: confirmed, CANCELLED: cancelled },
  CONFIRMED: { PROCESSING: processing, CANCELLED: cancelled },
  PROCESSING: { SHIPPED: shipped, CANCELLED: cancelled },
  SHIPPED: { DELIVERED: delivered },
  DELIVERED: { RETURNED: returned },
  CANCELLED: {},
  RETURNED: {},
};

/** Whether the order may be confirmed as far as money goes. */
export const isPaidFor = ({ paymentStatus = 'NOT_REQUIRED' }: Partial<Pick<Order, 'paymentStatus'>>): boolean =>
  paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

/** A parcel that was paid for when it left arrives, whatever is refunded on its way. */
const wasPaidWhenShipped = ({ history }: Order): boolean => {
  const shipping = history.find(({ event }) => event === 'OrderShipped');
  return shipping !== undefined && isPaidFor(shipping);
};

/** Whether an order lacks the payment that a step needs. */
export const lacksPayment = (order: Order, { paid }: Pick<Step, 'paid'>): boolean => {
  if (paid === undefined || isPaidFor(order)) return false;
  return paid === 'now' || !wasPaidWhenShipped(order);
};

/** Whether the order is about to be packed or shipped, and had to be paid first. */
export const givesPaidGoods = (before: Order, { status }: Pick<Order, 'status'>): boolean =>
  before.paymentStatus !== 'NOT_REQUIRED' && transitions[before.status][status]?.paid === 'now';

/** Whether the order was cancelled since its payment was refunded in full. */
export const isEndedByRefund = ({ status, paymentStatus, cancelReason }: Order): boolean =>
  status === 'CANCELLED' && paymentStatus === 'REFUNDED' && cancelReason === 'payment-failed';

/** What the inventory owes an order in each status: the order is due until it has answered. */
export const awaits: Readonly<Record<OrderStatus, StockStatus | 'nothing'>> = {
  PENDING: 'RESERVED',
  CONFIRMED: 'nothing',
  PROCESSING: 'nothing',
  SHIPPED: 'DEDUCTED',
  DELIVERED: 'DEDUCTED',
  CANCELLED: 'RELEASED',
  RETURNED: 'DEDUCTED',
};

/**
 * Where the payment of an order that is undone must come to: what was captured is given back, and what was not never will
 * be. The payment service is asked until it has said so.
 */
const settled: readonly PaymentStatus[] = ['NOT_REQUIRED', 'FAILED', 'REFUNDED'];
const undone: readonly OrderStatus[] = ['CANCELLED', 'RETURNED'];

type State = Pick<Order, 'status' | 'stockStatus' | 'paymentStatus'>;

/** Whether the inventory has answered what the order's status asks of it. */
export const isStockAnswered = ({ status, stockStatus }: State): boolean =>
  awaits[status] === 'nothing' || awaits[status] === stockStatus;

/** Whether the payment service has: before the order is confirmed, and after it is undone. */
export const isPaymentAnswered = ({ status, paymentStatus }: State): boolean => {
  if (undone.includes(status)) return settled.includes(paymentStatus);
  return status !== 'PENDING' || isPaidFor({ paymentStatus });
};

/** Whether nothing more is waited for. */
export const isAnswered = (order: State): boolean => isStockAnswered(order) && isPaymentAnswered(order);
