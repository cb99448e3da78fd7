import * as z from 'zod';
import { postSigned } from './signed-request';

/** A secret of Secrets Manager, and where that answers. */
export type SecretPlace = { readonly arn: string; readonly url: string; readonly region: string };

const Secret = z.object({ SecretString: z.string().min(1) });

/** What a secret holds. Asked by a signed request: the SDK's client would add 40 KB to what is loaded. */
export const readSecret = async ({ arn, url, region }: SecretPlace): Promise<string> => {
  const answer = await postSigned({
    url,
    region,
    service: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: arn }),
  });
  if (!answer.ok) throw new Error(`a secret cannot be read: Secrets Manager answered ${answer.status}`);
  return Secret.parse(await answer.json()).SecretString;
};
