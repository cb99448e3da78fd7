import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../../kernel/aws/secret';

/** The user's tokens in a session. */
export type SessionTokens = { readonly idToken: string; readonly refreshToken?: string | undefined };

const Tokens = z.object({ idToken: z.string(), refreshToken: z.string().optional() });

const keyFor = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

const tagBytes = 16;

const csrfTokenWith = (secret: string, sessionId: string): string =>
  createHmac('sha256', keyFor(secret, 'csrf tokens of sessions')).update(sessionId).digest('base64url');

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

const decryptWith = (secret: string, sessionId: string, encrypted: string): SessionTokens | undefined => {
  const [nonce, text, tag] = encrypted.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (nonce === undefined || text === undefined || tag?.length !== tagBytes) return undefined;
  try {
    const key = keyFor(secret, 'tokens of sessions');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(sessionId));
    decipher.setAuthTag(tag);
    return Tokens.parse(JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')));
  } catch {
    return undefined;
  }
};

/** Encrypts the tokens of sessions for their table, and makes the CSRF tokens of pages. */
export const sessionEncryption = (secrets: Secrets) => ({
  /** Encrypts with AES-256-GCM, bound to the session, so that another session cannot decrypt the result. */
  encrypt: (sessionId: string, tokens: SessionTokens, nonce: Buffer): string => {
    const cipher = createCipheriv('aes-256-gcm', keyFor(secrets.signing, 'tokens of sessions'), nonce);
    cipher.setAAD(Buffer.from(sessionId));
    const encrypted = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
    return [nonce, encrypted, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
  },

  /** Returns undefined when the secret has been rotated out, the session is another one or the text was changed. */
  decrypt: (sessionId: string, encrypted: string): SessionTokens | undefined => {
    for (const secret of secrets.good) {
      const tokens = decryptWith(secret, sessionId, encrypted);
      if (tokens !== undefined) return tokens;
    }
    return undefined;
  },

  csrfToken: (sessionId: string): string => csrfTokenWith(secrets.signing, sessionId),

  /** Whether it is the session's CSRF token, compared in constant time. */
  isCsrfToken: (sessionId: string, given: string | undefined): boolean =>
    secrets.good.some((secret) => isEqual(Buffer.from(given ?? ''), Buffer.from(csrfTokenWith(secret, sessionId)))),
});

export type SessionEncryption = ReturnType<typeof sessionEncryption>;
