import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../../kernel/aws/secret';

/** What stands for the user while the session lasts. */
export type SessionTokens = { readonly idToken: string; readonly refreshToken?: string | undefined };

const Tokens = z.object({ idToken: z.string(), refreshToken: z.string().optional() });

const keyFor = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

const tagBytes = 16;

const csrfTokenWith = (secret: string, sessionId: string): string =>
  createHmac('sha256', keyFor(secret, 'csrf tokens of sessions')).update(sessionId).digest('base64url');

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

const openWith = (secret: string, sessionId: string, sealed: string): SessionTokens | undefined => {
  const [nonce, text, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
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

/** Keeps the tokens of sessions from whoever reads their table, and makes what proves that a page is ours. */
export const sessionEncryption = (secrets: Secrets) => ({
  /** AES-256-GCM, bound to its session: the sealed tokens of one are worth nothing in another. */
  seal: (sessionId: string, tokens: SessionTokens, nonce: Buffer): string => {
    const cipher = createCipheriv('aes-256-gcm', keyFor(secrets.signing, 'tokens of sessions'), nonce);
    cipher.setAAD(Buffer.from(sessionId));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
    return [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
  },

  /** Nothing when it was sealed with a secret that is not good any more, for another session, or changed. */
  open: (sessionId: string, sealed: string): SessionTokens | undefined => {
    for (const secret of secrets.good) {
      const tokens = openWith(secret, sessionId, sealed);
      if (tokens !== undefined) return tokens;
    }
    return undefined;
  },

  csrfToken: (sessionId: string): string => csrfTokenWith(secrets.signing, sessionId),

  /** Compares in constant time. */
  isCsrfToken: (sessionId: string, given: string | undefined): boolean =>
    secrets.good.some((secret) => isEqual(Buffer.from(given ?? ''), Buffer.from(csrfTokenWith(secret, sessionId)))),
});

export type SessionEncryption = ReturnType<typeof sessionEncryption>;
