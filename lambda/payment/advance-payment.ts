import {
  applyDuplicateClosed,
  applyNotFound,
  applyProviderUpdate,
  applyRefusal,
  applyUpdateByKey,
  applyUpdateBySpentKey,
} from './domain/apply-update';
import { dueAgain, nextStep, type Step } from './domain/next-step';
import type { Cause, Payment } from './domain/payment';
import type { ProviderUpdate } from './domain/provider-update';
import { askingAgain, replaceCheckout, replaceKey, replaceRefundKey } from './domain/request-payment';
import type { PaymentStore } from './payment.store';
import {
  type AskedPayment,
  type AskedRefund,
  type PaymentProvider,
  type PaymentProviders,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
} from './providers/provider';
import { applyRefundRefusal, applyRefundsUpdate, applyRefundUpdate, refundsRead } from './refunds/apply-refund';

export type AdvanceDeps = {
  readonly payments: Pick<PaymentStore, 'get' | 'save' | 'reschedule'>;
  readonly providers: PaymentProviders;
  /** Seals what of a snapshot nobody else may read, where it is new. */
  readonly seal: (payment: Payment, snapshot: ProviderSnapshot) => ProviderUpdate;
  readonly now: () => Date;
};

/** Who takes a step: `create` for the first try, `poll` for what comes after. */
export type By = 'create' | 'poll';

type Refund = Payment['refunds'][number];
type ProviderError = ProviderUnavailableError | ProviderRefusedError;
type Change = (payment: Payment, cause: Cause) => Payment | undefined;

const tries = 10; // so many others at most are first

/** The first key has no number: it is what was asked with before there were others. */
const numbered = (key: string, keyNumber: number): string => (keyNumber === 0 ? key : `${key}/key-${keyNumber}`);

export const askedPayment = (payment: Payment): AskedPayment => {
  const { tenant, paymentId, orderId, userId, amount, currency, paymentMethod } = payment;
  const { externalPaymentId, paymentIntentId, keyNumber } = payment;
  const key = numbered(`${tenant}/${paymentId}`, keyNumber);
  const ids = { keyNumber, externalPaymentId, paymentIntentId };
  return { tenant, paymentId, orderId, userId, amount, currency, paymentMethod, key, ...ids };
};

/** What came besides the payment's own is something that the provider knows by its own ID alone. */
const askedBy = (payment: Payment, externalPaymentId: string): AskedPayment => {
  const asked = askedPayment(payment);
  if (asked.externalPaymentId === externalPaymentId) return asked;
  const replaced = payment.replaced.find((one) => one.externalPaymentId === externalPaymentId);
  return { ...asked, externalPaymentId, paymentIntentId: replaced?.paymentIntentId };
};

const askedFor = (payment: Payment, step: Step): AskedPayment =>
  step.ask === 'close' ? askedBy(payment, step.externalPaymentId) : askedPayment(payment);

/** A provider that was asked for more under a key refuses another amount under the same. */
const refundKey = ({ refundId, amount, requestedAmount = amount }: Refund): string =>
  amount === requestedAmount ? refundId : `${refundId}/${amount}`;

const askedRefund = ({ tenant, paymentId, currency }: Payment, refund: Refund): AskedRefund => {
  const { refundId, amount, reason, keyNumber = 0 } = refund;
  const key = numbered(`${tenant}/${paymentId}/${refundKey(refund)}`, keyNumber);
  return { refundId, amount, currency, reason, key };
};

/** Writes what `change` makes of the payment, decided anew while others are first. Nothing when it changes nothing. */
export const changePayment = async (
  { payments, now }: Pick<AdvanceDeps, 'payments' | 'now'>,
  payment: Payment,
  change: Change,
  cause: Omit<Cause, 'at'>,
): Promise<Payment | undefined> => {
  let current: Payment | undefined = payment;
  for (let tried = 0; tried < tries && current !== undefined; tried += 1) {
    const next = change(current, { ...cause, at: now() });
    if (next === undefined || (await payments.save(next)) === 'saved') return next;
    current = await payments.get(payment);
  }
  throw new Error(`payment ${payment.paymentId} changed ${tries} times while it was being decided`);
};

const lookAt = async (provider: PaymentProvider, { seal }: AdvanceDeps, payment: Payment): Promise<Change> => {
  const snapshot = await provider.fetch(askedPayment(payment));
  return snapshot === undefined
    ? applyNotFound
    : (current, cause) => applyProviderUpdate(current, seal(current, snapshot), cause);
};

/** Reads what of a capture has gone back, whoever gave it. */
const readRefunds = async (deps: AdvanceDeps, payment: Payment, externalPaymentId: string): Promise<Change> => {
  const snapshot = await deps.providers[payment.provider].fetch(askedBy(payment, externalPaymentId));
  return (current, cause) => {
    const seen = snapshot && applyProviderUpdate(current, deps.seal(current, snapshot), cause);
    return seen ?? refundsRead(current, externalPaymentId, cause);
  };
};

/** Looks by our key alone: a webhook may have told of another payment than the one that was asked for. */
const lookByKey = async (deps: AdvanceDeps, payment: Payment, keyNumber: number): Promise<Change> => {
  const asked = {
    ...askedPayment({ ...payment, keyNumber }),
    externalPaymentId: undefined,
    paymentIntentId: undefined,
  };
  const snapshot = await deps.providers[payment.provider].fetch(asked);
  return (current, cause) => {
    const seen = snapshot && deps.seal(current, snapshot);
    return keyNumber === current.keyNumber
      ? applyUpdateByKey(current, seen, cause)
      : applyUpdateBySpentKey(current, { seen, keyNumber }, cause);
  };
};

/** The capture that a refund is of as the provider has it now; nothing when it does not say. */
const captureNow = async (deps: AdvanceDeps, payment: Payment, { externalPaymentId }: Refund) => {
  try {
    const snapshot = await deps.providers[payment.provider].fetch(askedBy(payment, externalPaymentId));
    return snapshot && deps.seal(payment, snapshot);
  } catch (error) {
    if (error instanceof ProviderRefusedError) return undefined;
    throw error;
  }
};

/**
 * A refund that an earlier try has made is found by the second question. Refused again, the provider may have given the
 * money back already, on somebody else's word; if it has not, the refusal is believed.
 */
const refusedAgain = async (deps: AdvanceDeps, payment: Payment, refund: Refund): Promise<Change> => {
  try {
    return await askRefund(deps.providers[payment.provider], payment, refund);
  } catch (error) {
    if (!(error instanceof ProviderRefusedError)) throw error;
    const seen = await captureNow(deps, payment, refund);
    return (current, cause) =>
      (seen && applyRefundsUpdate(current, seen, cause)) ??
      applyRefundRefusal(current, refund.refundId, error.reason, cause);
  }
};

/** Nothing else can be got with the key of a refund. That it was made after all is seen before the next one is used. */
const afterRefusedRefund = async (
  deps: AdvanceDeps,
  payment: Payment,
  { refundId, keyNumber = 0, ...refund }: Refund,
  error: ProviderRefusedError,
): Promise<Change> =>
  error instanceof ProviderKeySpentError
    ? (current, cause) => replaceRefundKey(current, { refundId, keyNumber }, cause)
    : refusedAgain(deps, payment, { refundId, keyNumber, ...refund });

/** The provider makes no payment of this key: it will of another, or of none. */
const notCreated = ({ keyNumber }: Payment, error: ProviderRefusedError): Change =>
  error instanceof ProviderKeySpentError
    ? (current, cause) => replaceKey(current, keyNumber, cause)
    : (current, cause) => applyRefusal(current, error.reason, cause);

/** What a refusal means: no payment at all, or that it is elsewhere than we thought. */
const afterRefusal = async (
  deps: AdvanceDeps,
  payment: Payment,
  step: Step,
  error: ProviderRefusedError,
): Promise<Change> => {
  if (step.ask === 'refund') return afterRefusedRefund(deps, payment, step.refund, error);
  if (step.ask === 'find' || step.ask === 'read') return () => undefined; // it is there, and says no more of it
  const provider = deps.providers[payment.provider];
  const snapshot = await provider.fetch(askedFor(payment, step));
  if (snapshot !== undefined)
    return (current, cause) => applyProviderUpdate(current, deps.seal(current, snapshot), cause);
  if (step.ask === 'close') return (current, cause) => applyDuplicateClosed(current, step.externalPaymentId, cause);
  return step.ask === 'create' ? notCreated(payment, error) : applyNotFound;
};

const askRefund = async (provider: PaymentProvider, payment: Payment, refund: Refund): Promise<Change> => {
  const seen = await provider.refund(askedBy(payment, refund.externalPaymentId), askedRefund(payment, refund));
  return (current, cause) => applyRefundUpdate(current, { ...seen, refundId: refund.refundId }, cause);
};

const ask = async (deps: AdvanceDeps, payment: Payment, step: Step): Promise<Change> => {
  const provider = deps.providers[payment.provider];
  if (step.ask === 'fetch') return lookAt(provider, deps, payment);
  if (step.ask === 'find') return lookByKey(deps, payment, step.keyNumber);
  if (step.ask === 'refund') return askRefund(provider, payment, step.refund);
  if (step.ask === 'read') return readRefunds(deps, payment, step.externalPaymentId);
  const asked = askedFor(payment, step);
  const snapshot =
    step.ask === 'create'
      ? await provider.create({ ...asked, expiresAt: payment.deadline })
      : await provider[step.ask === 'close' ? 'cancel' : step.ask](asked);
  return (current, cause) => applyProviderUpdate(current, deps.seal(current, snapshot), cause);
};

/** What the provider's answer changes; an error when it gave none that says anything. */
const answerOf = async (deps: AdvanceDeps, payment: Payment, step: Step): Promise<Change | ProviderError> => {
  try {
    return await ask(deps, payment, step).catch((error: unknown) => {
      if (!(error instanceof ProviderRefusedError)) throw error;
      return afterRefusal(deps, payment, step, error);
    });
  } catch (error) {
    if (error instanceof ProviderUnavailableError || error instanceof ProviderRefusedError) return error;
    throw error;
  }
};

/** Before anything is created once more, that is written down: nobody else may take the payment for given up meanwhile. */
const beginAgain = async (deps: AdvanceDeps, payment: Payment, cause: Omit<Cause, 'at'>) => {
  const begun = askingAgain(payment, { ...cause, at: deps.now() });
  return (await deps.payments.save(begun)) === 'saved' ? begun : undefined;
};

const takeStep = async (deps: AdvanceDeps, payment: Payment, step: Step, by: By): Promise<Payment | undefined> => {
  const cause = { actor: by === 'create' ? 'order' : 'poll' };
  const isAgain = by === 'poll' && step.ask === 'create';
  const asking = isAgain ? await beginAgain(deps, payment, cause) : payment;
  if (asking === undefined) return undefined;
  const answer = await answerOf(deps, asking, step);
  const isSilent = answer instanceof Error;
  const next = isSilent ? undefined : await changePayment(deps, asking, answer, cause);
  if (next !== undefined) return next;
  const later = { attempts: asking.attempts + 1, dueAt: dueAgain(asking, deps.now()), delayed: isSilent };
  await deps.payments.reschedule(asking, later);
  return undefined;
};

const stepsAtOnce = 5;

/**
 * Asks the provider for what the payment waits for, and goes on as long as something is to be done at once. Safe to be
 * broken off anywhere and begun again, by several at the same time: every question has its idempotency key, every answer
 * goes through the same transitions, and what was not answered is due again.
 */
export const advancePayment =
  (deps: AdvanceDeps) =>
  async (payment: Payment, by: By): Promise<void> => {
    let current: Payment | undefined = payment;
    let asker = by;
    for (let taken = 0; taken < stepsAtOnce && current !== undefined; taken += 1) {
      const step = nextStep(current, deps.now());
      if (step === undefined) return;
      const next: Payment | undefined = await takeStep(deps, current, step, asker);
      current = next?.dueAt !== undefined && next.dueAt <= deps.now().toISOString() ? next : undefined;
      asker = 'poll';
    }
  };

/**
 * Returns the payment, after a page to pay on that has ended was closed and another was asked for. Of two requests at once
 * one asks, and the other sees what has become of it so far; what the provider does not answer is the poller's to ask again.
 */
export const liveCheckout =
  (deps: AdvanceDeps) =>
  async (payment: Payment): Promise<Payment> => {
    const replaced = replaceCheckout(payment, { actor: 'customer', at: deps.now() });
    if (replaced === undefined) return payment;
    const payments = { ...deps.payments, reschedule: async () => false }; // it is due already: the poller goes on
    if ((await payments.save(replaced)) === 'saved') await advancePayment({ ...deps, payments })(replaced, 'poll');
    return (await deps.payments.get(payment)) ?? payment;
  };
