import type {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../../contracts/events/payment-events';
import type { CancelReason, PaymentStatus } from '../../contracts/values/order-status';
import { type Order, transitions } from './order';
import { type ChangeContext, changed, moved } from './order-change';
import { cancelled } from './order-commands';

/** Returns the order with another payment status. */
const withPaymentStatus = (order: Order, paymentStatus: PaymentStatus, context: ChangeContext): Order =>
  changed(
    order,
    { paymentStatus },
    { type: 'OrderPaymentUpdated', previousPaymentStatus: order.paymentStatus },
    context,
  );

const isOwed = ({ total, currency }: Order, { data }: PaymentSucceeded): boolean =>
  data.capturedAmount === total && data.currency === currency;

/**
 * Applies a capture: the order is confirmed; the compensation is its cancellation, which refunds. A capture after the
 * cancellation is recorded, and the order is due until it is refunded. A late capture that comes before the
 * cancellation cancels the order. A capture of another amount is ignored: an alert reports it.
 */
const applyCapture = (order: Order, event: PaymentSucceeded, context: ChangeContext): Order | undefined => {
  const { status, stockStatus, paymentStatus } = order;
  if (!isOwed(order, event)) return undefined;
  if (status === 'CANCELLED' && (paymentStatus === 'WAITING_PAYMENT' || paymentStatus === 'FAILED'))
    return withPaymentStatus(order, 'PAID', context);
  if (status !== 'PENDING' || paymentStatus !== 'WAITING_PAYMENT') return undefined;
  if (event.data.late) return cancelled({ ...order, paymentStatus: 'PAID' }, 'payment-failed', context);
  if (stockStatus !== 'RESERVED') return undefined;
  return moved(order, { status: 'CONFIRMED', paymentStatus: 'PAID' }, 'OrderConfirmed', context);
};

const reasonOf = ({ data }: PaymentFailed): CancelReason =>
  data.reason === 'expired' ? 'payment-expired' : 'payment-failed';

/** Applies a failed payment: the order is cancelled. Once a payment is captured, the event changes nothing. */
const applyFailure = (order: Order, event: PaymentFailed, context: ChangeContext): Order | undefined => {
  if (order.paymentStatus !== 'WAITING_PAYMENT') return undefined;
  const failed = { ...order, paymentStatus: 'FAILED' } as const;
  if (order.status === 'PENDING') return cancelled(failed, reasonOf(event), context);
  return order.status === 'CANCELLED' ? withPaymentStatus(order, 'FAILED', context) : undefined;
};

type RefundEvent = PaymentRefunded | PaymentRefundFailed;

/** Returns the payment version in which a refund was decided. It orders refund events that arrive out of order. */
const decidedIn = ({ id, data }: RefundEvent): number => data.decidedIn ?? Number(id.slice(id.lastIndexOf(':') + 1));

const withRefundVersion = (order: Order, event: RefundEvent): Order => ({
  ...order,
  refundVersion: Math.max(order.refundVersion ?? 0, decidedIn(event)),
});

/** Records the refund version, so that older events that arrive later change nothing. The due time stays. */
const recordRefundVersion = (order: Order, event: RefundEvent, context: ChangeContext): Order =>
  changed(order, { refundVersion: decidedIn(event), dueAt: order.dueAt }, { type: 'RefundNoted' }, context);

/** Applies a full refund to a shipped or ended order: only the payment status changes. */
const refundAfterShipping = (order: Order, event: PaymentRefunded, context: ChangeContext): Order | undefined => {
  const { paymentStatus, refundVersion } = order;
  const isNewer = decidedIn(event) > (refundVersion ?? 0);
  if (paymentStatus !== 'REFUNDED')
    return isNewer ? withPaymentStatus(withRefundVersion(order, event), 'REFUNDED', context) : undefined;
  if (!isNewer || refundVersion === undefined) return undefined; // orders without a refund version need no entry
  return recordRefundVersion(order, event, context);
};

/**
 * Applies a full refund, whoever made it. An order that is not shipped yet is cancelled, which releases the stock and
 * voids the bill; a shipped order keeps its status. A partial refund changes nothing. A replayed event also cancels
 * orders that were refunded before this rule existed. When the refund has failed in the meantime, the
 * cancellation makes payment refund the money.
 */
const applyRefund = (order: Order, event: PaymentRefunded, context: ChangeContext): Order | undefined => {
  const { status, paymentStatus, refundVersion = 0 } = order;
  if (!event.data.fullyRefunded || paymentStatus === 'NOT_REQUIRED') return undefined;
  if (transitions[status].CANCELLED === undefined) return refundAfterShipping(order, event, context);
  const isKept = decidedIn(event) < refundVersion && paymentStatus !== 'REFUNDED';
  return cancelled(
    { ...withRefundVersion(order, event), paymentStatus: isKept ? 'PAID' : 'REFUNDED' },
    'payment-failed',
    context,
  );
};

/**
 * Applies a failed refund or a won dispute: an order that was refunded in full is paid again. An order that has ended
 * is due until that money is refunded.
 */
const applyRefundFailure = (order: Order, event: PaymentRefundFailed, context: ChangeContext): Order | undefined => {
  const { paymentStatus, refundVersion = 0 } = order;
  const { refundedTotal, capturedTotal } = event.data;
  if (paymentStatus === 'NOT_REQUIRED' || refundedTotal >= capturedTotal || decidedIn(event) <= refundVersion)
    return undefined;
  return paymentStatus === 'REFUNDED'
    ? withPaymentStatus(withRefundVersion(order, event), 'PAID', context)
    : recordRefundVersion(order, event, context);
};

/** Applies an event of the payment service. Returns undefined when the event changes nothing. */
export const applyPayment = (
  order: Order,
  event: PaymentSucceeded | PaymentFailed | PaymentRefunded | PaymentRefundFailed,
  context: ChangeContext,
): Order | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return applyCapture(order, event, context);
    case 'PaymentFailed.v1':
      return applyFailure(order, event, context);
    case 'PaymentRefunded.v1':
      return applyRefund(order, event, context);
    case 'PaymentRefundFailed.v1':
      return applyRefundFailure(order, event, context);
  }
};
