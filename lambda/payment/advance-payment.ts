import { conflict, retryOnConflict } from '../kernel/retry';
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
import { replaceCheckout, replaceKey, replaceRefundKey } from './domain/payment-keys';
import type { ProviderUpdate } from './domain/provider-update';
import { retryCreate } from './domain/request-payment';
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
  /** Encrypts the confidential details of a snapshot when they are new. */
  readonly encryptDetails: (payment: Payment, snapshot: ProviderSnapshot) => ProviderUpdate;
  readonly now: () => Date;
};

/** What triggers a step: `create` for the first try, `poll` for every later one. */
export type By = 'create' | 'poll';

type Refund = Payment['refunds'][number];
type ProviderError = ProviderUnavailableError | ProviderRefusedError;
type Change = (payment: Payment, cause: Cause) => Payment | undefined;

const maxAttempts = 10; // against concurrent changes

/** The first key has no number, so payments from before numbered keys keep theirs. */
const numbered = (key: string, keyNumber: number): string => (keyNumber === 0 ? key : `${key}/key-${keyNumber}`);

const paymentReference = (payment: Payment): PaymentReference => {
  const { tenant, paymentId, orderId, userId, amount, currency, paymentMethod } = payment;
  const { externalPaymentId, paymentIntentId, keyNumber } = payment;
  const key = numbered(`${tenant}/${paymentId}`, keyNumber);
  const ids = { keyNumber, externalPaymentId, paymentIntentId };
  return { tenant, paymentId, orderId, userId, amount, currency, paymentMethod, key, ...ids };
};

/** References a payment at the provider other than the current one, by its external ID. */
const referenceTo = (payment: Payment, externalPaymentId: string): PaymentReference => {
  const reference = paymentReference(payment);
  if (reference.externalPaymentId === externalPaymentId) return reference;
  const replaced = payment.replaced.find((one) => one.externalPaymentId === externalPaymentId);
  return { ...reference, externalPaymentId, paymentIntentId: replaced?.paymentIntentId };
};

const referenceFor = (payment: Payment, step: Step): PaymentReference =>
  step.action === 'close' ? referenceTo(payment, step.externalPaymentId) : paymentReference(payment);

/** The key includes a reduced amount, since providers reject another amount under the same key. */
const refundKey = ({ refundId, amount, requestedAmount = amount }: Refund): string =>
  amount === requestedAmount ? refundId : `${refundId}/${amount}`;

const refundRequest = ({ tenant, paymentId, currency }: Payment, refund: Refund): RefundRequest => {
  const { refundId, amount, reason, keyNumber = 0 } = refund;
  const key = numbered(`${tenant}/${paymentId}/${refundKey(refund)}`, keyNumber);
  return { refundId, amount, currency, reason, key };
};

/**
 * Saves the result of `change`, which is applied again after a concurrent change. Returns undefined when nothing
 * changes. Throws after ten tries.
 */
export const changePayment = (
  { payments, now }: Pick<AdvanceDeps, 'payments' | 'now'>,
  payment: Payment,
  change: Change,
  cause: Omit<Cause, 'at'>,
): Promise<Payment | undefined> => {
  const { paymentId } = payment;
  const onExhausted = `payment ${paymentId} changed ${maxAttempts} times during one update`;
  return retryOnConflict({ attempts: maxAttempts, onExhausted }, async (tried) => {
    const current = tried === 1 ? payment : await payments.get(payment);
    if (current === undefined) throw new Error(`payment ${paymentId} is missing`);
    const next = change(current, { ...cause, at: now() });
    return next === undefined || (await payments.save(next)) === 'saved' ? next : conflict;
  });
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

/** Reads every refund of a capture from the provider, whoever made it; again after a change during the read. */
const readRefunds = async (deps: AdvanceDeps, payment: Payment, externalPaymentId: string): Promise<Change> => {
  const snapshot = await deps.providers[payment.provider].fetch(referenceTo(payment, externalPaymentId));
  return (current, cause) => {
    const next = snapshot && applyProviderUpdate(current, deps.encryptDetails(current, snapshot), cause);
    const isNewest = current.version === payment.version;
    return next ?? (isNewest ? refundsRead(current, externalPaymentId, cause) : undefined);
  };
};

/** Fetches by idempotency key alone, since a webhook may have named a payment other than the requested one. */
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

/** Fetches the capture of a refund as it is now. Returns undefined when the provider refuses. */
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
 * Sends a refused refund once more, which finds one that an earlier try made. After a second refusal, checks whether
 * somebody else refunded the capture and otherwise records the refusal.
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

/** A spent key needs the next key. The new request first looks for a refund made under the old one. */
const afterRefusedRefund = async (
  deps: AdvanceDeps,
  payment: Payment,
  { refundId, keyNumber = 0, ...refund }: Refund,
  error: ProviderRefusedError,
): Promise<Change> =>
  error instanceof ProviderKeySpentError
    ? (current, cause) => replaceRefundKey(current, { refundId, keyNumber }, cause)
    : confirmRefundRefusal(deps, payment, { refundId, keyNumber, ...refund });

/** Returns the change after a refused creation: the next key for a spent key, otherwise a failed payment. */
const notCreated = ({ keyNumber }: Payment, error: ProviderRefusedError): Change =>
  error instanceof ProviderKeySpentError
    ? (current, cause) => replaceKey(current, keyNumber, cause)
    : (current, cause) => applyRefusal(current, error.reason, cause);

/** Returns the change after a refusal: the provider either has no such payment or has it in another state. */
const afterRefusal = async (
  deps: AdvanceDeps,
  payment: Payment,
  step: Step,
  error: ProviderRefusedError,
): Promise<Change> => {
  if (step.action === 'refund') return afterRefusedRefund(deps, payment, step.refund, error);
  if (step.action === 'find' || step.action === 'read') return () => undefined; // it exists, without details
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

/** Returns the change that the provider's answer causes, or the error when the answer is inconclusive. */
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

/** Records a repeated creation before sending it, so that nobody meanwhile considers the payment abandoned. */
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

const maxSteps = 5;

/**
 * Takes the next steps of a payment at its provider, as long as one is due at once. Safe to interrupt, repeat and run
 * concurrently: requests have idempotency keys, answers pass the same transitions, and unanswered steps become due
 * again.
 */
export const advancePayment =
  (deps: AdvanceDeps) =>
  async (payment: Payment, by: By): Promise<void> => {
    let current: Payment | undefined = payment;
    let trigger = by;
    for (let taken = 0; taken < maxSteps && current !== undefined; taken += 1) {
      const step = nextStep(current, deps.now());
      if (step === undefined) return;
      const next: Payment | undefined = await takeStep(deps, current, step, trigger);
      current = next?.dueAt !== undefined && next.dueAt <= deps.now().toISOString() ? next : undefined;
      trigger = 'poll';
    }
  };

/**
 * Returns the payment, after replacing a checkout page that has expired. Of two concurrent requests one replaces it and
 * the other returns the current state; the poller retries what the provider does not answer.
 */
export const liveCheckout =
  (deps: AdvanceDeps) =>
  async (payment: Payment): Promise<Payment> => {
    const replaced = replaceCheckout(payment, { actor: 'customer', at: deps.now() });
    if (replaced === undefined) return payment;
    const payments = { ...deps.payments, reschedule: async () => false }; // it is already due, so the poller continues
    if ((await payments.save(replaced)) === 'saved') await advancePayment({ ...deps, payments })(replaced, 'poll');
    return (await deps.payments.get(payment)) ?? payment;
  };
