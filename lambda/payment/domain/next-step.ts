import type { Payment, Refund, SpentKey } from './payment';
import { isDisputed } from './payment-sums';

/** In the place of an ID: the payment that the provider made under our key, whatever it calls it. */
export const unknownExternalId = '';

/** What is to be asked of the provider next. */
export type Step =
  | { readonly action: 'create' | 'fetch' | 'capture' | 'cancel' }
  | { readonly action: 'find'; readonly keyNumber: number }
  | { readonly action: 'refund'; readonly refund: Refund }
  | { readonly action: 'close'; readonly externalPaymentId: string }
  /** `seldom`: nothing is known to be wrong there. */
  | { readonly action: 'read'; readonly externalPaymentId: string; readonly routine?: true };

type Known = Omit<Payment, 'fact' | 'history' | 'dueAt'>;

const isOver = ({ status }: Known) => status !== 'PENDING' && status !== 'PROCESSING';
const isOpenThere = ({ providerState }: Known) => providerState === 'OPEN' || providerState === 'AUTHORIZED';

const isDelayed = ({ notBefore = '' }: Refund, now: string) => notBefore > now;

/** A refund of ours is asked for once more; how somebody else's goes on, the provider's list says. */
const stepOf = (refund: Refund): Step =>
  refund.madeElsewhere ? { action: 'read', externalPaymentId: refund.externalPaymentId } : { action: 'refund', refund };

/** Refunds take turns, those first that the provider was not asked for: one that takes long keeps no other waiting. */
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

/** Closes what is not the payment's own, or finds out whether there is any such thing. */
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

const yearSeconds = 365 * 86_400; // what PayPay gives back at most so long after

/** PayPay tells nobody of what a person gives back in its console: what it has captured is looked at ever more seldom. */
const routineRead = (payment: Known, now: Date): Step | undefined => {
  const { provider, status, externalPaymentId } = payment;
  const isChecked = provider === 'paypay' && status === 'COMPLETED' && ageOf(payment, now) < yearSeconds;
  return isChecked && externalPaymentId !== undefined
    ? { action: 'read', externalPaymentId, routine: true }
    : undefined;
};

const stepAfterEnd = (payment: Known, now: Date, turn: number): Step | undefined =>
  isOpenThere(payment)
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
 * What a payment waits for: an answer, the customer, or somebody to give back. Whoever asked for a payment that may not
 * be made any more only looks whether it was made: nothing is created after a cancel or the deadline. Others that the
 * provider made take turns with it, so that neither keeps the other waiting.
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

/** As many attempts, or one more, so that the payment's own step comes before what is asked beside it. */
export const ownStepNext = (attempts: number): number => 2 * Math.floor(attempts / 2) + 1;

const pollSeconds = { first: 10, longest: 20 }; // so that a payment whose webhook is lost shows within a minute
const longestSeconds = 3600;
const lastCheckSeconds = 120; // after the deadline: longer than its order waits for what was paid before

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString();

/** How long to wait after so many tries in vain: a customer is looked for often, a provider that fails ever more seldom. */
export const delayOf = (payment: Known, now: Date): number => {
  const { attempts, cancelRequested, deadline } = payment;
  const isWaiting =
    !isOver(payment) && !cancelRequested && later(new Date(deadline), lastCheckSeconds) > now.toISOString();
  if (isWaiting) return Math.min(pollSeconds.longest, pollSeconds.first + 5 * attempts);
  return Math.min(longestSeconds, pollSeconds.first * 2 ** Math.min(attempts, 10));
};

const isRoutine = (step: Step) => step.action === 'read' && step.routine === true;

/** After a minute, and then each time after four times as long. */
const routineDelay = (payment: Known, now: Date): number => Math.max(60, 3 * ageOf(payment, now));

const delayUntil = (payment: Known, step: Step | undefined, now: Date): number =>
  step !== undefined && isRoutine(step) ? routineDelay(payment, now) : delayOf(payment, now);

/** Whether nothing is to be done about a payment but to look whether somebody gave it back elsewhere. */
export const isRoutineCheckOnly = (payment: Known, now: Date): boolean => {
  const step = nextStep(payment, now);
  const isLater = nextRefundAt(payment, now) !== undefined || nextKeyCheckAt(payment, now) !== undefined;
  return step !== undefined && isRoutine(step) && !isLater;
};

const urgent: readonly Step['action'][] = ['capture', 'cancel', 'close', 'find'];
const atOnce = (step: Step, { askedAt, refundsOutdated }: Known) =>
  urgent.includes(step.action) ||
  (step.action === 'create' && askedAt === undefined) ||
  (step.action === 'read' && refundsOutdated.includes(step.externalPaymentId)) ||
  (step.action === 'refund' && step.refund.status === 'PENDING');

/** When the first of the refunds that rest is to be sent. */
const nextRefundAt = ({ refunds }: Known, now: Date): string | undefined =>
  refunds
    .filter((refund) => refund.status === 'PENDING' && isDelayed(refund, now.toISOString()))
    .map(({ notBefore = '' }) => notBefore)
    .sort()[0];

/** When the first of the keys that are not looked at yet is to be. */
const nextKeyCheckAt = ({ spentKeys }: Known, now: Date): string | undefined =>
  spentKeys
    .filter((spent) => !isCheckDue(spent, now.toISOString()))
    .map(({ lookAt }) => lookAt)
    .sort()[0];

const first = (...times: readonly (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort()[0];

/** When the poller looks at a payment that has just changed: at once when something is to be done. */
export const dueAfter = (payment: Known, at: Date): string | undefined => {
  const step = nextStep(payment, at);
  const next = step && later(at, atOnce(step, payment) ? 0 : delayUntil(payment, step, at));
  return first(next, nextRefundAt(payment, at), nextKeyCheckAt(payment, at));
};

/** When the poller looks again after it has asked in vain. */
export const dueAgain = (payment: Known, now: Date): string => {
  const next = later(now, delayUntil(payment, nextStep(payment, now), now));
  return first(next, nextRefundAt(payment, now), nextKeyCheckAt(payment, now)) ?? next;
};
