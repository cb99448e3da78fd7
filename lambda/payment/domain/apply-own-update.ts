import type { PaymentFailure } from '../../contracts/values/payment-status';
import type { SnapshotState } from '../providers/provider';
import { newRefund } from '../refunds/request-refund';
import { isLostUnbooked } from './apply-dispute';
import { evolve } from './evolve-payment';
import type { Cause, Payment, PaymentFact } from './payment';
import { refundFact } from './payment-sums';
import { isOpen, isOpenAtProvider, isOver, isWebhook, type ProviderUpdate, type Reaction } from './provider-update';

type FactOf<Type extends PaymentFact['type']> = Omit<Extract<PaymentFact, { type: Type }>, 'actor'>;

/** The reason of the automatic refund of a capture after the payment ended. */
const lateReason = 'Paid after the payment was given up';

type Captured = Pick<Payment, 'externalPaymentId' | 'capturedAmount' | 'late' | 'refunds'>;

/** Returns how late the order's own capture was. Older rows lack `late`: their refund has the reason of a late capture. */
const latenessOf = ({ late, externalPaymentId, refunds }: Captured): NonNullable<Payment['late']> => {
  if (late !== undefined) return late;
  const begun = refunds.some((one) => one.reason === lateReason && one.externalPaymentId === externalPaymentId);
  return begun ? 'paid-late' : 'no';
};

/** The fact of the order's own capture. It is the same however often it is published. */
export const succeeded = (payment: Captured): FactOf<'PaymentSucceeded'> => {
  const { externalPaymentId = '', capturedAmount } = payment;
  const lateness = latenessOf(payment);
  const fact = { type: 'PaymentSucceeded', externalPaymentId, capturedAmount, late: lateness !== 'no' } as const;
  return lateness === 'own-capture' ? { ...fact, ownCapture: true } : fact;
};

/** Returns the refund that was completed last. */
const lastRefunded = ({ refunds }: Payment) =>
  refunds
    .filter(({ status }) => status === 'COMPLETED')
    .reduce<Payment['refunds'][number] | undefined>(
      (last, one) => (last !== undefined && (last.processedAt ?? '') > (one.processedAt ?? '') ? last : one),
      undefined,
    );

/** Returns the fact that decided the payment, as first published. Returns undefined while the payment is open. */
export const outcomeOf = (
  payment: Payment,
): FactOf<'PaymentSucceeded'> | FactOf<'PaymentFailed'> | FactOf<'PaymentRefunded'> | undefined => {
  const { status, failure = 'cancelled' } = payment;
  if (status === 'FAILED' || status === 'CANCELLED') return { type: 'PaymentFailed', reason: failure };
  if (status === 'COMPLETED') return succeeded(payment);
  const refunded = lastRefunded(payment);
  if (status !== 'REFUNDED' || refunded === undefined) return undefined;
  return { type: 'PaymentRefunded', ...refundFact(refunded) };
};

/** Returns when the payment's newest fact occurred. A replayed fact keeps its first time. */
export const occurredAt = ({ fact, updatedAt, externalPaymentId, refunds, history }: Payment): string => {
  switch (fact.type) {
    case 'PaymentSucceeded':
      return (
        (fact.externalPaymentId === externalPaymentId
          ? history.find(({ event }) => event === 'PaymentSucceeded')?.at
          : undefined) ?? updatedAt
      );
    case 'PaymentFailed':
      return history.findLast(({ event }) => event === 'PaymentFailed')?.at ?? updatedAt;
    case 'PaymentRefunded':
      return refunds.find(({ refundId }) => refundId === fact.refundId)?.processedAt ?? updatedAt;
    default:
      return updatedAt;
  }
};

const idsOf = (
  payment: Payment,
  { externalPaymentId, paymentIntentId, transactionId, details, checkoutExpiresAt }: ProviderUpdate,
) => ({
  externalPaymentId,
  paymentIntentId: paymentIntentId ?? payment.paymentIntentId,
  transactionId: transactionId ?? payment.transactionId,
  details: details ?? payment.details,
  checkoutExpiresAt: checkoutExpiresAt ?? payment.checkoutExpiresAt,
});

const rank = { UNKNOWN: 0, OPEN: 1, AUTHORIZED: 2, CAPTURED: 3, CLOSED: 3 } as const;

const factOfOpen = { OPEN: 'CheckoutOpened', AUTHORIZED: 'PaymentAuthorized' } as const;

const isDeclinedAnew = ({ providerState, failureReason }: Payment, update: ProviderUpdate): boolean =>
  update.state === 'DECLINED' && update.failureReason !== failureReason && rank[providerState] < rank.AUTHORIZED;

/** Maps an open provider state to the payment's; `DECLINED` counts as open. */
const openStateOf = ({ state }: ProviderUpdate): 'OPEN' | 'AUTHORIZED' =>
  state === 'AUTHORIZED' ? 'AUTHORIZED' : 'OPEN';

/** The checkout is open or authorized. Never moves the provider state backwards. */
const applyOpen: Reaction = (payment, update, cause) => {
  const providerState = openStateOf(update);
  const isFurther = rank[providerState] > rank[payment.providerState];
  if (!isFurther && update.details === undefined) return undefined;
  const changes = { ...idsOf(payment, update), status: 'PROCESSING', ...(isFurther ? { providerState } : {}) } as const;
  return evolve(payment, changes, { type: isFurther ? factOfOpen[providerState] : 'DetailsLearned' }, cause);
};

/** The provider declined a try; the customer may try again. */
const applyDeclined: Reaction = (payment, update, cause) => {
  if (!isDeclinedAnew(payment, update)) return applyOpen(payment, update, cause);
  const { failureReason } = update;
  const changes = { ...idsOf(payment, update), status: 'PROCESSING', providerState: 'OPEN', failureReason } as const;
  return evolve(payment, changes, { type: 'PaymentDeclined', note: failureReason }, cause);
};

/** Open at the provider although the payment has ended here: it must be cancelled there before anybody pays. */
const applyOpenAfterEnd: Reaction = (payment, update, cause) => {
  if (payment.capturedAmount > 0 || isOpenAtProvider(payment)) return undefined;
  const changes = { ...idsOf(payment, update), providerState: openStateOf(update) };
  return evolve(payment, changes, { type: 'CancelRequested' }, cause);
};

/** Only our own request captures an authorized payment. If it met our own cancel, the customer did not pay late. */
const latenessAt = (payment: Payment, { externalPaymentId }: ProviderUpdate): NonNullable<Payment['late']> => {
  if (!payment.cancelRequested && !isOver(payment)) return 'no';
  const isAllowed = payment.providerState === 'AUTHORIZED' && payment.externalPaymentId === externalPaymentId;
  return isAllowed ? 'own-capture' : 'paid-late';
};

/** Returns true when part of it was refunded or lost to a dispute before the capture was known. */
const isPartlyRefunded = (captured: Payment, { externalPaymentId, refundedAmount = 0 }: ProviderUpdate) =>
  refundedAmount > 0 || isLostUnbooked(captured, externalPaymentId);

/** Applies the first capture. A capture after the payment ended is refunded automatically. */
export const applyCaptured: Reaction = (payment, update, cause) => {
  if (payment.capturedAmount > 0) return undefined;
  const lateness = latenessAt(payment, update);
  const late = lateness !== 'no';
  const captured = {
    ...payment,
    ...idsOf(payment, update),
    status: 'COMPLETED',
    providerState: 'CAPTURED',
    capturedAmount: update.amount,
    late: lateness,
    failure: undefined,
    failureReason: undefined,
    cancelRequested: late,
    processedAt: update.at,
  } as const;
  const given = { amount: update.amount, reason: lateReason };
  const refunds = late ? [...payment.refunds, newRefund(captured, given, cause.at)] : payment.refunds;
  const refundsOutdated = isPartlyRefunded(captured, update) ? [update.externalPaymentId] : payment.refundsOutdated;
  return evolve(captured, { refunds, refundsOutdated }, succeeded(captured), cause);
};

const failureOf = ({ cancelRequested, deadline }: Payment, state: SnapshotState, { at }: Cause): PaymentFailure => {
  if (cancelRequested) return 'cancelled';
  if (deadline <= at.toISOString()) return 'expired';
  return state === 'FAILED' ? 'declined' : 'cancelled';
};

/** A webhook may be old or overtaken by a capture, so only a provider's answer sets `CLOSED`. */
const stateAfterEnd = ({ providerState }: Payment, cause: Cause) => {
  if (!isWebhook(cause)) return 'CLOSED';
  return providerState === 'UNKNOWN' ? 'OPEN' : providerState;
};

const applyClosed: Reaction = (payment, { failureReason: note }, cause) =>
  payment.providerState === 'CLOSED' || isWebhook(cause)
    ? undefined
    : evolve(payment, { providerState: 'CLOSED' }, { type: 'CheckoutClosed', note }, cause);

/**
 * The provider will not capture. After a capture this is only noted. A webhook ends the payment here, and the provider
 * is then asked to cancel it, so that a capture after all is refunded.
 */
export const applyEnd: Reaction = (payment, update, cause) => {
  const { failureReason: note } = update;
  if (payment.capturedAmount > 0) return evolve(payment, {}, { type: 'FailureNoted', note }, cause);
  if (isOver(payment)) return applyClosed(payment, update, cause);
  const failure = failureOf(payment, update.state, cause);
  const status = update.state === 'FAILED' ? 'FAILED' : 'CANCELLED';
  const providerState = stateAfterEnd(payment, cause);
  const changes = { ...idsOf(payment, update), status, providerState, failure, failureReason: note } as const;
  return evolve(payment, changes, { type: 'PaymentFailed', reason: failure, note }, cause);
};

const reactions: Readonly<Record<SnapshotState, Reaction>> = {
  OPEN: applyOpen,
  AUTHORIZED: applyOpen,
  DECLINED: applyDeclined,
  CAPTURED: applyCaptured,
  FAILED: applyEnd,
  CANCELLED: applyEnd,
};

/** Applies an update of the payment's own provider payment. */
export const applyOwnUpdate: Reaction = (payment, update, cause) =>
  isOver(payment) && isOpen(update.state)
    ? applyOpenAfterEnd(payment, update, cause)
    : reactions[update.state](payment, update, cause);
