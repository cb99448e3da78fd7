import * as z from 'zod';
import { serviceUrl } from './aws-endpoint';
import { jitteredBackoff, retry } from './retry';
import { postSigned } from './signed-request';

const Secret = z.object({ SecretString: z.string().min(1) });

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';

/**
 * Returns what a secret of Secrets Manager holds. Throws when it cannot be read, asked three times. Asked by a signed
 * request: the SDK's client would add 13 KB to what is loaded.
 */
export const readSecret = (arn: string): Promise<string> => {
  const attempt = async (): Promise<string> => {
    const answer = await postSigned({
      url: `${serviceUrl('secretsmanager')}/`,
      service: 'secretsmanager',
      contentType: 'application/x-amz-json-1.1',
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
      body: JSON.stringify({ SecretId: arn }),
    });
    if (!answer.ok) throw new Error(`a secret cannot be read: Secrets Manager answered ${answer.status}`);
    return Secret.parse(await answer.json()).SecretString;
  };
  return retry(attempt, (error) => !isTimeout(error), { ...jitteredBackoff, attempts: 3, baseMs: 50 });
};
