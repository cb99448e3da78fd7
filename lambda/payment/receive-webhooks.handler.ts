import { routes } from '../contracts/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http/http';
import { countingEnv, openMiddlewareOf } from '../kernel/http/middleware';
import { cached } from '../kernel/ttl-cache';
import { receiveWebhooksEnv } from './env';
import { paymentStore } from './payment.store';
import { detailsEncryption, withCurrentDetailsKey } from './payment-details.gateway';
import { parsePayPayWebhook } from './providers/paypay/paypay-webhook';
import { type ProviderKeys, providerKeys } from './providers/provider-keys.gateway';
import { parseStripeWebhook } from './providers/stripe/stripe-webhook';
import { receiveWebhook } from './webhooks/receive-webhook';
import { webhookRoute } from './webhooks/webhooks.http';

const env = readEnv(receiveWebhooksEnv);
const db = documentClient();
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = detailsEncryption(secret);
const { encryptDetails } = details;
const { read } = providerKeys(env.PROVIDER_KEYS_ARN);
const keysTtlMs = 5 * 60_000; // how long rotated secrets take to apply: two are valid at a time
const keys = cached(() => read(), keysTtlMs);
const now = () => new Date();
const payments = withCurrentDetailsKey(paymentStore(env.PAYMENTS_TABLE, db), details);
const livemode = async (provider: keyof ProviderKeys) => {
  const [, mode] = /^[rs]k_(live|test)_/.exec((await keys(''))?.stripe?.secretKey ?? '') ?? [];
  return provider === 'stripe' && mode !== undefined ? mode === 'live' : undefined;
};
const receive = receiveWebhook({ payments, encryptDetails, now, livemode });

const secretsOf = (provider: keyof ProviderKeys) => async () => (await keys(''))?.[provider]?.webhookSecrets ?? [];

export const handler = secret.refreshBefore(
  serve(
    routes,
    {
      receiveStripeWebhook: webhookRoute({ parse: parseStripeWebhook, secrets: secretsOf('stripe'), receive, now }),
      receivePayPayWebhook: webhookRoute({ parse: parsePayPayWebhook, secrets: secretsOf('paypay'), receive, now }),
    },
    openMiddlewareOf(readEnv(countingEnv), db), // authenticated by signature alone; providers resend rejected webhooks
  ),
);
