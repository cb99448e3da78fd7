import type { CancelReason, PaymentStatus } from '../contracts/order-status';
import type {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../contracts/payment-events';
import type { Order } from './order';
import { type Asked, changed, moved } from './order-change';
import { cancelled } from './order-commands';
import { transitions } from './order-transitions';

/** The order with its payment somewhere else, and nothing else changed. */
const updated = (order: Order, paymentStatus: PaymentStatus, asked: Asked): Order =>
  changed(order, { paymentStatus }, { type: 'OrderPaymentUpdated', previousPaymentStatus: order.paymentStatus }, asked);

const isOwed = ({ total, currency }: Order, { data }: PaymentSucceeded): boolean =>
  data.capturedAmount === total && data.currency === currency;

/**
 * Captured: the order is confirmed; its undo is the cancellation, which refunds. What comes too late for that is noted,
 * and waited for until it is given back; told first, it ends the order. Another sum than the order's is none of its
 * payments: the alerts tell of it.
 */
const pay = (order: Order, event: PaymentSucceeded, asked: Asked): Order | undefined => {
  const { status, stockStatus, paymentStatus } = order;
  if (!isOwed(order, event)) return undefined;
  if (status === 'CANCELLED' && (paymentStatus === 'WAITING_PAYMENT' || paymentStatus === 'FAILED'))
    return updated(order, 'PAID', asked);
  if (status !== 'PENDING' || paymentStatus !== 'WAITING_PAYMENT') return undefined;
  if (event.data.late) return cancelled({ ...order, paymentStatus: 'PAID' }, 'payment-failed', asked);
  if (stockStatus !== 'RESERVED') return undefined;
  return moved(order, { status: 'CONFIRMED', paymentStatus: 'PAID' }, 'OrderConfirmed', asked);
};

const reasonOf = ({ data }: PaymentFailed): CancelReason =>
  data.reason === 'expired' ? 'payment-expired' : 'payment-failed';

/** Nothing was captured: the order ends. After a payment that stands, it changes nothing. */
const fail = (order: Order, event: PaymentFailed, asked: Asked): Order | undefined => {
  if (order.paymentStatus !== 'WAITING_PAYMENT') return undefined;
  const failed = { ...order, paymentStatus: 'FAILED' } as const;
  if (order.status === 'PENDING') return cancelled(failed, reasonOf(event), asked);
  return order.status === 'CANCELLED' ? updated(order, 'FAILED', asked) : undefined;
};

type RefundWord = PaymentRefunded | PaymentRefundFailed;

/** The version of the payment with which a refund was decided: the order in which refunds happened. */
const decidedIn = ({ id, data }: RefundWord): number => data.decidedIn ?? Number(id.slice(id.lastIndexOf(':') + 1));

const heard = (order: Order, event: RefundWord): Order => ({
  ...order,
  refundVersion: Math.max(order.refundVersion ?? 0, decidedIn(event)),
});

/** Noted, so that what happened before it and is heard later changes nothing. Whatever is waited for is so as long. */
const noted = (order: Order, event: RefundWord, asked: Asked): Order =>
  changed(order, { refundVersion: decidedIn(event), dueAt: order.dueAt }, { type: 'RefundNoted' }, asked);

/** What is shipped, or has ended, stays so: its payment is somewhere else. */
const refundEnded = (order: Order, event: PaymentRefunded, asked: Asked): Order | undefined => {
  const { paymentStatus, refundVersion } = order;
  const isNews = decidedIn(event) > (refundVersion ?? 0);
  if (paymentStatus !== 'REFUNDED') return isNews ? updated(heard(order, event), 'REFUNDED', asked) : undefined;
  return isNews && refundVersion !== undefined ? noted(order, event, asked) : undefined; // an order from before says enough
};

/**
 * All of it is refunded, whoever refunded it. An order that is not shipped yet is cancelled: its undo releases the stock and
 * voids the bill. What is shipped stays so. A part of the payment changes nothing: the order stays paid. Told again, it ends
 * what was refunded before orders ended by it. Where the refund has failed since, the cancellation gives the money back.
 */
const refund = (order: Order, event: PaymentRefunded, asked: Asked): Order | undefined => {
  const { status, paymentStatus, refundVersion = 0 } = order;
  if (!event.data.fullyRefunded || paymentStatus === 'NOT_REQUIRED') return undefined;
  if (transitions[status].CANCELLED === undefined) return refundEnded(order, event, asked);
  const isKept = decidedIn(event) < refundVersion && paymentStatus !== 'REFUNDED';
  return cancelled({ ...heard(order, event), paymentStatus: isKept ? 'PAID' : 'REFUNDED' }, 'payment-failed', asked);
};

/**
 * A refund failed after all, or a dispute was won: the shop has money of an order that was refunded in full, which is paid
 * again. One that has ended is due until that money is given back.
 */
const keepAgain = (order: Order, event: PaymentRefundFailed, asked: Asked): Order | undefined => {
  const { paymentStatus, refundVersion = 0 } = order;
  const { refundedTotal, capturedTotal } = event.data;
  if (paymentStatus === 'NOT_REQUIRED' || refundedTotal >= capturedTotal || decidedIn(event) <= refundVersion)
    return undefined;
  return paymentStatus === 'REFUNDED' ? updated(heard(order, event), 'PAID', asked) : noted(order, event, asked);
};

/** What the payment service says of an order's payment. */
export const notePayment = (
  order: Order,
  event: PaymentSucceeded | PaymentFailed | PaymentRefunded | PaymentRefundFailed,
  asked: Asked,
): Order | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return pay(order, event, asked);
    case 'PaymentFailed.v1':
      return fail(order, event, asked);
    case 'PaymentRefunded.v1':
      return refund(order, event, asked);
    case 'PaymentRefundFailed.v1':
      return keepAgain(order, event, asked);
  }
};
