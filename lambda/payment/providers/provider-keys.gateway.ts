import * as z from 'zod';
import { readSecret } from '../../kernel/aws/secret';

const secret = z.string().min(1);

/** Two at most: the one in use, and while it is exchanged the one before it. */
const webhookSecrets = z.array(secret).max(2);

/** The secret `payment-providers`. A provider that is missing in it is one that nobody has a contract with. */
export const ProviderKeys = z.object({
  stripe: z.object({ secretKey: secret, webhookSecrets }).optional(),
  paypay: z.object({ apiKey: secret, apiSecret: secret, merchantId: secret, webhookSecrets }).optional(),
});
export type ProviderKeys = z.infer<typeof ProviderKeys>;

/** The parser's own message would show a part of the secret. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the secret payment-providers is not JSON');
  }
};

/** What the providers know us by. */
export const providerKeys = (arn: string) => ({
  read: async (): Promise<ProviderKeys> => ProviderKeys.parse(parsed(await readSecret(arn))),
});
