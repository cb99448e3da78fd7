import { createHash } from 'node:crypto';
import { type Cause, evolve, type Payment, type Refund } from '../domain/payment';
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

/** By our own ID of it where the provider tells that, and else by the provider's. */
const find = ({ refunds }: Payment, update: RefundSnapshot): Refund | undefined =>
  refunds.find((refund) => refund.refundId === update.refundId && isSameRefund(refund, update)) ??
  refunds.find((refund) => refund.externalRefundId === update.externalRefundId && isSameCapture(refund, update));

/** The provider gives back another amount than it was asked to. Told once; nothing else changes. */
const mismatch = (payment: Payment, { externalRefundId, amount }: RefundSnapshot, cause: Cause): Payment | undefined =>
  noteMismatch(payment, { externalPaymentId: externalRefundId, amount, currency: payment.currency }, cause);

/** A failure that the provider itself has told: one that it only refused to make may have been made by an earlier try. */
const isFailedThere = ({ status, externalRefundId }: Refund) => status === 'FAILED' && externalRefundId !== undefined;

/** Whether the provider was once asked for this amount: a refund may have been made before it was reduced. */
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
 * What a provider's word makes of a refund. A failure is final, even of one that was done: the bank may send money back.
 * One that nobody here asked for is booked as made elsewhere. Returns undefined when it is known already.
 */
export const applyRefundUpdate = (payment: Payment, update: RefundSnapshot, cause: Cause): Payment | undefined => {
  const found = find(payment, update);
  if (found === undefined) return applyRefundElsewhere(payment, update, cause);
  if (isFailedThere(found)) return undefined;
  return isRequestedAmount(found, update)
    ? applyKnownRefund(payment, found, update, cause)
    : mismatch(payment, update, cause);
};

/** The provider refuses to give back. What it has taken on is not made undone by a later refusal. */
export const applyRefundRefusal = (
  payment: Payment,
  refundId: string,
  reason: string,
  cause: Cause,
): Payment | undefined => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  return refund?.status === 'PENDING' ? failed(payment, refund, reason, cause) : undefined;
};

/** The payment's refunds with the one that changed, or with a new one. */
export const withRefund = ({ refunds }: Payment, changed: Refund): readonly Refund[] =>
  refunds.some(({ refundId }) => refundId === changed.refundId)
    ? refunds.map((refund) => (refund.refundId === changed.refundId ? changed : refund))
    : [...refunds, changed];

const statusOf = (payment: Payment) =>
  refundedTotal(payment) >= capturedTotal(payment) ? ('REFUNDED' as const) : ('COMPLETED' as const);

/** What is asked back anew: what nobody may keep, and what somebody else did not give back after all. */
const refundsAfterFailure = (payment: Payment, { madeElsewhere }: Refund, at: Date): readonly Refund[] =>
  retryRefunds(madeElsewhere ? { ...payment, refunds: fitRefunds(payment) } : payment, at);

/** Money that does not go back after all is the order's again; what was taken twice is asked back anew. */
export const failed = (payment: Payment, refund: Refund, reason: string, cause: Cause): Payment => {
  const without = {
    ...payment,
    refunds: withRefund(payment, { ...refund, status: 'FAILED', failureReason: reason, totals: undefined }),
  };
  const fact = { type: 'PaymentRefundFailed', ...refundFact(refund), reason } as const;
  const refunds = refundsAfterFailure(without, refund, cause.at);
  return evolve(payment, { status: statusOf(without), refunds }, fact, cause);
};

/** Money that has gone back, whoever gave it: what is still to be asked for takes no more than is left. */
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

/** The provider has taken a refund on, and gives it back later. */
export const processing = (payment: Payment, refund: Refund, cause: Cause): Payment =>
  evolve(
    payment,
    { refunds: fitRefunds({ ...payment, refunds: withRefund(payment, { ...refund, status: 'PROCESSING' }) }) },
    { type: 'RefundProcessing', note: refund.refundId },
    cause,
  );

const longestId = 100;

/** An ID of our own for what the provider alone has named: the same for the same, and safe wherever IDs stand. */
export const ownIdOf = (prefix: 'EXT' | 'DSP', externalId: string): string =>
  externalId.length <= longestId && /^[A-Za-z0-9._-]+$/.test(externalId)
    ? `${prefix}-${externalId}`
    : `${prefix}-${createHash('sha256').update(externalId).digest('hex')}`;

/** Marks the refunds of a capture as outdated: the provider is asked for all of them at once. */
export const refundsOutdated = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined =>
  payment.refundsOutdated.includes(externalPaymentId)
    ? undefined
    : evolve(
        payment,
        { refundsOutdated: [...payment.refundsOutdated, externalPaymentId] },
        { type: 'RefundsOutdated', note: externalPaymentId },
        cause,
      );

/**
 * Whether it may be one of ours, of which the answer was not heard and which a webhook does not name: only the provider's
 * list of refunds says.
 */
const mayBeOurs = (payment: Payment, update: RefundSnapshot, externalPaymentId: string): boolean =>
  payment.refunds.some(
    ({ externalRefundId, madeElsewhere, amount, requestedAmount = amount, ...refund }) =>
      externalRefundId === undefined &&
      madeElsewhere === undefined &&
      refund.externalPaymentId === externalPaymentId &&
      (amount === update.amount || requestedAmount === update.amount),
  );

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

const mostFailed = 100; // a row does not grow without end

/** A failure is final: what the provider told of the refund before that may come later, and books nothing. */
const noteFailed = (payment: Payment, { externalRefundId }: RefundSnapshot, cause: Cause): Payment => {
  const { failedElsewhere = [], attempts, delayed } = payment;
  const changes = { failedElsewhere: [...failedElsewhere, externalRefundId].slice(-mostFailed), attempts, delayed };
  return evolve(payment, changes, { type: 'FailureNoted', note: externalRefundId }, cause);
};

/**
 * Books a refund that nobody here asked for. One that failed before it was known has moved nothing; one of a capture that
 * is not known yet is read from the provider once that is. Returns undefined when nothing changes.
 */
export const applyRefundElsewhere = (payment: Payment, update: RefundSnapshot, cause: Cause): Payment | undefined => {
  const { failedElsewhere = [] } = payment;
  if (update.amount === 0 || failedElsewhere.includes(update.externalRefundId)) return undefined;
  if (update.state === 'FAILED') return noteFailed(payment, update, cause);
  const { externalPaymentId: namedId = ownCapture(payment).externalPaymentId } = update;
  const capture = captureOf(payment, namedId);
  if (capture === undefined) return refundsOutdated(payment, namedId, cause);
  const { externalPaymentId } = capture;
  if (isWebhook(cause) && mayBeOurs(payment, update, externalPaymentId))
    return refundsOutdated(payment, externalPaymentId, cause);
  const refund = booked(update, externalPaymentId, cause.at);
  return update.state === 'COMPLETED' ? completed(payment, refund, cause) : processing(payment, refund, cause);
};

/** What of a capture the provider gives back, or has, as far as it is known. What a dispute took is none of it. */
export const knownRefunded = (payment: Payment, externalPaymentId: string): number =>
  liveRefunds(payment)
    .filter((refund) => refund.externalPaymentId === externalPaymentId && refund.disputeId === undefined)
    .reduce((sum, { amount }) => sum + amount, 0);

/** What a provider says of the refunds of one capture: the list where it gives one, or how much has gone back. */
export type RefundsUpdate = {
  readonly externalPaymentId: string;
  readonly refundedAmount?: number | undefined;
  readonly refunds?: readonly RefundSnapshot[] | undefined;
};

const without = ({ refundsOutdated }: Payment, ids: readonly string[]) =>
  refundsOutdated.filter((one) => !ids.includes(one));

/** The provider was asked for the refunds of a capture: what it told is known. */
export const refundsRead = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined => {
  const left = without(payment, [externalPaymentId]);
  if (left.length === payment.refundsOutdated.length) return undefined;
  return evolve(payment, { refundsOutdated: left }, { type: 'RefundsRead', note: externalPaymentId }, cause);
};

/** Each version of a payment tells of one refund: with the first that is news, the rest are still to be read. */
const applyRefundList = (
  payment: Payment,
  externalPaymentId: string,
  list: readonly RefundSnapshot[],
  cause: Cause,
) => {
  const snapshots = list.map((refund) => ({ ...refund, externalPaymentId }));
  const changing = snapshots.filter((refund) => applyRefundUpdate(payment, refund, cause) !== undefined);
  const [first] = changing;
  if (first === undefined) return undefined;
  const outdated = without(payment, [externalPaymentId]);
  const rest = changing.length > 1 ? [...outdated, externalPaymentId] : outdated;
  return applyRefundUpdate({ ...payment, refundsOutdated: rest }, first, cause);
};

/**
 * What the provider's word makes of the refunds of a capture. A sum that is larger than what is known makes it ask for the
 * list. Returns undefined when nothing is new, or the capture is not known.
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
 * What a charge tells of its refunds. Those of a capture that is not heard of yet are read from the provider once it is.
 * Returns undefined when nothing is new.
 */
export const applyChargeRefunds = (payment: Payment, update: RefundsUpdate, cause: Cause): Payment | undefined => {
  const { externalPaymentId, refundedAmount = 0 } = update;
  const isUnknownCapture = captureOf(payment, externalPaymentId) === undefined && refundedAmount > 0;
  return isUnknownCapture
    ? refundsOutdated(payment, externalPaymentId, cause)
    : applyRefundsUpdate(payment, update, cause);
};
