import type { RemoteProviders } from './ask-provider';
import { payPayGateway } from './paypay.gateway';
import { type PaymentProvider, ProviderUnavailableError } from './provider';
import type { RemoteProvider } from './provider-call';
import type { ProviderKeys } from './provider-keys.gateway';
import { type Patience, resilient, patience as usualPatience } from './resilience.gateway';
import { stripeGateway } from './stripe.gateway';

export type ProviderAccess = {
  /** The keys as they are now: a provider is asked with those that hold at the moment. */
  readonly keys: () => Promise<ProviderKeys>;
  readonly stripeUrl: string;
  readonly payPayUrl: string;
  readonly now: () => Date;
  /** The shop's page that customers come back to from PayPay. @default they stay there */
  readonly returnUrl?: string | undefined;
  /** @default three tries, and no more time than whoever asks has */
  readonly patience?: Patience;
  readonly onBreaker: (provider: RemoteProvider, state: 'open' | 'closed') => void;
};

/** A provider that is made anew for each call, so that exchanged keys count at once. */
const lazily = (make: () => Promise<PaymentProvider>): PaymentProvider => ({
  create: async (charge) => (await make()).create(charge),
  fetch: async (payment) => (await make()).fetch(payment),
  capture: async (payment) => (await make()).capture(payment),
  cancel: async (payment) => (await make()).cancel(payment),
  refund: async (payment, refund) => (await make()).refund(payment, refund),
  disputes: async (list) => (await (await make()).disputes?.(list)) ?? { disputes: [] },
});

const keysOf = async <Name extends RemoteProvider>({ keys }: ProviderAccess, name: Name) => {
  const known = (await keys())[name];
  if (known === undefined) throw new ProviderUnavailableError(`there are no keys of ${name}`);
  return known as NonNullable<ProviderKeys[Name]>;
};

/** The providers that are asked over the network, each behind a breaker of its own. */
export const remoteProviders = (access: ProviderAccess): RemoteProviders => {
  const { stripeUrl, payPayUrl, now, returnUrl, onBreaker, patience = usualPatience } = access;
  const { tryMs: timeoutMs } = patience;
  const stripe = async () => {
    const { secretKey } = await keysOf(access, 'stripe');
    return stripeGateway({ secretKey, url: stripeUrl, now, timeoutMs });
  };
  const payPay = async () => {
    const { apiKey, apiSecret, merchantId } = await keysOf(access, 'paypay');
    return payPayGateway({ apiKey, apiSecret, merchantId, url: payPayUrl, now, timeoutMs, returnUrl });
  };
  return {
    stripe: resilient(lazily(stripe), (state) => onBreaker('stripe', state), patience),
    paypay: resilient(lazily(payPay), (state) => onBreaker('paypay', state), patience),
  };
};
