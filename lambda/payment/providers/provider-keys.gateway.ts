import * as z from 'zod';
import { currentSecret } from '../../kernel/aws/secret';

const secret = z.string().min(1);

/** At most two: the current one and, during rotation, the previous one. */
const webhookSecrets = z.array(secret).max(2);

/** The secret `payment-providers`. A provider missing in it is not under contract. */
export const ProviderKeys = z.object({
  stripe: z.object({ secretKey: secret, webhookSecrets }).optional(),
  paypay: z.object({ apiKey: secret, apiSecret: secret, merchantId: secret, webhookSecrets }).optional(),
});
export type ProviderKeys = z.infer<typeof ProviderKeys>;

/** The parser's own message would expose a part of the secret. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the secret payment-providers is not JSON');
  }
};

/** Reads the secret with our keys at the providers. */
export const providerKeys = (arn: string) => currentSecret(arn, (text) => ProviderKeys.parse(parsed(text)));
