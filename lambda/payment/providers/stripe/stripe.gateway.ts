import Stripe from 'stripe';
import type { PaymentMethod } from '../../../contracts/values/payment-status';
import {
  type DisputeList,
  type DisputePage,
  type PaymentProvider,
  type PaymentReference,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
  type RefundSnapshot,
} from '../provider';
import {
  intentSnapshot,
  listedDispute,
  refundSnapshot,
  StripeDispute,
  StripeIntent,
  StripeRefund,
} from './stripe-snapshot';

export type StripeAccess = {
  readonly secretKey: string;
  /** Stripe's base URL: `https://api.stripe.com`, or a simulator. */
  readonly url: string;
  readonly now: () => Date;
  /** Timeout of one call. @default 3000 */
  readonly timeoutMs?: number;
};

type Access = StripeAccess & { readonly stripe: Stripe };

const clientOf = ({ secretKey, url, timeoutMs = 3000 }: StripeAccess): Stripe => {
  const { protocol, hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    apiVersion: '2026-02-25.clover',
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 0, // retries are made with a circuit breaker around the gateway
    telemetry: false,
    timeout: timeoutMs,
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? '80' : '443') : port,
  });
};

const { StripeError, StripeInvalidRequestError, StripeCardError, StripeIdempotencyError } = Stripe.errors;

/** 409 means that the same request is still being processed, whatever the error class. */
const isPermanent = (error: unknown) =>
  (error instanceof StripeInvalidRequestError ||
    error instanceof StripeCardError ||
    error instanceof StripeIdempotencyError) &&
  error.statusCode !== 409;

const codeOf = (error: unknown): string | undefined => (error instanceof StripeError ? error.code : undefined);

const providerError = (error: unknown): Error => {
  if (error instanceof ProviderRefusedError) return error;
  if (codeOf(error) === 'charge_disputed')
    return new ProviderUnavailableError('the bank holds the money because of an open dispute');
  if (!(error instanceof StripeError)) return new ProviderUnavailableError('Stripe did not answer', { cause: error });
  if (isPermanent(error)) return new ProviderRefusedError(error.decline_code ?? error.code ?? error.type);
  return new ProviderUnavailableError(`Stripe answered with ${error.statusCode ?? error.type}`, { cause: error });
};

/**
 * Stripe stores a 500 with its key and replays it for a day; an idempotency error means that the key belongs to another
 * request.
 */
const isKeySpent = (error: unknown): boolean =>
  error instanceof StripeError &&
  (error.statusCode === 500 ||
    ((error.statusCode ?? 0) > 500 && error.headers?.['idempotent-replayed'] === 'true') ||
    (error instanceof StripeIdempotencyError && error.statusCode !== 409));

/** Creates an object under an idempotency key. Throws ProviderKeySpentError when only another key may succeed. */
const createOnce = async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await operation();
  } catch (error) {
    throw isKeySpent(error) ? new ProviderKeySpentError({ cause: error }) : error;
  }
};

const call = async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await operation();
  } catch (error) {
    throw providerError(error);
  }
};

type Types = { readonly payment_method_types: string[] } | { readonly automatic_payment_methods: { enabled: true } };

const card: Types = { payment_method_types: ['card'] };

/** The methods offered at Stripe. Bank transfers have no type of their own in every country. */
const methods: Readonly<Partial<Record<PaymentMethod, Types>>> = {
  CREDIT_CARD: card,
  DEBIT_CARD: card,
  APPLE_PAY: card,
  GOOGLE_PAY: card,
  PAYPAL: { payment_method_types: ['paypal'] },
  AMAZON_PAY: { payment_method_types: ['amazon_pay'] },
};

/** Currencies whose minor units at Stripe differ from ISO 4217. */
const unsupportedUnits = ['ISK', 'MGA', 'UGX'];
const expand = ['latest_charge'];

const createIntent = async ({ stripe }: Access, reference: PaymentReference): Promise<StripeIntent> => {
  const { tenant, paymentId, orderId, amount, currency, paymentMethod, key, keyNumber = 0 } = reference;
  if (unsupportedUnits.includes(currency)) throw new ProviderRefusedError('currency-not-supported');
  const params = {
    amount,
    currency: currency.toLowerCase(),
    metadata: { tenant, paymentId, orderId, ...(keyNumber === 0 ? {} : { keyNumber: String(keyNumber) }) },
    description: orderId,
    ...(methods[paymentMethod] ?? { automatic_payment_methods: { enabled: true } }),
  };
  return StripeIntent.parse(
    await createOnce(() => stripe.paymentIntents.create(params, { idempotencyKey: key })), // a replay is as it was created
  );
};

const retrieve = async ({ stripe, now }: Access, id: string) =>
  intentSnapshot(StripeIntent.parse(await stripe.paymentIntents.retrieve(id, { expand })), now().toISOString());

const maxRefunds = 1000; // more than fits into a row

const refundsOf = async ({ stripe }: Access, payment_intent: string): Promise<RefundSnapshot[]> => {
  const listed = await stripe.refunds.list({ payment_intent, limit: 100 }).autoPagingToArray({ limit: maxRefunds });
  return listed.map((one) => refundSnapshot(StripeRefund.parse(one)));
};

/** Returns the payment with every refund, if there are any. */
const retrieveWithRefunds = async (access: Access, id: string): Promise<ProviderSnapshot> => {
  const snapshot = await retrieve(access, id);
  return snapshot.refundedAmount ? { ...snapshot, refunds: await refundsOf(access, id) } : snapshot;
};

const isOfKey = ({ metadata }: StripeIntent, { keyNumber = 0 }: PaymentReference) =>
  Number(metadata?.keyNumber ?? 0) === keyNumber;

const ranks: Readonly<Record<string, number>> = { canceled: 0, requires_capture: 2, succeeded: 3 };
const rankOf = ({ status }: StripeIntent) => ranks[status] ?? 1;

/** Finds the PaymentIntent of the payment's key by search, which shows new ones within a minute. */
const findIntent = async ({ stripe }: Access, reference: PaymentReference): Promise<StripeIntent | undefined> => {
  const { tenant, paymentId } = reference;
  const query = `metadata['tenant']:'${tenant}' AND metadata['paymentId']:'${paymentId}'`; // no character to escape
  const { data } = await stripe.paymentIntents.search({ query, limit: 100, expand: ['data.latest_charge'] });
  const made = data.map((one) => StripeIntent.parse(one)).filter((one) => isOfKey(one, reference));
  return made.sort((one, other) => rankOf(other) - rankOf(one))[0];
};

const fetchUnlessMissing = async (access: Access, reference: PaymentReference) => {
  const { externalPaymentId: id } = reference;
  if (id === undefined) {
    const found = await findIntent(access, reference);
    return found && intentSnapshot(found, access.now().toISOString());
  }
  try {
    return await retrieveWithRefunds(access, id);
  } catch (error) {
    if (codeOf(error) === 'resource_missing') return undefined;
    throw error;
  }
};

const idOf = async (access: Access, reference: PaymentReference): Promise<string | undefined> =>
  reference.externalPaymentId ?? (await findIntent(access, reference))?.id;

const knownId = async (access: Access, reference: PaymentReference): Promise<string> => {
  const id = await idOf(access, reference);
  if (id === undefined) throw new ProviderRefusedError('resource_missing');
  return id;
};

/** Returns the current state when the action is no longer allowed. */
const unlessTooLate = async (access: Access, id: string, act: () => Promise<unknown>) => {
  try {
    return intentSnapshot(StripeIntent.parse(await act()), access.now().toISOString());
  } catch (error) {
    if (codeOf(error) === 'payment_intent_unexpected_state') return retrieve(access, id);
    throw error;
  }
};

/** A payment that was never created needs no cancellation at Stripe. */
const neverCreated = (
  { now }: Access,
  { key, amount, currency, tenant, paymentId }: PaymentReference,
): ProviderSnapshot => ({
  ...{ state: 'CANCELLED', externalPaymentId: key, amount, currency, tenant, paymentId },
  at: now().toISOString(),
});

/** Throws when less is left of the payment than requested, because somebody else refunded it. */
const refuseMoreThanLeft = async (access: Access, id: string, { amount }: RefundRequest): Promise<void> => {
  const { state, amount: captured, refundedAmount } = await retrieve(access, id);
  const isKnown = state === 'CAPTURED' && refundedAmount !== undefined;
  if (isKnown && captured - refundedAmount < amount) throw new ProviderRefusedError('more-than-left');
};

/** Stripe forgets a key after a day, but not the refund's ID in its metadata. */
const createRefund: (access: Access) => PaymentProvider['refund'] = (access) => async (reference, refund) => {
  const { stripe } = access;
  const { tenant, paymentId, orderId } = reference;
  const { refundId, amount, key: idempotencyKey } = refund;
  const payment_intent = await knownId(access, reference);
  const known = (await refundsOf(access, payment_intent)).find((one) => one.refundId === refundId);
  if (known !== undefined) return known;
  await refuseMoreThanLeft(access, payment_intent, refund);
  const metadata = { tenant, paymentId, orderId, refundId };
  const made = await createOnce(() => stripe.refunds.create({ payment_intent, amount, metadata }, { idempotencyKey }));
  return refundSnapshot(StripeRefund.parse(made));
};

const listDisputes = async ({ stripe }: Access, { since, after }: DisputeList): Promise<DisputePage> => {
  const created = { gte: Math.floor(Date.parse(since) / 1000) };
  const { data, has_more } = await stripe.disputes.list({
    created,
    limit: 100,
    ...(after && { starting_after: after }),
  });
  const disputes = data.map((one) => listedDispute(StripeDispute.parse(one)));
  const last = disputes.at(-1)?.dispute.disputeId;
  return { disputes, ...(has_more && last !== undefined && { next: last }) };
};

/** Payments with Stripe's PaymentIntents through its SDK. */
export const stripeGateway = (given: StripeAccess): PaymentProvider => {
  const access: Access = { ...given, stripe: clientOf(given) };
  const { stripe, now } = access;
  const refund = createRefund(access);
  return {
    create: (charge) => call(async () => intentSnapshot(await createIntent(access, charge), now().toISOString())),
    fetch: (reference) => call(() => fetchUnlessMissing(access, reference)),
    capture: (reference) =>
      call(async () => {
        const id = await knownId(access, reference); // needs no key: a captured payment is not captured again
        return unlessTooLate(access, id, () => stripe.paymentIntents.capture(id, { expand }));
      }),
    cancel: (reference) =>
      call(async () => {
        const id = await idOf(access, reference);
        if (id === undefined) return neverCreated(access, reference);
        return unlessTooLate(access, id, () => stripe.paymentIntents.cancel(id, { expand }));
      }),
    refund: (reference, request) => call(() => refund(reference, request)),
    disputes: (list) => call(() => listDisputes(access, list)),
  };
};
