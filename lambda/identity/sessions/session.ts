import { createHash, timingSafeEqual } from 'node:crypto';
import type { Tenant } from '../../kernel/tenant';

/** A browser's session as stored: it reveals neither its cookie nor its tokens. */
export type Session = {
  /** Hash of the cookie's name part. */
  readonly sessionId: string;
  readonly tenant: Tenant;
  readonly userId: string;
  /** The log-in that its tokens come from, where their issuer says so. */
  readonly loginId?: string | undefined;
  /** Hash of the cookie's secret part. */
  readonly secretHash: string;
  /** The previous hash, for requests in flight while the cookie was rotated. */
  readonly previousHash?: string | undefined;
  /** The tokens, encrypted. */
  readonly sealed: string;
  /** When the ID token expires. */
  readonly tokenExpiresAt: string;
  /** When the cookie was last rotated. */
  readonly rotatedAt: string;
  readonly createdAt: string;
  /** When the session ends at the latest. */
  readonly expiresAt: string;
  readonly version: number;
};

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(60 * count);

const longestMs = hours(7 * 24);
const idleMs = hours(24);
const rotationMs = hours(1);
const graceMs = 30_000;
/** A token with less remaining lifetime is refreshed before use. */
const leastTokenMs = 60_000;

const base64url = /^[\w-]{22}\.[\w-]{43}$/;

/** The value of the cookie: a name of 128 random bits, and a secret of 256 that is rotated every hour. */
export type Sid = { readonly name: string; readonly secret: string };

export const sidOf = (name: Buffer, secret: Buffer): Sid => ({
  name: name.toString('base64url'),
  secret: secret.toString('base64url'),
});

const sidText = ({ name, secret }: Sid): string => `${name}.${secret}`;

/** Parses the value of a cookie. Returns undefined when its format is wrong. */
const sidFrom = (text: string): Sid | undefined => {
  if (!base64url.test(text)) return undefined;
  const [name = '', secret = ''] = text.split('.');
  return { name, secret };
};

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const sessionIdOf = ({ name }: Sid): string => hash(`session ${name}`);

const secretHashOf = ({ secret }: Sid): string => hash(`secret ${secret}`);

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The data of a new session; `expiresAt` is when its tokens expire for good. */
export type Opening = Pick<Session, 'tenant' | 'userId' | 'loginId' | 'sealed' | 'tokenExpiresAt'> & {
  readonly expiresAt?: string | undefined;
};

const earlier = (one: string, other: string | undefined): string => (other !== undefined && other < one ? other : one);

export const newSession = (sid: Sid, { expiresAt, ...opening }: Opening, now: Date): Session => ({
  ...opening,
  sessionId: sessionIdOf(sid),
  secretHash: secretHashOf(sid),
  rotatedAt: now.toISOString(),
  createdAt: now.toISOString(),
  expiresAt: earlier(new Date(now.getTime() + longestMs).toISOString(), expiresAt),
  version: 1,
});

const since = (moment: string, now: Date): number => now.getTime() - Date.parse(moment);

/** Returns when the session ends unless it is used again. */
export const endOf = ({ rotatedAt, expiresAt }: Session): Date =>
  new Date(Math.min(Date.parse(rotatedAt) + idleMs, Date.parse(expiresAt)));

/**
 * Returns whether a cookie is valid: `good`, or `old` when it was rotated a moment ago. `replayed` is a cookie rotated
 * earlier, or one with a wrong secret: it has two holders, one of whom has stolen it.
 */
export const evaluate = (session: Session, sid: Sid, now: Date): 'good' | 'old' | 'replayed' | 'expired' => {
  if (now >= endOf(session)) return 'expired';
  const given = secretHashOf(sid);
  if (same(given, session.secretHash)) return 'good';
  const { previousHash = '' } = session;
  return same(given, previousHash) && since(session.rotatedAt, now) <= graceMs ? 'old' : 'replayed';
};

export const isRotationDue = ({ rotatedAt }: Session, now: Date): boolean => since(rotatedAt, now) >= rotationMs;

export const isTokenDue = ({ tokenExpiresAt }: Session, now: Date): boolean =>
  Date.parse(tokenExpiresAt) - now.getTime() < leastTokenMs;

/** Returns the session with the new cookie `sid`. */
export const rotated = (session: Session, sid: Sid, now: Date): Session => ({
  ...session,
  secretHash: secretHashOf(sid),
  previousHash: session.secretHash,
  rotatedAt: now.toISOString(),
});

/** Returns the session with refreshed tokens. */
export const renewed = (session: Session, tokens: Pick<Session, 'sealed' | 'tokenExpiresAt'>): Session => ({
  ...session,
  ...tokens,
});

const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax';

const valuesOf = (cookies: string): string[] =>
  cookies
    .split(/[;,]/) // repeated headers are joined by commas, which our values never contain
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith('sid='))
    .map((cookie) => cookie.slice('sid='.length));

/**
 * Returns the session cookie of a request. Two cookies of this name are `unknown`: a page of another host under the
 * same domain may have set one of them.
 */
export const sidIn = (cookies: string | undefined): Sid | 'none' | 'unknown' => {
  const [value, ...others] = valuesOf(cookies ?? '');
  if (value === undefined) return 'none';
  return (others.length === 0 ? sidFrom(value) : undefined) ?? 'unknown';
};

const mostSessions = 5;

/** Returns every session cookie of a request: a log-out ends them all. */
export const sidsIn = (cookies: string | undefined): Sid[] =>
  valuesOf(cookies ?? '')
    .flatMap((value) => sidFrom(value) ?? [])
    .slice(0, mostSessions);

/** Returns the `set-cookie` header of a session. No script can read it, and no other site sends it with a change. */
export const sidCookie = (sid: Sid, expiresAt: string, now: Date): { 'set-cookie': string } => {
  const seconds = Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000));
  return { 'set-cookie': `sid=${sidText(sid)}; Max-Age=${seconds}; ${attributes}` };
};

/** Deletes the cookie. */
export const noCookie = { 'set-cookie': `sid=; Max-Age=0; ${attributes}` };
