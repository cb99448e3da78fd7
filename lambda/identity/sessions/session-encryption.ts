import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../../kernel/aws/secret';
import { encryption } from '../../kernel/encryption';

const SessionTokens = z.object({ idToken: z.string(), refreshToken: z.string().optional() }).readonly();

/** The user's tokens in a session. */
export type SessionTokens = z.infer<typeof SessionTokens>;

const keyFor = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

const tagBytes = 16;

const csrfTokenWith = (secret: string, sessionId: string): string =>
  createHmac('sha256', keyFor(secret, 'csrf tokens of sessions')).update(sessionId).digest('base64url');

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

/** Decrypts the tokens of a session from before the common envelope. A session lasts at most a week. */
const decryptOlder = (secret: string, sessionId: string, encrypted: string): SessionTokens | undefined => {
  const [nonce, text, tag] = encrypted.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (nonce === undefined || text === undefined || tag?.length !== tagBytes) return undefined;
  try {
    const key = keyFor(secret, 'tokens of sessions');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(sessionId));
    decipher.setAuthTag(tag);
    return SessionTokens.parse(JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')));
  } catch {
    return undefined;
  }
};

/** Encrypts the tokens of sessions for their table, and makes the CSRF tokens of pages. */
export const sessionEncryption = (secrets: Secrets) => {
  const { encrypt, decrypt } = encryption(SessionTokens, secrets);
  return {
    /** Binds the tokens to the session: another session cannot decrypt the result. */
    encrypt,

    /** Returns undefined when the secret has been rotated out, the session is another one or the text was changed. */
    decrypt: (sessionId: string, encrypted: string): SessionTokens | undefined => {
      const tokens = decrypt(sessionId, encrypted);
      if (tokens !== undefined) return tokens;
      const older = secrets.good.map((secret) => decryptOlder(secret, sessionId, encrypted));
      return older.find((tokens) => tokens !== undefined);
    },

    csrfToken: (sessionId: string): string => csrfTokenWith(secrets.signing, sessionId),

    /** Whether it is the session's CSRF token, compared in constant time. */
    isCsrfToken: (sessionId: string, given: string | undefined): boolean =>
      secrets.good.some((secret) => isEqual(Buffer.from(given ?? ''), Buffer.from(csrfTokenWith(secret, sessionId)))),
  };
};

export type SessionEncryption = ReturnType<typeof sessionEncryption>;
