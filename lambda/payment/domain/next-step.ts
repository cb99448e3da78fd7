import type { Payment, Refund, SpentKey } from './payment';
import { isDisputed } from './payment-sums';

/** Placeholder in `others` for the payment under our own key whose external ID is not known yet. */
export const unknownExternalId = '';

/** The next request to the provider. */
export type Step =
  | { readonly action: 'create' | 'fetch' | 'capture' | 'cancel' }
  | { readonly action: 'find'; readonly keyNumber: number }
  | { readonly action: 'refund'; readonly refund: Refund }
  | { readonly action: 'close'; readonly externalPaymentId: string }
  /** `routine`: no change is known or expected. */
  | { readonly action: 'read'; readonly externalPaymentId: string; readonly routine?: true };

type Known = Omit<Payment, 'fact' | 'history' | 'dueAt'>;

const isOver = ({ status }: Known) => status !== 'PENDING' && status !== 'PROCESSING';
const isOpenAtProvider = ({ providerState }: Known) => providerState === 'OPEN' || providerState === 'AUTHORIZED';

const isDelayed = ({ notBefore = '' }: Refund, now: string) => notBefore > now;

/** Our own refund is sent again; a refund made elsewhere is read from the provider's list. */
const stepOf = (refund: Refund): Step =>
  refund.madeElsewhere ? { action: 'read', externalPaymentId: refund.externalPaymentId } : { action: 'refund', refund };

/** Refunds take turns, unsent ones first, so that a slow one does not delay the others. */
const nextRefund = (payment: Known, now: Date, turn: number): Step | undefined => {
  const ready = payment.refunds.filter(
    (refund) => !isDelayed(refund, now.toISOString()) && !isDisputed(payment, refund.externalPaymentId),
  );
  const inTurn = [
    ...ready.filter(({ status }) => status === 'PENDING'),
    ...ready.filter(({ status }) => status === 'PROCESSING'),
  ];
  const refund = inTurn[turn % inTurn.length];
  return refund && stepOf(refund);
};

const isCheckDue = ({ lookAt }: SpentKey, now: string) => lookAt <= now;

/** Steps for duplicates: close a known one, or find out whether one exists. */
const sideSteps = ({ others, keyNumber, spentKeys }: Known, now: Date): readonly Step[] => [
  ...others.map(
    (externalPaymentId): Step =>
      externalPaymentId === unknownExternalId ? { action: 'find', keyNumber } : { action: 'close', externalPaymentId },
  ),
  ...spentKeys
    .filter((spent) => isCheckDue(spent, now.toISOString()))
    .map((spent): Step => ({ action: 'find', keyNumber: spent.keyNumber })),
];

const readOutdated = ({ refundsOutdated: [externalPaymentId] }: Known): Step | undefined =>
  externalPaymentId === undefined ? undefined : { action: 'read', externalPaymentId };

const ageOf = ({ processedAt, createdAt }: Known, now: Date) =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(processedAt ?? createdAt)) / 1000));

const yearSeconds = 365 * 86_400; // PayPay refunds at most this long after payment

/** PayPay sends no webhook for refunds made in its console, so its captures are read at growing intervals. */
const routineRead = (payment: Known, now: Date): Step | undefined => {
  const { provider, status, externalPaymentId } = payment;
  const isChecked = provider === 'paypay' && status === 'COMPLETED' && ageOf(payment, now) < yearSeconds;
  return isChecked && externalPaymentId !== undefined
    ? { action: 'read', externalPaymentId, routine: true }
    : undefined;
};

const stepAfterEnd = (payment: Known, now: Date, turn: number): Step | undefined =>
  isOpenAtProvider(payment)
    ? { action: 'cancel' }
    : (readOutdated(payment) ?? nextRefund(payment, now, turn) ?? routineRead(payment, now));

const ownStep = (payment: Known, now: Date, turn: number): Step | undefined => {
  if (isOver(payment)) return stepAfterEnd(payment, now, turn);
  const { providerState, cancelRequested, deadline } = payment;
  if (providerState === 'UNKNOWN')
    return { action: cancelRequested || deadline <= now.toISOString() ? 'fetch' : 'create' };
  if (cancelRequested) return { action: 'cancel' };
  return { action: providerState === 'AUTHORIZED' ? 'capture' : 'fetch' };
};

/**
 * Returns the next step of a payment. After a cancel or the deadline nothing is created: a pending creation is only
 * looked up. Duplicates take turns with the payment itself, so that neither delays the other.
 */
export const nextStep = (payment: Known, now: Date): Step | undefined => {
  const { attempts } = payment;
  const beside = sideSteps(payment, now);
  const sides = beside.length === 0 ? 1 : 2;
  const turn = Math.floor(attempts / sides);
  const own = ownStep(payment, now, turn);
  const other = beside[turn % beside.length];
  return attempts % sides === 0 ? (other ?? own) : (own ?? other);
};

/** Returns the same attempt count or one more, such that the payment's own step is next. */
export const ownStepNext = (attempts: number): number => 2 * Math.floor(attempts / 2) + 1;

const pollSeconds = { first: 10, longest: 20 }; // so that a payment whose webhook is lost shows within a minute
const maxDelaySeconds = 3600;
const lastCheckSeconds = 120; // after the deadline: longer than the order waits for payments made before it

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString();

/** Returns the seconds until the next try: short intervals while a customer may pay, exponential ones otherwise. */
const delayOf = (payment: Known, now: Date): number => {
  const { attempts, cancelRequested, deadline } = payment;
  const isWaiting =
    !isOver(payment) && !cancelRequested && later(new Date(deadline), lastCheckSeconds) > now.toISOString();
  if (isWaiting) return Math.min(pollSeconds.longest, pollSeconds.first + 5 * attempts);
  return Math.min(maxDelaySeconds, pollSeconds.first * 2 ** Math.min(attempts, 10));
};

const isRoutine = (step: Step) => step.action === 'read' && step.routine === true;

/** At least a minute, otherwise three times the age: each read comes at four times the age of the last. */
const routineDelay = (payment: Known, now: Date): number => Math.max(60, 3 * ageOf(payment, now));

const delayUntil = (payment: Known, step: Step | undefined, now: Date): number =>
  step !== undefined && isRoutine(step) ? routineDelay(payment, now) : delayOf(payment, now);

/** The steps of this turn and of the next: what waits beside a routine read does not wait as long as that. */
const stepsInTurn = (payment: Known, now: Date): readonly Step[] =>
  [payment.attempts, payment.attempts + 1].flatMap((attempts) => nextStep({ ...payment, attempts }, now) ?? []);

/** Returns true when only the routine read for refunds made elsewhere remains. */
export const isRoutineCheckOnly = (payment: Known, now: Date): boolean => {
  const steps = stepsInTurn(payment, now);
  const isLater = nextRefundAt(payment, now) !== undefined || nextKeyCheckAt(payment, now) !== undefined;
  return steps.length > 0 && steps.every(isRoutine) && !isLater;
};

const urgent: readonly Step['action'][] = ['capture', 'cancel', 'close', 'find'];
const isImmediate = (step: Step, { askedAt, refundsOutdated }: Known) =>
  urgent.includes(step.action) ||
  (step.action === 'create' && askedAt === undefined) ||
  (step.action === 'read' && refundsOutdated.includes(step.externalPaymentId)) ||
  (step.action === 'refund' && step.refund.status === 'PENDING');

/** Returns when the first delayed refund may be sent. */
const nextRefundAt = ({ refunds }: Known, now: Date): string | undefined =>
  refunds
    .filter((refund) => refund.status === 'PENDING' && isDelayed(refund, now.toISOString()))
    .map(({ notBefore = '' }) => notBefore)
    .sort()[0];

/** Returns when the first spent key may be checked. */
const nextKeyCheckAt = ({ spentKeys }: Known, now: Date): string | undefined =>
  spentKeys
    .filter((spent) => !isCheckDue(spent, now.toISOString()))
    .map(({ lookAt }) => lookAt)
    .sort()[0];

const first = (...times: readonly (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort()[0];

/** Returns when the poller takes a payment that has just changed: at once when a step is due. */
export const dueAfter = (payment: Known, at: Date): string | undefined => {
  const delays = stepsInTurn(payment, at).map((step) =>
    isImmediate(step, payment) ? 0 : delayUntil(payment, step, at),
  );
  const next = delays.length === 0 ? undefined : later(at, Math.min(...delays));
  return first(next, nextRefundAt(payment, at), nextKeyCheckAt(payment, at));
};

/** Returns when the poller takes a payment again after a try without result. */
export const dueAgain = (payment: Known, now: Date): string => {
  const delays = stepsInTurn(payment, now).map((step) => delayUntil(payment, step, now));
  const next = later(now, delays.length === 0 ? delayOf(payment, now) : Math.min(...delays));
  return first(next, nextRefundAt(payment, now), nextKeyCheckAt(payment, now)) ?? next;
};
