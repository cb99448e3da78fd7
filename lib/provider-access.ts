import { localHost, mayBeAsked, orOnHost } from './outbound-address';

/** How the payment providers are reached. */
export type ProviderAccess = {
  readonly stripeUrl: string;
  readonly payPayUrl: string;
  /** What they know us by, where that is no secret. @default an operator puts the keys into the secret `payment-providers` */
  readonly keys?: string | undefined;
};

/** What `-c name=value` said, unchecked. */
export type GivenProviders = { readonly stripeUrl?: unknown; readonly paypayUrl?: unknown };

export const realProviders: ProviderAccess = {
  stripeUrl: 'https://api.stripe.com',
  payPayUrl: 'https://api.paypay.ne.jp',
};

const simulator = `http://${localHost}:4570`;

/** The payment simulator of a local system, and the keys that it takes. */
export const simulatedProviders: ProviderAccess = {
  stripeUrl: simulator,
  payPayUrl: simulator,
  keys: JSON.stringify({
    stripe: { secretKey: 'sk_test_simulator', webhookSecrets: ['whsec_simulator_stripe'] },
    paypay: {
      apiKey: 'a_simulator',
      apiSecret: 'simulator-secret',
      merchantId: 'simulator-merchant',
      webhookSecrets: ['whsec_c2ltdWxhdG9yLXBheXBheS1zZWNyZXQ='],
    },
  }),
};

/** Money goes over https alone, unless it goes nowhere: to a simulator. */
const urlOf = (name: string, given: unknown, stage: string): string => {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  if (url !== undefined && mayBeAsked(url, stage)) return url.origin;
  throw new Error(`-c ${name}=${given}: must be a URL such as https://api.example.com${orOnHost(stage)}`);
};

type Stage = { readonly stage: string; readonly providers: ProviderAccess };

/** Returns the providers of a stage, with other addresses where they are given. Throws when one may not be asked. */
export const readProviders = (
  { stage, providers }: Stage,
  { stripeUrl, paypayUrl }: GivenProviders,
): ProviderAccess => ({
  ...providers,
  ...(stripeUrl === undefined ? {} : { stripeUrl: urlOf('stripeUrl', stripeUrl, stage) }),
  ...(paypayUrl === undefined ? {} : { payPayUrl: urlOf('paypayUrl', paypayUrl, stage) }),
});
