import * as z from 'zod';
import { serviceUrl } from '../aws/aws-endpoint';
import { sendSigned } from '../aws/signed-request';
import { jitteredBackoff, retry } from '../retry';
import type { Tenant } from '../tenant';

/** A new key of 32 bytes, and its form to store: only the key service reads that. */
type DataKey = { readonly key: Buffer; readonly wrapped: string };

/** Makes and unwraps keys. Both throw when the service does not answer or refuses. */
export type KeyService = {
  readonly generate: (tenant: Tenant) => Promise<DataKey>;
  readonly unwrap: (tenant: Tenant, wrapped: string) => Promise<Buffer>;
};

const Generated = z.object({ Plaintext: z.base64(), CiphertextBlob: z.base64() });
const Decrypted = z.object({ Plaintext: z.base64() });

class KeyServiceError extends Error {
  override readonly name = 'KeyServiceError';

  constructor(
    action: string,
    readonly status: number,
  ) {
    super(`KMS answered ${action} with ${status}`);
  }
}

const isRefusal = (error: unknown): boolean => error instanceof KeyServiceError && error.status < 500;

/**
 * KMS, by a master key. A key is bound to its tenant (the encryption context). It is a plain signed request, since the
 * SDK's client would add 40 KB to the bundle.
 */
export const kmsKeyService = (
  masterKeyArn: string,
  send = sendSigned,
  endpoint = () => serviceUrl('kms'),
): KeyService => {
  const call = <Answer>(action: string, answer: z.ZodType<Answer>, tenant: Tenant, input: object): Promise<Answer> => {
    const attempt = async () => {
      const response = await send({
        url: `${endpoint()}/`,
        service: 'kms',
        contentType: 'application/x-amz-json-1.1',
        headers: { 'x-amz-target': `TrentService.${action}` },
        body: JSON.stringify({ KeyId: masterKeyArn, EncryptionContext: { tenant }, ...input }),
      });
      if (!response.ok) throw new KeyServiceError(action, response.status);
      return answer.parse(await response.json());
    };
    return retry(attempt, (error) => !isRefusal(error), { ...jitteredBackoff, attempts: 3, baseMs: 50 });
  };
  return {
    generate: async (tenant) => {
      const { Plaintext, CiphertextBlob } = await call('GenerateDataKey', Generated, tenant, { KeySpec: 'AES_256' });
      return { key: Buffer.from(Plaintext, 'base64'), wrapped: CiphertextBlob };
    },
    unwrap: async (tenant, wrapped) =>
      Buffer.from((await call('Decrypt', Decrypted, tenant, { CiphertextBlob: wrapped })).Plaintext, 'base64'),
  };
};
