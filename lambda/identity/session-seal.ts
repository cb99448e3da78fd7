import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/** What stands for the user while the session lasts. */
export type SessionTokens = { readonly idToken: string; readonly refreshToken?: string | undefined };

const Tokens = z.object({ idToken: z.string(), refreshToken: z.string().optional() });

const keyFor = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

const tagBytes = 16;

/** Keeps the tokens of sessions from whoever reads their table, and makes what proves that a page is ours. */
export const sessionSeal = (secret: string) => {
  const sealingKey = keyFor(secret, 'tokens of sessions');
  const csrfKey = keyFor(secret, 'csrf tokens of sessions');
  const csrfToken = (sessionId: string): string => createHmac('sha256', csrfKey).update(sessionId).digest('base64url');

  return {
    /** AES-256-GCM, bound to its session: the sealed tokens of one are worth nothing in another. */
    seal: (sessionId: string, tokens: SessionTokens, nonce: Buffer): string => {
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce);
      cipher.setAAD(Buffer.from(sessionId));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
      return [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
    },

    /** Nothing when it was sealed with another key, for another session, or changed. */
    open: (sessionId: string, sealed: string): SessionTokens | undefined => {
      const [nonce, text, tag] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      if (nonce === undefined || text === undefined || tag?.length !== tagBytes) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(sessionId));
        decipher.setAuthTag(tag);
        return Tokens.parse(JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')));
      } catch {
        return undefined;
      }
    },

    csrfToken,

    /** Compares in constant time. */
    isCsrfToken: (sessionId: string, given: string | undefined): boolean => {
      const [expected, token] = [Buffer.from(csrfToken(sessionId)), Buffer.from(given ?? '')];
      return token.length === expected.length && timingSafeEqual(token, expected);
    },
  };
};

export type SessionSeal = ReturnType<typeof sessionSeal>;
