import * as z from 'zod';
import { currentSecret } from '../../kernel/aws/secret';
import { logger } from '../../kernel/logger';

const secret = z.string().min(1);

/** At most two: the current one and, during rotation, the previous one. */
const webhookSecrets = z.array(secret).max(2);

/** The secret `payment-providers`. A provider missing in it is not under contract. */
export const ProviderKeys = z.object({
  stripe: z.object({ secretKey: secret, webhookSecrets }).optional(),
  paypay: z.object({ apiKey: secret, apiSecret: secret, merchantId: secret, webhookSecrets }).optional(),
});
export type ProviderKeys = z.infer<typeof ProviderKeys>;

/** Returns the current keys of a provider, undefined when it is not under contract. Throws when they are malformed. */
export type KeysOf = <Name extends keyof ProviderKeys>(provider: Name) => ProviderKeys[Name];

/** The parser's own message would expose a part of the secret. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the secret payment-providers is not JSON');
  }
};

const Parts = z.object({ stripe: z.unknown().optional(), paypay: z.unknown().optional() });

type Read<Keys> = { readonly keys: Keys } | { readonly malformed: Error };

/** Parses one provider's keys. While they are malformed, those from before are used. */
const readPart = <Keys>(
  { provider, schema }: { readonly provider: keyof ProviderKeys; readonly schema: z.ZodType<Keys> },
  given: unknown,
  before: Read<Keys> | undefined,
): Read<Keys> => {
  const { success, data, error } = schema.safeParse(given);
  if (success) return { keys: data };
  logger.error('the keys of a provider are malformed', { provider, error });
  return before !== undefined && 'keys' in before ? before : { malformed: error };
};

/** Reads the secret with our keys at the providers. Malformed keys of one provider do not affect the other. */
export const providerKeys = async (arn: string, now?: () => number) => {
  const { stripe, paypay } = ProviderKeys.shape;
  let before: { [Name in keyof ProviderKeys]?: Read<ProviderKeys[Name]> } = {};
  const read = (text: string) => {
    const given = Parts.parse(parsed(text));
    before = {
      stripe: readPart({ provider: 'stripe', schema: stripe }, given.stripe, before.stripe),
      paypay: readPart({ provider: 'paypay', schema: paypay }, given.paypay, before.paypay),
    };
    return before;
  };
  const { current, refreshBefore } = await currentSecret(arn, read, now);
  const keysOf: KeysOf = (provider) => {
    const part: Read<ProviderKeys[typeof provider]> = current()[provider] ?? { keys: undefined };
    if ('malformed' in part)
      throw new Error(`the keys of ${provider} in the secret payment-providers are malformed`, {
        cause: part.malformed,
      });
    return part.keys;
  };
  return { keysOf, refreshBefore };
};
