import { createHash, timingSafeEqual } from 'node:crypto';
import type { Tenant } from '../../kernel/tenant';

/** A browser's session as it is kept: neither its cookie nor its tokens can be read from it. */
export type Session = {
  /** Hash of what the cookie names it by. */
  readonly sessionId: string;
  readonly tenant: Tenant;
  readonly userId: string;
  /** The log-in that its tokens come from, where their issuer says so. */
  readonly loginId?: string | undefined;
  /** Hash of the secret half of the cookie. */
  readonly secretHash: string;
  /** The one before it, for requests that were on their way when the cookie changed. */
  readonly previousHash?: string | undefined;
  /** The tokens, sealed. */
  readonly sealed: string;
  /** Until when the ID token is good. */
  readonly tokenExpiresAt: string;
  /** When the cookie was made. */
  readonly rotatedAt: string;
  readonly createdAt: string;
  /** When the session ends, however much it is used. */
  readonly expiresAt: string;
  readonly version: number;
};

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(60 * count);

const longestMs = hours(7 * 24);
const idleMs = hours(24);
const rotationMs = hours(1);
const graceMs = 30_000;
/** A token that is good for less than this is renewed before it is used. */
const leastTokenMs = 60_000;

const base64url = /^[\w-]{22}\.[\w-]{43}$/;

/** The value of the cookie: a name of 128 random bits, and a secret of 256 that changes every hour. */
export type Sid = { readonly name: string; readonly secret: string };

export const sidOf = (name: Buffer, secret: Buffer): Sid => ({
  name: name.toString('base64url'),
  secret: secret.toString('base64url'),
});

export const sidText = ({ name, secret }: Sid): string => `${name}.${secret}`;

/** Nothing when it is none of ours. */
export const sidFrom = (text: string): Sid | undefined => {
  if (!base64url.test(text)) return undefined;
  const [name = '', secret = ''] = text.split('.');
  return { name, secret };
};

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const sessionIdOf = ({ name }: Sid): string => hash(`session ${name}`);

const secretHashOf = ({ secret }: Sid): string => hash(`secret ${secret}`);

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** What a session is when its cookie was just made; `expiresAt` is when its tokens end for good. */
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

/** When nobody can use the session any more, unless it is used before. */
export const endOf = ({ rotatedAt, expiresAt }: Session): Date =>
  new Date(Math.min(Date.parse(rotatedAt) + idleMs, Date.parse(expiresAt)));

/**
 * What a cookie is worth: `good`, or `old` where it was changed a moment ago. `replayed` is one that was changed before
 * that, or that has the name of a session without its secret: two have it, and one of them has stolen it.
 */
export const evaluate = (session: Session, sid: Sid, now: Date): 'good' | 'old' | 'replayed' | 'over' => {
  if (now >= endOf(session)) return 'over';
  const given = secretHashOf(sid);
  if (same(given, session.secretHash)) return 'good';
  const { previousHash = '' } = session;
  return same(given, previousHash) && since(session.rotatedAt, now) <= graceMs ? 'old' : 'replayed';
};

export const isRotationDue = ({ rotatedAt }: Session, now: Date): boolean => since(rotatedAt, now) >= rotationMs;

export const isTokenDue = ({ tokenExpiresAt }: Session, now: Date): boolean =>
  Date.parse(tokenExpiresAt) - now.getTime() < leastTokenMs;

/** The session under another cookie, which `sid` says. */
export const rotated = (session: Session, sid: Sid, now: Date): Session => ({
  ...session,
  secretHash: secretHashOf(sid),
  previousHash: session.secretHash,
  rotatedAt: now.toISOString(),
});

/** The session with newer tokens. */
export const renewed = (session: Session, tokens: Pick<Session, 'sealed' | 'tokenExpiresAt'>): Session => ({
  ...session,
  ...tokens,
});

const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax';

const valuesOf = (cookies: string): string[] =>
  cookies
    .split(/[;,]/) // several headers are joined by commas, which no value of ours holds
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith('sid='))
    .map((cookie) => cookie.slice('sid='.length));

/**
 * The session's cookie in a request. Two of the name are none of ours: a page of another host below the same domain may
 * have set one, and nobody can tell which.
 */
export const sidIn = (cookies: string | undefined): Sid | 'none' | 'unknown' => {
  const [value, ...others] = valuesOf(cookies ?? '');
  if (value === undefined) return 'none';
  return (others.length === 0 ? sidFrom(value) : undefined) ?? 'unknown';
};

const mostSessions = 5;

/** The sessions that a request has a cookie of: whoever logs out means them all. */
export const sidsIn = (cookies: string | undefined): Sid[] =>
  valuesOf(cookies ?? '')
    .flatMap((value) => sidFrom(value) ?? [])
    .slice(0, mostSessions);

/** No script can read it, no page of another site sends it with what changes something. */
export const sidCookie = (sid: Sid, expiresAt: string, now: Date): { 'set-cookie': string } => {
  const seconds = Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000));
  return { 'set-cookie': `sid=${sidText(sid)}; Max-Age=${seconds}; ${attributes}` };
};

/** Takes the cookie away. */
export const noCookie = { 'set-cookie': `sid=; Max-Age=0; ${attributes}` };
