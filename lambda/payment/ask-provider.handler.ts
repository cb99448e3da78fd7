import { hostUrl } from '../kernel/aws-endpoint';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { remember } from '../kernel/ttl-cache';
import { askProvider } from './ask-provider';
import { askProviderEnv } from './env';
import { ProviderKeys, providerKeys } from './provider-keys.gateway';
import { remoteProviders } from './providers.gateway';

const env = readEnv(askProviderEnv);
const secret = providerKeys(env.PROVIDER_KEYS_ARN);
const rememberedMs = 5 * 60_000; // how long exchanged keys take to be seen
const keys = remember(() => secret.read(), rememberedMs);

const answer = askProvider(
  remoteProviders({
    keys: async () => (await keys('')) ?? ProviderKeys.parse({}),
    stripeUrl: hostUrl(env.STRIPE_URL),
    payPayUrl: hostUrl(env.PAYPAY_URL),
    now: () => new Date(),
    returnUrl: env.RETURN_URL || undefined,
    onBreaker: (provider, state) => logger.warn('breaker changed', { provider, state }),
  }),
);

export const handler = async (asked: unknown) => {
  const answered = await answer(asked);
  logger.info('provider asked', { answer: answered.answer });
  return answered;
};
