import * as z from 'zod';
import { postSigned } from '../kernel/signed-request';

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

type Place = { readonly arn: string; readonly url: string; readonly region: string };

/** What the providers know us by. Asked by a signed request: the SDK's client would add 40 KB to what is loaded. */
export const providerKeys = ({ arn, url, region }: Place) => ({
  read: async (): Promise<ProviderKeys> => {
    const response = await postSigned({
      url,
      region,
      service: 'secretsmanager',
      contentType: 'application/x-amz-json-1.1',
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
      body: JSON.stringify({ SecretId: arn }),
    });
    if (!response.ok) throw new Error(`Secrets Manager answered with ${response.status}`);
    const { SecretString } = z.object({ SecretString: z.string() }).parse(await response.json());
    return ProviderKeys.parse(parsed(SecretString));
  },
});
