import type { PlaceOrderRequest } from '../contracts/order-api';
import type { OrderLine } from '../contracts/order-events';
import type { CancelReason, Locale, OrderStatus, PaymentStatus, StockStatus } from '../contracts/order-status';
import type { PaymentMethod } from '../contracts/payment-status';
import type { Tenant } from '../kernel/tenant';

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
export type Patience = {
  /** For the inventory's answer, before the event is published again. */
  readonly answerSeconds: number;
  /** For a restock, before a backordered order is cancelled. 0 is not at all: what is short is cancelled at once. */
  readonly backorderSeconds: number;
  /** For the customer's payment, once the stock is reserved, before the order is cancelled. */
  readonly paymentSeconds: number;
};

export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();
