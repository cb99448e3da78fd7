import { isAllowedUrl, localHost, orOnHost } from './outbound-address';
import { ConfigError } from './settings';

/** The addresses and keys of the payment providers. */
export type ProviderAccess = {
  readonly stripeUrl: string;
  readonly payPayUrl: string;
  /** The shop's page that customers return to from PayPay, with `{tenant}` and `{orderId}`. @default none */
  readonly returnUrl?: string | undefined;
  /** Our keys, where they are not secret. @default an operator puts them into the secret `payment-providers` */
  readonly keys?: string | undefined;
};

/** The values of `-c name=value`, unvalidated. */
export type GivenProviders = {
  readonly stripeUrl?: unknown;
  readonly paypayUrl?: unknown;
  readonly returnUrl?: unknown;
};

export const realProviders: ProviderAccess = {
  stripeUrl: 'https://api.stripe.com',
  payPayUrl: 'https://api.paypay.ne.jp',
};

const simulator = `http://${localHost}:4570`;

/** The payment simulator of a local system, with its keys. */
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

/** Returns the origin. Throws unless it is https or a simulator. */
const urlOf = (name: string, given: unknown, stage: string): string => {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  if (url !== undefined && isAllowedUrl(url, stage)) return url.origin;
  throw new ConfigError(`-c ${name}=${given}: must be a URL such as https://api.example.com${orOnHost(stage)}`);
};

const placeholder = /\{(?:tenant|orderId)\}/g;
const ownHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Returns the page that customers' browsers open. Throws unless it is https, or this machine in the local stage. */
const pageOf = (given: unknown, stage: string): string => {
  const text = String(given);
  const filled = text.replace(placeholder, 'x');
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  const isOwn = stage === 'local' && url?.protocol === 'http:' && ownHosts.includes(url.hostname);
  const isPage = (url?.protocol === 'https:' || isOwn) && url?.username === '' && !/[{}\s]/.test(filled);
  if (isPage && text.length <= 255) return text;
  throw new ConfigError(
    `-c returnUrl=${given}: must be an https page of at most 255 characters, such as https://{tenant}.example.com/orders/{orderId}`,
  );
};

type Stage = { readonly stage: string; readonly providers: ProviderAccess };

/** Returns the providers of a stage with the given addresses. Throws for an address that is not allowed. */
export const readProviders = (
  { stage, providers }: Stage,
  { stripeUrl, paypayUrl, returnUrl }: GivenProviders,
): ProviderAccess => ({
  ...providers,
  ...(stripeUrl === undefined ? {} : { stripeUrl: urlOf('stripeUrl', stripeUrl, stage) }),
  ...(paypayUrl === undefined ? {} : { payPayUrl: urlOf('paypayUrl', paypayUrl, stage) }),
  ...(returnUrl === undefined ? {} : { returnUrl: pageOf(returnUrl, stage) }),
});
