import { hostUrl } from '../kernel/aws/aws-endpoint';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { cached } from '../kernel/ttl-cache';
import { askProviderEnv } from './env';
import { ProviderKeys, providerKeys } from './providers/provider-keys.gateway';
import { answerProviderRequest } from './providers/provider-request';
import { remoteProviders } from './providers/providers.gateway';

const env = readEnv(askProviderEnv);
const secret = providerKeys(env.PROVIDER_KEYS_ARN);
const keysTtlMs = 5 * 60_000; // how long rotated keys take to apply
const keys = cached(() => secret.read(), keysTtlMs);

const answer = answerProviderRequest(
  remoteProviders({
    keys: async () => (await keys('')) ?? ProviderKeys.parse({}),
    stripeUrl: hostUrl(env.STRIPE_URL),
    payPayUrl: hostUrl(env.PAYPAY_URL),
    now: () => new Date(),
    returnUrl: env.RETURN_URL || undefined,
    onBreaker: (provider, state) => logger.warn('breaker changed', { provider, state }),
  }),
);

export const handler = async (request: unknown) => {
  const response = await answer(request);
  logger.info('provider asked', { answer: response.answer });
  return response;
};
