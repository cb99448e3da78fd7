import * as z from 'zod';

const text = z.string().min(1);

/** Where the providers' keys are. */
const keys = { PROVIDER_KEYS_ARN: text, SECRETS_URL: z.url(), SECRETS_REGION: text };

export const askProviderEnv = z.object({ ...keys, STRIPE_URL: z.url(), PAYPAY_URL: z.url() });
