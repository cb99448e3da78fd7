import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { countingEnv, openMiddlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
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
const [secret, keys] = await Promise.all([rotatingSecret(env.SEAL_SECRET_ARN), providerKeys(env.PROVIDER_KEYS_ARN)]);
const details = detailsEncryption(secret);
const { encryptDetails } = details;
const now = () => new Date();
const payments = withCurrentDetailsKey(paymentStore(env.PAYMENTS_TABLE, db), details);
const livemode = (provider: keyof ProviderKeys) => {
  if (provider !== 'stripe') return undefined;
  const [, mode] = /^[rs]k_(live|test)_/.exec(keys.keysOf('stripe')?.secretKey ?? '') ?? [];
  return mode === undefined ? undefined : mode === 'live';
};
const receive = receiveWebhook({ payments, encryptDetails, now, livemode });

const secretsOf = (provider: keyof ProviderKeys) => () => keys.keysOf(provider)?.webhookSecrets ?? [];

export const handler = secret.refreshBefore(
  keys.refreshBefore(
    serve(
      routes,
      {
        receiveStripeWebhook: webhookRoute({ parse: parseStripeWebhook, secrets: secretsOf('stripe'), receive, now }),
        receivePayPayWebhook: webhookRoute({ parse: parsePayPayWebhook, secrets: secretsOf('paypay'), receive, now }),
      },
      openMiddlewareOf(readEnv(countingEnv), db), // authenticated by signature alone; providers resend rejected webhooks
    ),
  ),
);
