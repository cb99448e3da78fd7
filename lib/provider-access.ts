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

const simulator = 'http://127.0.0.1:4570';

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

/** Money goes over https alone, unless it goes nowhere. */
const urlOf = (name: string, given: unknown): string => {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isLocal))
    throw new Error(`-c ${name}=${given}: must be a URL such as https://api.example.com`);
  return url.origin;
};

/** The providers of a stage, with other addresses where they are given. */
export const readProviders = (usual: ProviderAccess, { stripeUrl, paypayUrl }: GivenProviders): ProviderAccess => ({
  ...usual,
  ...(stripeUrl === undefined ? {} : { stripeUrl: urlOf('stripeUrl', stripeUrl) }),
  ...(paypayUrl === undefined ? {} : { payPayUrl: urlOf('paypayUrl', paypayUrl) }),
});
