import { createHash } from 'node:crypto';
import { evolve } from '../domain/evolve-payment';
import type { Cause, Payment, Refund } from '../domain/payment';
import {
  capturedTotal,
  captureOf,
  fitRefunds,
  liveRefunds,
  ownCapture,
  refundedTotal,
  refundFact,
  totalsOf,
} from '../domain/payment-sums';
import { isWebhook, noteMismatch } from '../domain/provider-update';
import type { RefundSnapshot } from '../providers/provider';
import { retryRefunds } from './request-refund';

const isSameRefund = ({ externalRefundId }: Refund, update: RefundSnapshot): boolean =>
  externalRefundId === undefined || externalRefundId === update.externalRefundId;

const isSameCapture = ({ externalPaymentId }: Refund, update: RefundSnapshot): boolean =>
  update.externalPaymentId === undefined || update.externalPaymentId === externalPaymentId;

/** Finds a refund by our own ID where the provider names it, otherwise by the provider's ID. */
const find = ({ refunds }: Payment, update: RefundSnapshot): Refund | undefined =>
  refunds.find((refund) => refund.refundId === update.refundId && isSameRefund(refund, update)) ??
  refunds.find((refund) => refund.externalRefundId === update.externalRefundId && isSameCapture(refund, update));

/** Records a refund of another amount than requested. Nothing else changes. */
const mismatch = (payment: Payment, { externalRefundId, amount }: RefundSnapshot, cause: Cause): Payment | undefined =>
  noteMismatch(payment, { externalPaymentId: externalRefundId, amount, currency: payment.currency }, cause);

/** A failure that the provider reported. A refund that it only refused may have been made by an earlier try. */
const isFailedAtProvider = ({ status, externalRefundId }: Refund) =>
  status === 'FAILED' && externalRefundId !== undefined;

/** Returns true for an amount that the provider was asked for: a refund may have been made before it was reduced. */
const isRequestedAmount = ({ amount, requestedAmount = amount }: Refund, update: RefundSnapshot): boolean =>
  update.amount === amount || (requestedAmount !== amount && update.amount <= requestedAmount);

const applyKnownRefund = (
  payment: Payment,
  found: Refund,
  update: RefundSnapshot,
  cause: Cause,
): Payment | undefined => {
  const { externalRefundId, amount } = update;
  const refund = { ...found, externalRefundId, amount };
  if (update.state === 'FAILED')
    return found.status === 'CANCELLED' ? undefined : failed(payment, refund, update.failureReason ?? 'refused', cause);
  if (found.status === 'COMPLETED') return undefined;
  if (update.state === 'COMPLETED') return completed(payment, refund, cause);
  return found.status === 'PROCESSING' ? undefined : processing(payment, refund, cause);
};

/**
 * Applies a refund update. A failure is final, even after completion: the bank may return money. An unknown refund is
 * booked as made elsewhere. A webhook about another amount than is known makes the list be read. Returns undefined when
 * nothing is new.
 */
export const applyRefundUpdate = (payment: Payment, update: RefundSnapshot, cause: Cause): Payment | undefined => {
  const found = find(payment, update);
  if (found === undefined) return applyRefundElsewhere(payment, update, cause);
  if (isFailedAtProvider(found)) return undefined;
  if (!isRequestedAmount(found, update)) return mismatch(payment, update, cause);
  return isWebhook(cause) && update.amount !== found.amount
    ? refundsOutdated(payment, found.externalPaymentId, cause)
    : applyKnownRefund(payment, found, update, cause);
};

/** Applies a refusal. Returns undefined for a refund that the provider has already accepted. */
export const applyRefundRefusal = (
  payment: Payment,
  refundId: string,
  reason: string,
  cause: Cause,
): Payment | undefined => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  return refund?.status === 'PENDING' ? failed(payment, refund, reason, cause) : undefined;
};

/** Replaces a refund in the payment's list, or adds it. */
const withRefund = ({ refunds }: Payment, changed: Refund): readonly Refund[] =>
  refunds.some(({ refundId }) => refundId === changed.refundId)
    ? refunds.map((refund) => (refund.refundId === changed.refundId ? changed : refund))
    : [...refunds, changed];

const statusOf = (payment: Payment) =>
  refundedTotal(payment) >= capturedTotal(payment) ? ('REFUNDED' as const) : ('COMPLETED' as const);

/** Retries what must be refunded, and restores refunds that a failed one made elsewhere had reduced. */
const refundsAfterFailure = (payment: Payment, { madeElsewhere }: Refund, at: Date): readonly Refund[] =>
  retryRefunds(madeElsewhere ? { ...payment, refunds: fitRefunds(payment) } : payment, at);

/** The refund failed: its money belongs to the order again, and a required refund is retried. */
export const failed = (payment: Payment, refund: Refund, reason: string, cause: Cause): Payment => {
  const without = {
    ...payment,
    refunds: withRefund(payment, { ...refund, status: 'FAILED', failureReason: reason, totals: undefined }),
  };
  const fact = { type: 'PaymentRefundFailed', ...refundFact(refund), reason } as const;
  const refunds = refundsAfterFailure(without, refund, cause.at);
  return evolve(payment, { status: statusOf(without), refunds }, fact, cause);
};

/** The refund is completed, whoever made it. Unsent refunds are reduced to what is left. */
export const completed = (payment: Payment, refund: Refund, cause: Cause): Payment => {
  const done: Refund = {
    ...refund,
    status: 'COMPLETED',
    failureReason: undefined,
    processedAt: cause.at.toISOString(),
  };
  const decidedIn = payment.version + 1;
  const totals = { ...totalsOf({ ...payment, refunds: withRefund(payment, done) }), decidedIn };
  const refunds = fitRefunds({ ...payment, refunds: withRefund(payment, { ...done, totals }) });
  const fact = { type: 'PaymentRefunded', ...refundFact(done) } as const;
  return evolve(payment, { status: statusOf({ ...payment, refunds }), refunds }, fact, cause);
};

/** The provider accepted a refund and completes it later. */
const processing = (payment: Payment, refund: Refund, cause: Cause): Payment =>
  evolve(
    payment,
    { refunds: fitRefunds({ ...payment, refunds: withRefund(payment, { ...refund, status: 'PROCESSING' }) }) },
    { type: 'RefundProcessing', note: refund.refundId },
    cause,
  );

const maxIdLength = 100;

/** Returns our ID for a refund or dispute made at the provider. It is deterministic and safe in keys and URLs. */
export const ownIdOf = (prefix: 'EXT' | 'DSP', externalId: string): string =>
  externalId.length <= maxIdLength && /^[A-Za-z0-9._-]+$/.test(externalId)
    ? `${prefix}-${externalId}`
    : `${prefix}-${createHash('sha256').update(externalId).digest('hex')}`;

/**
 * Marks the refunds of a capture as outdated, so that the provider's list is read at once. A webhook marks them anew:
 * a list that is being read may be older than it.
 */
const refundsOutdated = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined => {
  const isMarked = payment.refundsOutdated.includes(externalPaymentId);
  if (isMarked && !isWebhook(cause)) return undefined;
  const changes = isMarked ? {} : { refundsOutdated: [...payment.refundsOutdated, externalPaymentId] };
  return evolve(payment, changes, { type: 'RefundsOutdated', note: externalPaymentId }, cause);
};

const booked = ({ externalRefundId, amount }: RefundSnapshot, externalPaymentId: string, at: Date): Refund => ({
  refundId: ownIdOf('EXT', externalRefundId),
  amount,
  reason: 'Refunded at the provider',
  status: 'PROCESSING',
  externalPaymentId,
  externalRefundId,
  madeElsewhere: true,
  createdAt: at.toISOString(),
});

const maxFailed = 100; // bounds the row

/**
 * Remembers a failed refund, so that an older report of it that arrives later books nothing. The list replaces nothing
 * that is remembered: it would be read for ever when more have failed.
 */
const noteFailed = (payment: Payment, { externalRefundId }: RefundSnapshot, cause: Cause): Payment | undefined => {
  const { failedElsewhere = [], attempts, delayed } = payment;
  if (failedElsewhere.length >= maxFailed && !isWebhook(cause)) return undefined;
  const changes = { failedElsewhere: [...failedElsewhere, externalRefundId].slice(-maxFailed), attempts, delayed };
  return evolve(payment, changes, { type: 'FailureNoted', note: externalRefundId }, cause);
};

/**
 * Books a refund made elsewhere from the provider's list. A webhook only makes the list be read: it may be wrong about
 * the amount, and cannot tell whose the refund is. One that had already failed books nothing; one of an unknown capture
 * is read once the capture is known. Returns undefined when nothing changes.
 */
const applyRefundElsewhere = (payment: Payment, update: RefundSnapshot, cause: Cause): Payment | undefined => {
  const { failedElsewhere = [] } = payment;
  if (update.amount === 0 || failedElsewhere.includes(update.externalRefundId)) return undefined;
  if (update.state === 'FAILED') return noteFailed(payment, update, cause);
  const { externalPaymentId: namedId = ownCapture(payment).externalPaymentId } = update;
  const capture = captureOf(payment, namedId);
  if (capture === undefined || isWebhook(cause))
    return refundsOutdated(payment, capture?.externalPaymentId ?? namedId, cause);
  const refund = booked(update, capture.externalPaymentId, cause.at);
  return update.state === 'COMPLETED' ? completed(payment, refund, cause) : processing(payment, refund, cause);
};

/** What of a capture is refunded or being refunded as far as known, without disputes. */
const knownRefunded = (payment: Payment, externalPaymentId: string): number =>
  liveRefunds(payment)
    .filter((refund) => refund.externalPaymentId === externalPaymentId && refund.disputeId === undefined)
    .reduce((sum, { amount }) => sum + amount, 0);

/** A provider's report of the refunds of one capture: the list, or only the refunded amount. */
export type RefundsUpdate = {
  readonly externalPaymentId: string;
  readonly refundedAmount?: number | undefined;
  readonly refunds?: readonly RefundSnapshot[] | undefined;
};

/** Records that the provider's list has nothing new. Returns undefined when the refunds were not outdated. */
export const refundsRead = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined => {
  const left = payment.refundsOutdated.filter((one) => one !== externalPaymentId);
  if (left.length === payment.refundsOutdated.length) return undefined;
  return evolve(payment, { refundsOutdated: left }, { type: 'RefundsRead', note: externalPaymentId }, cause);
};

/**
 * Each version of a payment publishes one refund: one changed refund is applied, and the rest are read again. Booked
 * ones that failed come first, since what was made elsewhere after them may have needed their money. Failed ones that
 * were never booked come last: they only need to be remembered.
 */
const applyRefundList = (
  payment: Payment,
  externalPaymentId: string,
  list: readonly RefundSnapshot[],
  cause: Cause,
) => {
  const snapshots = list.map((refund) => ({ ...refund, externalPaymentId }));
  const changing = snapshots.filter((refund) => applyRefundUpdate(payment, refund, cause) !== undefined);
  const isFailed = ({ state }: RefundSnapshot) => state === 'FAILED';
  const first =
    changing.find((refund) => isFailed(refund) && find(payment, refund) !== undefined) ??
    changing.find((refund) => !isFailed(refund)) ??
    changing[0];
  if (first === undefined) return undefined;
  const { refundsOutdated: marked } = payment;
  const isMarkDue = changing.length > 1 && !marked.includes(externalPaymentId);
  const rest = isMarkDue ? [...marked, externalPaymentId] : marked;
  return applyRefundUpdate({ ...payment, refundsOutdated: rest }, first, cause);
};

/**
 * Applies a report of a capture's refunds. An amount larger than known makes the list be read. Returns undefined when
 * nothing is new or the capture is unknown.
 */
export const applyRefundsUpdate = (payment: Payment, update: RefundsUpdate, cause: Cause): Payment | undefined => {
  const capture = captureOf(payment, update.externalPaymentId);
  if (capture === undefined) return undefined;
  const { externalPaymentId } = capture;
  const { refunds = [], refundedAmount = 0 } = update;
  const next = applyRefundList(payment, externalPaymentId, refunds, cause);
  if (next !== undefined) return next;
  const isMore = update.refunds === undefined && refundedAmount > knownRefunded(payment, externalPaymentId);
  return isMore ? refundsOutdated(payment, externalPaymentId, cause) : undefined;
};

/**
 * Applies a charge's refunds. Those of an unknown capture are read once it is known. Returns undefined when nothing is
 * new.
 */
export const applyChargeRefunds = (payment: Payment, update: RefundsUpdate, cause: Cause): Payment | undefined => {
  const { externalPaymentId, refundedAmount = 0 } = update;
  const isUnknownCapture = captureOf(payment, externalPaymentId) === undefined && refundedAmount > 0;
  return isUnknownCapture
    ? refundsOutdated(payment, externalPaymentId, cause)
    : applyRefundsUpdate(payment, update, cause);
};
