import Stripe from 'stripe';
import type { PaymentMethod } from '../contracts/payment-status';
import { type AskedPayment, type PaymentProvider, ProviderRefusedError, ProviderUnavailableError } from './provider';
import { StripeIntent, StripeRefund, sightIntent, sightRefund } from './stripe-sighting';

export type StripeAccess = {
  readonly secretKey: string;
  /** Where Stripe answers: `https://api.stripe.com`, or a simulator. */
  readonly url: string;
  readonly now: () => Date;
  /** For one call. @default 3000 */
  readonly timeoutMs?: number;
};

type Access = StripeAccess & { readonly stripe: Stripe };

const clientOf = ({ secretKey, url, timeoutMs = 3000 }: StripeAccess): Stripe => {
  const { protocol, hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    apiVersion: '2026-02-25.clover',
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 0, // retries are ours, with a breaker
    telemetry: false,
    timeout: timeoutMs,
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? '80' : '443') : port,
  });
};

const { StripeError, StripeInvalidRequestError, StripeCardError, StripeIdempotencyError } = Stripe.errors;

/** 409 is a question that is still being answered, whatever it is called. */
const isForGood = (error: unknown) =>
  (error instanceof StripeInvalidRequestError ||
    error instanceof StripeCardError ||
    error instanceof StripeIdempotencyError) &&
  error.statusCode !== 409;

const codeOf = (error: unknown): string | undefined => (error instanceof StripeError ? error.code : undefined);

const translated = (error: unknown): Error => {
  if (error instanceof ProviderRefusedError) return error;
  if (!(error instanceof StripeError)) return new ProviderUnavailableError('Stripe did not answer', { cause: error });
  if (isForGood(error)) return new ProviderRefusedError(error.decline_code ?? error.code ?? error.type);
  return new ProviderUnavailableError(`Stripe answered with ${error.statusCode ?? error.type}`, { cause: error });
};

const call = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    throw translated(error);
  }
};

type Types = { readonly payment_method_types: string[] } | { readonly automatic_payment_methods: { enabled: true } };

const card: Types = { payment_method_types: ['card'] };

/** What the customer can choose from at Stripe. A bank transfer has no type of its own in every country. */
const methods: Readonly<Partial<Record<PaymentMethod, Types>>> = {
  CREDIT_CARD: card,
  DEBIT_CARD: card,
  APPLE_PAY: card,
  GOOGLE_PAY: card,
  PAYPAL: { payment_method_types: ['paypal'] },
  AMAZON_PAY: { payment_method_types: ['amazon_pay'] },
};

/** Where Stripe counts in other units than ISO 4217 does. */
const otherUnits = ['ISK', 'MGA', 'UGX'];
const expand = ['latest_charge'];

const createIntent = async ({ stripe }: Access, asked: AskedPayment): Promise<StripeIntent> => {
  const { tenant, paymentId, orderId, amount, currency, paymentMethod, key } = asked;
  if (otherUnits.includes(currency)) throw new ProviderRefusedError('currency-not-supported');
  const created = await stripe.paymentIntents.create(
    {
      amount,
      currency: currency.toLowerCase(),
      metadata: { tenant, paymentId, orderId },
      description: orderId,
      ...(methods[paymentMethod] ?? { automatic_payment_methods: { enabled: true } }),
    },
    { idempotencyKey: key },
  );
  return StripeIntent.parse(created);
};

/** Under the same key Stripe answers with the payment as it was when it was made. */
const idOf = async (access: Access, asked: AskedPayment): Promise<string> =>
  asked.externalPaymentId ?? (await createIntent(access, asked)).id;

const look = async ({ stripe, now }: Access, id: string) =>
  sightIntent(StripeIntent.parse(await stripe.paymentIntents.retrieve(id, { expand })), now().toISOString());

/** A payment that Stripe refuses to make was never made: only the same key for something else says that there is one. */
const isUnmade = ({ externalPaymentId }: AskedPayment, error: unknown): boolean =>
  externalPaymentId === undefined &&
  translated(error) instanceof ProviderRefusedError &&
  !(error instanceof StripeIdempotencyError);

const lookUnlessMissing = async (access: Access, asked: AskedPayment) => {
  try {
    return await look(access, await idOf(access, asked));
  } catch (error) {
    if (codeOf(error) === 'resource_missing' || isUnmade(asked, error)) return undefined;
    throw error;
  }
};

/** Does what only one state allows. In another state it says which. */
const unlessTooLate = async (access: Access, id: string, act: () => Promise<unknown>) => {
  try {
    return sightIntent(StripeIntent.parse(await act()), access.now().toISOString());
  } catch (error) {
    if (codeOf(error) === 'payment_intent_unexpected_state') return look(access, id);
    throw error;
  }
};

/** Stripe forgets a key after a day; the refund's own ID in its metadata is never forgotten. */
const refundOf = async ({ stripe }: Access, payment_intent: string, refundId: string) => {
  const { data } = await stripe.refunds.list({ payment_intent, limit: 100 });
  return data.find(({ metadata }) => metadata?.refundId === refundId);
};

const giveBack: (access: Access) => PaymentProvider['refund'] = (access) => async (asked, refund) => {
  const { stripe } = access;
  const { tenant, paymentId, orderId } = asked;
  const { refundId, amount, key: idempotencyKey } = refund;
  const payment_intent = await idOf(access, asked);
  const known = await refundOf(access, payment_intent, refundId);
  if (known !== undefined) return sightRefund(StripeRefund.parse(known));
  const metadata = { tenant, paymentId, orderId, refundId };
  const made = await stripe.refunds.create({ payment_intent, amount, metadata }, { idempotencyKey });
  return sightRefund(StripeRefund.parse(made));
};

/** Payments by Stripe's PaymentIntents, through its own SDK. */
export const stripeGateway = (given: StripeAccess): PaymentProvider => {
  const access: Access = { ...given, stripe: clientOf(given) };
  const { stripe, now } = access;
  const refund = giveBack(access);
  return {
    create: (charge) => call(async () => sightIntent(await createIntent(access, charge), now().toISOString())),
    fetch: (asked) => call(() => lookUnlessMissing(access, asked)),
    capture: (asked) =>
      call(async () => {
        const id = await idOf(access, asked);
        const idempotencyKey = `${asked.key}:capture`;
        return unlessTooLate(access, id, () => stripe.paymentIntents.capture(id, { expand }, { idempotencyKey }));
      }),
    cancel: (asked) =>
      call(async () => {
        const id = await idOf(access, asked);
        return unlessTooLate(access, id, () => stripe.paymentIntents.cancel(id, { expand }));
      }),
    refund: (asked, wanted) => call(() => refund(asked, wanted)),
  };
};
