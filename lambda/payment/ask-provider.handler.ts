import { hostUrl } from '../kernel/aws/aws-endpoint';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { askProviderEnv } from './env';
import { providerKeys } from './providers/provider-keys.gateway';
import { answerProviderRequest } from './providers/provider-request';
import { remoteProviders } from './providers/providers.gateway';

const env = readEnv(askProviderEnv);
const keys = await providerKeys(env.PROVIDER_KEYS_ARN);

const answer = answerProviderRequest(
  remoteProviders({
    keysOf: keys.keysOf,
    stripeUrl: hostUrl(env.STRIPE_URL),
    payPayUrl: hostUrl(env.PAYPAY_URL),
    now: () => new Date(),
    returnUrl: env.RETURN_URL || undefined,
    onBreaker: (provider, state) => logger.warn('breaker changed', { provider, state }),
  }),
);

export const handler = keys.refreshBefore(async (request: unknown) => {
  const response = await answer(request);
  logger.info('provider asked', { answer: response.answer });
  return response;
});
