import { type Sid, sidFrom, sidText } from './session';

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
