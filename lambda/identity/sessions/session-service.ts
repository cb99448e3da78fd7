import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import type { Refused, Tokens } from '../sign-in/log-in';
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
  readonly encryption: SessionEncryption;
  /** @default the system keeps no accounts: a session lasts as long as the token that it was opened with */
  readonly pool?:
    | {
        readonly refresh: (refreshToken: string) => Promise<Tokens | Refused>;
        readonly revoke: (refreshToken: string) => Promise<unknown>;
      }
    | undefined;
  readonly random: (bytes: number) => Buffer;
  readonly now: () => Date;
};

type Found = { readonly session: Session; readonly tokens: SessionTokens; readonly validity: 'good' | 'old' };

/** A valid session, with the `set-cookie` header when its cookie was rotated. */
export type ResumedSession = {
  readonly session: Session;
  readonly tokens: SessionTokens;
  readonly cookie: Record<string, string>;
};

/** Attempts to save a session that concurrent requests change too. */
const attempts = 5;

export const newSid = ({ random }: Pick<SessionServiceDeps, 'random'>, name = random(16)): Sid =>
  sidOf(name, random(32));

/** Ends a session: removes it, then revokes its tokens at their issuer. */
export const endSession = async (
  { sessions, encryption, pool }: SessionServiceDeps,
  session: Session,
): Promise<void> => {
  await sessions.remove(session.sessionId);
  const { refreshToken } = encryption.decrypt(session.sessionId, session.sealed) ?? {};
  if (refreshToken !== undefined) await pool?.revoke(refreshToken);
};

/** Returns the session of a cookie. Ends it and returns undefined when it has expired or the cookie was replayed. */
export const findSession = async (deps: SessionServiceDeps, sid: Sid): Promise<Found | undefined> => {
  const session = await deps.sessions.get(sessionIdOf(sid));
  if (session === undefined) return undefined;
  const validity = evaluate(session, sid, deps.now());
  const tokens = deps.encryption.decrypt(session.sessionId, session.sealed);
  if ((validity === 'good' || validity === 'old') && tokens !== undefined) return { session, tokens, validity };
  await endSession(deps, session);
  return undefined;
};

/** Refreshes the session's ID token when it is about to expire. */
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
  const change = { sealed: deps.encryption.encrypt(session.sessionId, next), tokenExpiresAt };
  return { ...found, tokens: next, session: renewed(session, change) };
};

/** Rotates the session's cookie when that is due. */
const withCookie = (deps: SessionServiceDeps, { session, tokens, validity }: Found, { name }: Sid): ResumedSession => {
  const now = deps.now();
  if (validity === 'old' || !isRotationDue(session, now)) return { session, tokens, cookie: {} };
  const sid = newSid(deps, Buffer.from(name, 'base64url'));
  return { session: rotated(session, sid, now), tokens, cookie: sidCookie(sid, session.expiresAt, now) };
};

const resumeOnce = async (
  deps: SessionServiceDeps,
  sid: Sid,
): Promise<ResumedSession | 'ended' | 'busy' | Conflict> => {
  const found = await findSession(deps, sid);
  if (found === undefined) return 'ended';
  const fresh = await withToken(deps, found);
  if (typeof fresh === 'string') return fresh;
  const resumed = withCookie(deps, fresh, sid);
  if (resumed.session === found.session) return resumed;
  const session = { ...resumed.session, version: found.session.version + 1 };
  return (await deps.sessions.save(session)) ? { ...resumed, session } : conflict;
};

/**
 * Resumes the session of a request's cookie; its token and its cookie are renewed when due. Returns `none` without a
 * cookie, `ended` for an invalid one, and `busy` when the user pool is too busy to refresh the token.
 */
export const resumeSession = async (
  deps: SessionServiceDeps,
  cookies: string | undefined,
): Promise<ResumedSession | 'none' | 'ended' | 'busy'> => {
  const sid = sidIn(cookies);
  if (sid === 'none') return 'none';
  if (sid === 'unknown') return 'ended';
  return retryOnConflict({ attempts, onExhausted: 'the session was changed concurrently on every attempt' }, () =>
    resumeOnce(deps, sid),
  );
};
