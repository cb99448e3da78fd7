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
import { replaceCheckout, replaceKey, replaceRefundKey, retryCreate } from './domain/request-payment';
import type { PaymentStore } from './payment.store';
import {
  type PaymentProvider,
  type PaymentProviders,
  type PaymentReference,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
} from './providers/provider';
import { applyRefundRefusal, applyRefundsUpdate, applyRefundUpdate, refundsRead } from './refunds/apply-refund';

export type AdvanceDeps = {
  readonly payments: Pick<PaymentStore, 'get' | 'save' | 'reschedule'>;
  readonly providers: PaymentProviders;
  /** Seals what of a snapshot nobody else may read, where it is new. */
  readonly encryptDetails: (payment: Payment, snapshot: ProviderSnapshot) => ProviderUpdate;
  readonly now: () => Date;
};

/** Who takes a step: `create` for the first try, `poll` for what comes after. */
export type By = 'create' | 'poll';

type Refund = Payment['refunds'][number];
type ProviderError = ProviderUnavailableError | ProviderRefusedError;
type Change = (payment: Payment, cause: Cause) => Payment | undefined;

const tries = 10; // so many others at most are first

/** The first key has no number: it is what was reference with before there were others. */
const numbered = (key: string, keyNumber: number): string => (keyNumber === 0 ? key : `${key}/key-${keyNumber}`);

export const paymentReference = (payment: Payment): PaymentReference => {
  const { tenant, paymentId, orderId, userId, amount, currency, paymentMethod } = payment;
  const { externalPaymentId, paymentIntentId, keyNumber } = payment;
  const key = numbered(`${tenant}/${paymentId}`, keyNumber);
  const ids = { keyNumber, externalPaymentId, paymentIntentId };
  return { tenant, paymentId, orderId, userId, amount, currency, paymentMethod, key, ...ids };
};

/** What came besides the payment's own is something that the provider knows by its own ID alone. */
const referenceTo = (payment: Payment, externalPaymentId: string): PaymentReference => {
  const reference = paymentReference(payment);
  if (reference.externalPaymentId === externalPaymentId) return reference;
  const replaced = payment.replaced.find((one) => one.externalPaymentId === externalPaymentId);
  return { ...reference, externalPaymentId, paymentIntentId: replaced?.paymentIntentId };
};

const referenceFor = (payment: Payment, step: Step): PaymentReference =>
  step.action === 'close' ? referenceTo(payment, step.externalPaymentId) : paymentReference(payment);

/** A provider that was reference for more under a key refuses another amount under the same. */
const refundKey = ({ refundId, amount, requestedAmount = amount }: Refund): string =>
  amount === requestedAmount ? refundId : `${refundId}/${amount}`;

const refundRequest = ({ tenant, paymentId, currency }: Payment, refund: Refund): RefundRequest => {
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

const fetchPayment = async (
  provider: PaymentProvider,
  { encryptDetails }: AdvanceDeps,
  payment: Payment,
): Promise<Change> => {
  const snapshot = await provider.fetch(paymentReference(payment));
  return snapshot === undefined
    ? applyNotFound
    : (current, cause) => applyProviderUpdate(current, encryptDetails(current, snapshot), cause);
};

/** Reads what of a capture has gone back, whoever gave it. */
const readRefunds = async (deps: AdvanceDeps, payment: Payment, externalPaymentId: string): Promise<Change> => {
  const snapshot = await deps.providers[payment.provider].fetch(referenceTo(payment, externalPaymentId));
  return (current, cause) => {
    const update = snapshot && applyProviderUpdate(current, deps.encryptDetails(current, snapshot), cause);
    return update ?? refundsRead(current, externalPaymentId, cause);
  };
};

/** Looks by our key alone: a webhook may have told of another payment than the one that was reference for. */
const fetchByKey = async (deps: AdvanceDeps, payment: Payment, keyNumber: number): Promise<Change> => {
  const reference = {
    ...paymentReference({ ...payment, keyNumber }),
    externalPaymentId: undefined,
    paymentIntentId: undefined,
  };
  const snapshot = await deps.providers[payment.provider].fetch(reference);
  return (current, cause) => {
    const update = snapshot && deps.encryptDetails(current, snapshot);
    return keyNumber === current.keyNumber
      ? applyUpdateByKey(current, update, cause)
      : applyUpdateBySpentKey(current, { update, keyNumber }, cause);
  };
};

/** The capture that a refund is of as the provider has it now; nothing when it does not say. */
const currentCapture = async (deps: AdvanceDeps, payment: Payment, { externalPaymentId }: Refund) => {
  try {
    const snapshot = await deps.providers[payment.provider].fetch(referenceTo(payment, externalPaymentId));
    return snapshot && deps.encryptDetails(payment, snapshot);
  } catch (error) {
    if (error instanceof ProviderRefusedError) return undefined;
    throw error;
  }
};

/**
 * A refund that an earlier try has made is found by the second question. Refused again, the provider may have given the
 * money back already, on somebody else's word; if it has not, the refusal is believed.
 */
const confirmRefundRefusal = async (deps: AdvanceDeps, payment: Payment, refund: Refund): Promise<Change> => {
  try {
    return await sendRefund(deps.providers[payment.provider], payment, refund);
  } catch (error) {
    if (!(error instanceof ProviderRefusedError)) throw error;
    const update = await currentCapture(deps, payment, refund);
    return (current, cause) =>
      (update && applyRefundsUpdate(current, update, cause)) ??
      applyRefundRefusal(current, refund.refundId, error.reason, cause);
  }
};

/** Nothing else can be got with the key of a refund. That it was made after all is update before the next one is used. */
const afterRefusedRefund = async (
  deps: AdvanceDeps,
  payment: Payment,
  { refundId, keyNumber = 0, ...refund }: Refund,
  error: ProviderRefusedError,
): Promise<Change> =>
  error instanceof ProviderKeySpentError
    ? (current, cause) => replaceRefundKey(current, { refundId, keyNumber }, cause)
    : confirmRefundRefusal(deps, payment, { refundId, keyNumber, ...refund });

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
  if (step.action === 'refund') return afterRefusedRefund(deps, payment, step.refund, error);
  if (step.action === 'find' || step.action === 'read') return () => undefined; // it is there, and says no more of it
  const provider = deps.providers[payment.provider];
  const snapshot = await provider.fetch(referenceFor(payment, step));
  if (snapshot !== undefined)
    return (current, cause) => applyProviderUpdate(current, deps.encryptDetails(current, snapshot), cause);
  if (step.action === 'close') return (current, cause) => applyDuplicateClosed(current, step.externalPaymentId, cause);
  return step.action === 'create' ? notCreated(payment, error) : applyNotFound;
};

const sendRefund = async (provider: PaymentProvider, payment: Payment, refund: Refund): Promise<Change> => {
  const update = await provider.refund(referenceTo(payment, refund.externalPaymentId), refundRequest(payment, refund));
  return (current, cause) => applyRefundUpdate(current, { ...update, refundId: refund.refundId }, cause);
};

const performStep = async (deps: AdvanceDeps, payment: Payment, step: Step): Promise<Change> => {
  const provider = deps.providers[payment.provider];
  if (step.action === 'fetch') return fetchPayment(provider, deps, payment);
  if (step.action === 'find') return fetchByKey(deps, payment, step.keyNumber);
  if (step.action === 'refund') return sendRefund(provider, payment, step.refund);
  if (step.action === 'read') return readRefunds(deps, payment, step.externalPaymentId);
  const reference = referenceFor(payment, step);
  const snapshot =
    step.action === 'create'
      ? await provider.create({ ...reference, expiresAt: payment.deadline })
      : await provider[step.action === 'close' ? 'cancel' : step.action](reference);
  return (current, cause) => applyProviderUpdate(current, deps.encryptDetails(current, snapshot), cause);
};

/** What the provider's answer changes; an error when it gave none that says anything. */
const answerOf = async (deps: AdvanceDeps, payment: Payment, step: Step): Promise<Change | ProviderError> => {
  try {
    return await performStep(deps, payment, step).catch((error: unknown) => {
      if (!(error instanceof ProviderRefusedError)) throw error;
      return afterRefusal(deps, payment, step, error);
    });
  } catch (error) {
    if (error instanceof ProviderUnavailableError || error instanceof ProviderRefusedError) return error;
    throw error;
  }
};

/** Before anything is created once more, that is written down: nobody else may take the payment for given up meanwhile. */
const recordRetry = async (deps: AdvanceDeps, payment: Payment, cause: Omit<Cause, 'at'>) => {
  const retried = retryCreate(payment, { ...cause, at: deps.now() });
  return (await deps.payments.save(retried)) === 'saved' ? retried : undefined;
};

const takeStep = async (deps: AdvanceDeps, payment: Payment, step: Step, by: By): Promise<Payment | undefined> => {
  const cause = { actor: by === 'create' ? 'order' : 'poll' };
  const isAgain = by === 'poll' && step.action === 'create';
  const current = isAgain ? await recordRetry(deps, payment, cause) : payment;
  if (current === undefined) return undefined;
  const answer = await answerOf(deps, current, step);
  const isUnavailable = answer instanceof Error;
  const next = isUnavailable ? undefined : await changePayment(deps, current, answer, cause);
  if (next !== undefined) return next;
  const later = { attempts: current.attempts + 1, dueAt: dueAgain(current, deps.now()), delayed: isUnavailable };
  await deps.payments.reschedule(current, later);
  return undefined;
};

const stepsAtOnce = 5;

/**
 * Asks the provider for what the payment waits for, and goes on as long as something is to be done at once. Safe to be
 * broken off anywhere and retried again, by several at the same time: every question has its idempotency key, every answer
 * goes through the same transitions, and what was not answered is due again.
 */
export const advancePayment =
  (deps: AdvanceDeps) =>
  async (payment: Payment, by: By): Promise<void> => {
    let current: Payment | undefined = payment;
    let trigger = by;
    for (let taken = 0; taken < stepsAtOnce && current !== undefined; taken += 1) {
      const step = nextStep(current, deps.now());
      if (step === undefined) return;
      const next: Payment | undefined = await takeStep(deps, current, step, trigger);
      current = next?.dueAt !== undefined && next.dueAt <= deps.now().toISOString() ? next : undefined;
      trigger = 'poll';
    }
  };

/**
 * Returns the payment, after a page to pay on that has ended was closed and another was reference for. Of two requests at once
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
