import * as z from 'zod';
import { Amount, Currency } from '../values/money';
import { CancelReason, Locale, OrderStatus, PaymentStatus } from '../values/order-status';
import { PaymentMethod } from '../values/payment-status';
import { sealed } from '../values/sealed';
import { CustomerId, OrderId, ProductId, recordedLine } from '../values/text';
import { defineEvent } from './event';

/** One product of an order, with the price at purchase. `taxRateBps` is in basis points: 1000 is 10 %. */
export const OrderLine = z.object({
  productId: ProductId,
  name: recordedLine(200),
  quantity: z.int().positive(),
  unitPrice: Amount,
  lineTotal: Amount,
  taxRateBps: z.int().min(0).max(10_000),
});
export type OrderLine = z.infer<typeof OrderLine>;

const sum = (lines: readonly { lineTotal: number }[]) => lines.reduce((total, { lineTotal }) => total + lineTotal, 0);

/** The fields of every order event. Amounts are in minor units of `currency`. */
const OrderSummary = z.object({
  orderId: OrderId,
  customerId: CustomerId.optional(),
  customerEmail: sealed('contact'),
  locale: Locale,
  currency: Currency,
  lines: z.array(OrderLine).min(1),
  subtotal: Amount,
  tax: Amount,
  total: Amount,
  placedAt: z.iso.datetime(),
  status: OrderStatus,
  /** Missing in events from before payments existed. */
  paymentStatus: PaymentStatus.optional(),
  paymentMethod: PaymentMethod.optional(),
  /** The user who placed it, verified by a token. Missing for guests. */
  userId: CustomerId.optional(),
});

const addsUp = (order: z.infer<typeof OrderSummary>) =>
  order.lines.every(({ unitPrice, quantity, lineTotal }) => unitPrice * quantity === lineTotal) &&
  sum(order.lines) === order.subtotal &&
  order.subtotal + order.tax === order.total;

const notBalanced = 'lines and tax must add up to the total';

/** The order is stored with a fixed price. Nothing is charged or reserved yet. */
export const OrderPlaced = defineEvent('OrderPlaced.v2', OrderSummary.refine(addsUp, notBalanced));
export type OrderPlaced = z.infer<typeof OrderPlaced>;

/** The stock is reserved and any required payment is made. */
export const OrderConfirmed = defineEvent('OrderConfirmed.v2', OrderSummary.extend({ previousStatus: OrderStatus }));
export type OrderConfirmed = z.infer<typeof OrderConfirmed>;

/** Stock is short. The order waits for a restock until `deadline`. */
export const OrderBackordered = defineEvent(
  'OrderBackordered.v2',
  OrderSummary.extend({ previousStatus: OrderStatus, deadline: z.iso.datetime() }),
);
export type OrderBackordered = z.infer<typeof OrderBackordered>;

/** The stock is reserved for the customer, who may pay until `paymentDeadline`. */
export const OrderAwaitingPayment = defineEvent(
  'OrderAwaitingPayment.v2',
  OrderSummary.extend({
    previousStatus: OrderStatus,
    paymentMethod: PaymentMethod,
    paymentDeadline: z.iso.datetime(),
  }),
);
export type OrderAwaitingPayment = z.infer<typeof OrderAwaitingPayment>;

/** Only the payment status changed: by a late payment, a refund, or the end of a failed refund. */
export const OrderPaymentUpdated = defineEvent(
  'OrderPaymentUpdated.v2',
  OrderSummary.extend({ paymentStatus: PaymentStatus, previousPaymentStatus: PaymentStatus }),
);
export type OrderPaymentUpdated = z.infer<typeof OrderPaymentUpdated>;

/** The order was cancelled before shipping. Its stock and money must be released and refunded. */
export const OrderCancelled = defineEvent(
  'OrderCancelled.v2',
  OrderSummary.extend({ previousStatus: OrderStatus, reason: CancelReason }),
);
export type OrderCancelled = z.infer<typeof OrderCancelled>;

/** The shop has begun to pack the order. */
export const OrderProcessing = defineEvent('OrderProcessing.v2', OrderSummary.extend({ previousStatus: OrderStatus }));
export type OrderProcessing = z.infer<typeof OrderProcessing>;

/** The order has left the warehouse. Its stock must be deducted. */
export const OrderShipped = defineEvent(
  'OrderShipped.v2',
  OrderSummary.extend({ previousStatus: OrderStatus, shippedAt: z.iso.datetime() }),
);
export type OrderShipped = z.infer<typeof OrderShipped>;

/** The customer has the goods. */
export const OrderDelivered = defineEvent(
  'OrderDelivered.v2',
  OrderSummary.extend({
    previousStatus: OrderStatus,
    shippedAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime(),
  }),
);
export type OrderDelivered = z.infer<typeof OrderDelivered>;

/** All goods of the order were returned. */
export const OrderReturned = defineEvent('OrderReturned.v2', OrderSummary.extend({ previousStatus: OrderStatus }));
export type OrderReturned = z.infer<typeof OrderReturned>;

/** The order is delivered and the sale complete. `userId` is missing for guests. Amounts are in minor units. */
export const OrderCompleted = defineEvent(
  'OrderCompleted.v1',
  z.object({
    orderId: OrderId,
    userId: CustomerId.optional(),
    items: z.array(OrderLine).min(1),
    totalAmount: Amount,
    currency: Currency,
  }),
);
export type OrderCompleted = z.infer<typeof OrderCompleted>;

export type OrderEvent =
  | OrderPlaced
  | OrderConfirmed
  | OrderBackordered
  | OrderAwaitingPayment
  | OrderPaymentUpdated
  | OrderCancelled
  | OrderProcessing
  | OrderShipped
  | OrderDelivered
  | OrderCompleted
  | OrderReturned;
