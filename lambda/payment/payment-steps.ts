import type { Payment, Refund } from './payment';

/** What is to be asked of the provider next. */
export type Step =
  | { readonly ask: 'create' | 'fetch' | 'capture' | 'cancel' }
  | { readonly ask: 'refund'; readonly refund: Refund }
  | { readonly ask: 'close'; readonly externalPaymentId: string };

type Known = Omit<Payment, 'fact' | 'history' | 'dueAt'>;

const isOver = ({ status }: Known) => status !== 'PENDING' && status !== 'PROCESSING';
const isOpenThere = ({ providerState }: Known) => providerState === 'OPEN' || providerState === 'AUTHORIZED';
const unfinished = ({ status }: Refund) => status === 'PENDING' || status === 'PROCESSING';

const afterTheEnd = (payment: Known): Step | undefined => {
  if (isOpenThere(payment)) return { ask: 'cancel' };
  const refund = payment.refunds.find(unfinished);
  return refund && { ask: 'refund', refund };
};

const closeOther = ({ others, attempts }: Known): Step | undefined => {
  const externalPaymentId = others[Math.floor(attempts / 2) % others.length];
  return externalPaymentId === undefined ? undefined : { ask: 'close', externalPaymentId };
};

const ownStep = (payment: Known, now: Date): Step | undefined => {
  if (isOver(payment)) return afterTheEnd(payment);
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
  const own = ownStep(payment, now);
  const close = closeOther(payment);
  return payment.attempts % 2 === 0 ? (close ?? own) : (own ?? close);
};

const patientSeconds = { first: 10, longest: 30 }; // so that a payment whose webhook is lost shows within a minute
const longestSeconds = 3600;

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString();

/** How long to wait after so many tries in vain: a customer is looked for often, a provider that fails ever more seldom. */
export const delayOf = (payment: Known, now: Date): number => {
  const { attempts, cancelRequested, deadline } = payment;
  const isWaiting = !isOver(payment) && !cancelRequested && deadline > now.toISOString();
  if (isWaiting) return Math.min(patientSeconds.longest, patientSeconds.first + 5 * attempts);
  return Math.min(longestSeconds, patientSeconds.first * 2 ** Math.min(attempts, 10));
};

const urgent: readonly Step['ask'][] = ['capture', 'cancel', 'close'];
const atOnce = (step: Step) => urgent.includes(step.ask) || (step.ask === 'refund' && step.refund.status === 'PENDING');

/** When the poller looks at a payment that has just changed: at once when something is to be done. */
export const dueAfter = (payment: Known, at: Date): string | undefined => {
  const step = nextStep(payment, at);
  if (step === undefined) return undefined;
  return later(at, atOnce(step) ? 0 : delayOf(payment, at));
};

/** When the poller looks again after it has asked in vain. */
export const dueAgain = (payment: Known, now: Date): string => later(now, delayOf(payment, now));
