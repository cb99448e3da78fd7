import type { Refused, Tokens } from '../sign-in/user-pool.gateway';
import {
  evaluate,
  isRotationDue,
  isTokenDue,
  renewed,
  rotated,
  type Session,
  type Sid,
  sessionIdOf,
  sidCookie,
  sidIn,
  sidOf,
} from './session';
import type { SessionStore } from './session.store';
import type { SessionEncryption, SessionTokens } from './session-encryption';

export type SessionServiceDeps = {
  readonly sessions: SessionStore;
  readonly seal: SessionEncryption;
  /** @default the system keeps no accounts: a session is as good as the token that it was opened with */
  readonly pool?:
    | {
        readonly refresh: (refreshToken: string) => Promise<Tokens | Refused>;
        readonly revoke: (refreshToken: string) => Promise<unknown>;
      }
    | undefined;
  readonly random: (bytes: number) => Buffer;
  readonly now: () => Date;
};

type Found = { readonly session: Session; readonly tokens: SessionTokens; readonly standing: 'good' | 'old' };

/** A session that is good, with the cookie to send when it was changed. */
export type ResumedSession = {
  readonly session: Session;
  readonly tokens: SessionTokens;
  readonly cookie: Record<string, string>;
};

/** Changes of one session that several requests make at once; one of them is enough. */
const attempts = 5;

const nonceBytes = 12;

export const newSid = ({ random }: Pick<SessionServiceDeps, 'random'>, name = random(16)): Sid =>
  sidOf(name, random(32));

export const sealed = ({ seal, random }: SessionServiceDeps, sessionId: string, tokens: SessionTokens): string =>
  seal.seal(sessionId, tokens, random(nonceBytes));

/** Ends a session: first for its cookie, then at the issuer of its tokens. */
export const endSession = async ({ sessions, seal, pool }: SessionServiceDeps, session: Session): Promise<void> => {
  await sessions.remove(session.sessionId);
  const { refreshToken } = seal.open(session.sessionId, session.sealed) ?? {};
  if (refreshToken !== undefined) await pool?.revoke(refreshToken);
};

/** The session of a cookie. One that is over, or whose cookie was stolen, is ended. */
export const findSession = async (deps: SessionServiceDeps, sid: Sid): Promise<Found | undefined> => {
  const session = await deps.sessions.get(sessionIdOf(sid));
  if (session === undefined) return undefined;
  const standing = evaluate(session, sid, deps.now());
  const tokens = deps.seal.open(session.sessionId, session.sealed);
  if ((standing === 'good' || standing === 'old') && tokens !== undefined) return { session, tokens, standing };
  await endSession(deps, session);
  return undefined;
};

/** The same with a token that is good for a while. */
const withToken = async (deps: SessionServiceDeps, found: Found): Promise<Found | 'ended' | 'busy'> => {
  const { session, tokens } = found;
  const { refreshToken } = tokens;
  const now = deps.now();
  if (!isTokenDue(session, now) || refreshToken === undefined || deps.pool === undefined) return found;
  const fresh = await deps.pool.refresh(refreshToken);
  if (fresh === 'limited') return 'busy';
  if (fresh === 'refused') {
    await endSession(deps, session);
    return 'ended';
  }
  const next = { idToken: fresh.idToken, refreshToken };
  const tokenExpiresAt = new Date(now.getTime() + fresh.expiresIn * 1000).toISOString();
  const change = { sealed: sealed(deps, session.sessionId, next), tokenExpiresAt };
  return { ...found, tokens: next, session: renewed(session, change) };
};

/** The same under another cookie, when it is time for that. */
const withCookie = (deps: SessionServiceDeps, { session, tokens, standing }: Found, { name }: Sid): ResumedSession => {
  const now = deps.now();
  if (standing === 'old' || !isRotationDue(session, now)) return { session, tokens, cookie: {} };
  const sid = newSid(deps, Buffer.from(name, 'base64url'));
  return { session: rotated(session, sid, now), tokens, cookie: sidCookie(sid, session.expiresAt, now) };
};

/** `again`: another request changed the session in between. */
const resumeOnce = async (deps: SessionServiceDeps, sid: Sid): Promise<ResumedSession | 'ended' | 'busy' | 'again'> => {
  const found = await findSession(deps, sid);
  if (found === undefined) return 'ended';
  const fresh = await withToken(deps, found);
  if (typeof fresh === 'string') return fresh;
  const held = withCookie(deps, fresh, sid);
  if (held.session === found.session) return held;
  const session = { ...held.session, version: found.session.version + 1 };
  return (await deps.sessions.save(session)) ? { ...held, session } : 'again';
};

/**
 * Holds the session of a request's cookie: renews its token and its cookie when it is time. `none` is a request without
 * a cookie, `ended` one whose cookie is good for nothing, `busy` one whose token could not be renewed just now.
 */
export const resumeSession = async (
  deps: SessionServiceDeps,
  cookies: string | undefined,
): Promise<ResumedSession | 'none' | 'ended' | 'busy'> => {
  const sid = sidIn(cookies);
  if (sid === 'none') return 'none';
  if (sid === 'unknown') return 'ended';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const held = await resumeOnce(deps, sid);
    if (held !== 'again') return held;
  }
  throw new Error('the session was changed by others each time');
};
