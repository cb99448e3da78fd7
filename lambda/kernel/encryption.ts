import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { decryptBytes, encryptBytes } from './aes-gcm';
import type { Secrets } from './aws/secret';

type Key = { readonly keyId: string; readonly key: Buffer };

const keyOf = (secret: string): Key => {
  const key = createHash('sha256').update(secret).digest();
  const keyId = createHash('sha256').update('key ID').update(key).digest('base64url').slice(0, 8);
  return { keyId, key };
};

const encryptWith = ({ keyId, key }: Key, context: string, text: string): string =>
  `${keyId}.${encryptBytes(key, context, Buffer.from(text)).toString('base64url')}`;

const decryptWith = ({ key }: Key, context: string, ciphertext: string): string | undefined =>
  decryptBytes(key, context, Buffer.from(ciphertext, 'base64url'))?.toString('utf8');

/** Parses `<key ID>.<ciphertext>`. Envelopes from before key IDs have none. */
const partsOf = (envelope: string) => {
  const [first = '', second] = envelope.split('.');
  return second === undefined ? { ciphertext: first } : { keyId: first, ciphertext: second };
};

/**
 * The envelope of everything that is stored encrypted: AES-256-GCM under a secret of at least 32 characters, with the
 * key's ID, bound to a context such as the row's key. Every valid secret decrypts.
 */
export const encryption = <Schema extends z.ZodType>(schema: Schema, secrets: Secrets) => ({
  /** Encrypts under the signing secret. */
  encrypt: (context: string, content: z.output<Schema>): string =>
    encryptWith(keyOf(secrets.signing), context, JSON.stringify(content)),

  /**
   * Returns undefined when the secret has been rotated out, the context is another one, the envelope was changed or its
   * content does not fit the schema.
   */
  decrypt: (context: string, envelope: string): z.output<Schema> | undefined => {
    const { keyId, ciphertext } = partsOf(envelope);
    for (const key of secrets.good.map(keyOf)) {
      if (keyId !== undefined && keyId !== key.keyId) continue;
      const text = decryptWith(key, context, ciphertext);
      if (text !== undefined) return schema.safeParse(JSON.parse(text)).data;
    }
    return undefined;
  },

  /** Whether the envelope was encrypted under the signing secret. */
  isCurrent: (envelope: string): boolean => partsOf(envelope).keyId === keyOf(secrets.signing).keyId,
});
