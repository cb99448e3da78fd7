import { routes } from '../contracts/routes';
import { documentClient } from '../kernel/dynamodb';
import { countingEnv, openEdgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { remember } from '../kernel/ttl-cache';
import { receiveWebhooksEnv } from './env';
import { paymentStore } from './payment.store';
import { parsePayPayWebhook } from './paypay-webhook';
import { type ProviderKeys, providerKeys } from './provider-keys.gateway';
import { receiveWebhook } from './receive-webhook';
import { sealedAnew, sealing } from './seal.gateway';
import { parseStripeWebhook } from './stripe-webhook';
import { webhookRoute } from './webhooks.http';

const env = readEnv(receiveWebhooksEnv);
const db = documentClient();
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = sealing(secret);
const { seal } = details;
const { read } = providerKeys(env.PROVIDER_KEYS_ARN);
const rememberedMs = 5 * 60_000; // how long exchanged secrets take to be seen: two are good at a time
const keys = remember(() => read(), rememberedMs);
const now = () => new Date();
const payments = sealedAnew(paymentStore(env.PAYMENTS_TABLE, db), details);
const livemode = async (provider: keyof ProviderKeys) => {
  const [, mode] = /^[rs]k_(live|test)_/.exec((await keys(''))?.stripe?.secretKey ?? '') ?? [];
  return provider === 'stripe' && mode !== undefined ? mode === 'live' : undefined;
};
const receive = receiveWebhook({ payments, seal, now, livemode });

const secretsOf = (provider: keyof ProviderKeys) => async () => (await keys(''))?.[provider]?.webhookSecrets ?? [];

export const handler = secret.keptFreshFor(
  serve(
    routes,
    {
      receiveStripeWebhook: webhookRoute({ parse: parseStripeWebhook, secrets: secretsOf('stripe'), receive, now }),
      receivePayPayWebhook: webhookRoute({ parse: parsePayPayWebhook, secrets: secretsOf('paypay'), receive, now }),
    },
    openEdgeOf(readEnv(countingEnv), db), // known by its signature alone; what is refused a provider sends again
  ),
);
