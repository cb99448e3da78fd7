import type { Payment, Refund } from './payment';

/** In the place of an ID: the payment that the provider made under our key, whatever it calls it. */
export const unnamed = '';

/** What is to be asked of the provider next. */
export type Step =
  | { readonly ask: 'create' | 'fetch' | 'find' | 'capture' | 'cancel' }
  | { readonly ask: 'refund'; readonly refund: Refund }
  | { readonly ask: 'close'; readonly externalPaymentId: string };

type Known = Omit<Payment, 'fact' | 'history' | 'dueAt'>;

const isOver = ({ status }: Known) => status !== 'PENDING' && status !== 'PROCESSING';
const isOpenThere = ({ providerState }: Known) => providerState === 'OPEN' || providerState === 'AUTHORIZED';

const isResting = ({ notBefore = '' }: Refund, now: string) => notBefore > now;

/** Refunds take turns, those first that the provider was not asked for: one that takes long keeps no other waiting. */
const nextRefund = ({ refunds }: Known, now: Date, turn: number): Step | undefined => {
  const awake = refunds.filter((refund) => !isResting(refund, now.toISOString()));
  const inTurn = [
    ...awake.filter(({ status }) => status === 'PENDING'),
    ...awake.filter(({ status }) => status === 'PROCESSING'),
  ];
  const refund = inTurn[turn % inTurn.length];
  return refund && { ask: 'refund', refund };
};

const closeOther = ({ others }: Known, turn: number): Step | undefined => {
  const externalPaymentId = others[turn % others.length];
  if (externalPaymentId === undefined) return undefined;
  return externalPaymentId === unnamed ? { ask: 'find' } : { ask: 'close', externalPaymentId };
};

const ownStep = (payment: Known, now: Date, turn: number): Step | undefined => {
  if (isOver(payment)) return isOpenThere(payment) ? { ask: 'cancel' } : nextRefund(payment, now, turn);
  const { providerState, cancelRequested, deadline } = payment;
  if (providerState === 'UNKNOWN')
    return { ask: cancelRequested || deadline <= now.toISOString() ? 'fetch' : 'create' };
  if (cancelRequested) return { ask: 'cancel' };
  return { ask: providerState === 'AUTHORIZED' ? 'capture' : 'fetch' };
};

/**
 * What a payment waits for: an answer, the customer, or somebody to give back. Whoever asked for a payment that may not
 * be made any more only looks whether it was made: nothing is created after a cancel or the deadline. Others that the
 * provider made take turns with it, so that neither keeps the other waiting.
 */
export const nextStep = (payment: Known, now: Date): Step | undefined => {
  const { others, attempts } = payment;
  const sides = others.length === 0 ? 1 : 2;
  const turn = Math.floor(attempts / sides);
  const own = ownStep(payment, now, turn);
  const close = closeOther(payment, turn);
  return attempts % sides === 0 ? (close ?? own) : (own ?? close);
};

const patientSeconds = { first: 10, longest: 20 }; // so that a payment whose webhook is lost shows within a minute
const longestSeconds = 3600;
const lastLookSeconds = 120; // after the deadline: longer than its order waits for what was paid before

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString();

/** How long to wait after so many tries in vain: a customer is looked for often, a provider that fails ever more seldom. */
export const delayOf = (payment: Known, now: Date): number => {
  const { attempts, cancelRequested, deadline } = payment;
  const isWaiting =
    !isOver(payment) && !cancelRequested && later(new Date(deadline), lastLookSeconds) > now.toISOString();
  if (isWaiting) return Math.min(patientSeconds.longest, patientSeconds.first + 5 * attempts);
  return Math.min(longestSeconds, patientSeconds.first * 2 ** Math.min(attempts, 10));
};

const urgent: readonly Step['ask'][] = ['capture', 'cancel', 'close', 'find'];
const atOnce = (step: Step) => urgent.includes(step.ask) || (step.ask === 'refund' && step.refund.status === 'PENDING');

/** When the first of the refunds that rest is to be sent. */
const restedAt = ({ refunds }: Known, now: Date): string | undefined =>
  refunds
    .filter((refund) => refund.status === 'PENDING' && isResting(refund, now.toISOString()))
    .map(({ notBefore = '' }) => notBefore)
    .sort()[0];

const first = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

/** When the poller looks at a payment that has just changed: at once when something is to be done. */
export const dueAfter = (payment: Known, at: Date): string | undefined => {
  const step = nextStep(payment, at);
  const next = step && later(at, atOnce(step) ? 0 : delayOf(payment, at));
  return first(next, restedAt(payment, at));
};

/** When the poller looks again after it has asked in vain. */
export const dueAgain = (payment: Known, now: Date): string => {
  const next = later(now, delayOf(payment, now));
  return first(next, restedAt(payment, now)) ?? next;
};
