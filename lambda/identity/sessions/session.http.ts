import { decodeJwt } from 'jose';
import type * as z from 'zod';
import { type Role, roles } from '../../contracts/api/routes';
import { CreateSessionRequest, type SessionView } from '../../contracts/api/session-api';
import { asError } from '../../kernel/error';
import { type Answer, isProblem, type ProblemAnswer, refuse } from '../../kernel/http/answer';
import type { Caller } from '../../kernel/http/caller';
import { parseBody } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import { broken } from '../../kernel/http/serve';
import { logger } from '../../kernel/logger';
import type { Tenant } from '../../kernel/tenant';
import { busy, externalAccounts, momentOf, refuseLogIn } from '../identity.http';
import { type LoggedIn, type LogInDeps, logIn } from '../sign-in/log-in';
import { changeUser } from '../users/change-user';
import { endSession as endLogIn } from '../users/user';
import type { UserStore } from '../users/user.store';
import { newSession, noCookie, type Session, sessionIdOf, sidCookie, sidIn, sidsIn } from './session';
import { SessionStoreError } from './session.store';
import {
  endSession,
  findSession,
  newSid,
  type ResumedSession,
  resumeSession,
  type SessionServiceDeps,
} from './session-service';

export type SessionDeps = SessionServiceDeps & {
  /** The dependencies of a log-in with a password. @default an external provider keeps the accounts */
  readonly accounts?: Pick<LogInDeps, 'pool' | 'totpRequired'> | undefined;
  readonly usersOf: (tenant: Tenant) => Pick<UserStore, 'get' | 'create' | 'save'>;
  /** Returns the caller of a bearer token, or a guest by the storefront key; undefined for invalid credentials. */
  readonly authorize: (authorization: string | undefined, storefrontKey?: string) => Promise<Caller | undefined>;
};

type Opened = { readonly idToken: string; readonly expiresIn?: number; readonly refreshToken?: string };

const invalidToken = refuse('InvalidCredentials', 'The ID token is invalid or has expired, or its user has no access.');
const storeFails = refuse('SessionStoreUnavailable', 'The sign-in service is unavailable. Try again in a minute.');

export const sessionRequired = refuse('SessionRequired', 'There is no session, or it has ended. Log in again.', {
  headers: noCookie,
});

export const wrongCsrfToken = refuse('CsrfTokenInvalid', 'Send the csrfToken of the session as X-CSRF-Token.');

const storeFailed = ({ correlationId }: Request, { cause }: SessionStoreError): ProblemAnswer => {
  logger.error('session store failed', { correlationId, error: asError(cause) });
  return storeFails;
};

/** Returns 503 when the session store fails; the request never falls back to a guest. */
export const safely =
  (route: Route): Route =>
  async (request) => {
    try {
      return await route(request);
    } catch (error) {
      if (error instanceof SessionStoreError) return storeFailed(request, error);
      throw error;
    }
  };

const failed = (request: Request, error: unknown): ProblemAnswer => {
  if (error instanceof SessionStoreError) return storeFailed(request, error);
  logger.error('request failed', { correlationId: request.correlationId, error: asError(error) });
  return broken;
};

/**
 * Runs a request with a session. A rotated cookie is sent even when the request fails, since the old one stops working,
 * and the response must not be cached.
 */
export const withCookie = async (
  { cookie }: ResumedSession,
  request: Request,
  act: () => Promise<Answer>,
): Promise<Answer> => {
  if (!('set-cookie' in cookie)) return act();
  const answer = await act().catch((error: unknown) => failed(request, error));
  return { ...answer, headers: { ...cookie, ...answer.headers, 'cache-control': 'no-store' } };
};

const isRole = (name: string): name is Role => roles.some((role) => role === name);

const viewOf = ({ encryption }: SessionDeps, session: Session, caller: Caller): SessionView => ({
  user: {
    userId: session.userId,
    tenantId: session.tenant,
    ...(caller.email === undefined ? {} : { email: caller.email }),
    roles: caller.roles.filter(isRole),
  },
  csrfToken: encryption.csrfToken(session.sessionId),
  expiresAt: session.expiresAt,
});

const withPassword = async (
  { accounts, usersOf, now }: SessionDeps,
  { email = '', password = '', totpCode }: z.output<typeof CreateSessionRequest>,
  request: Request,
): Promise<LoggedIn | ProblemAnswer> => {
  if (accounts === undefined) return externalAccounts;
  const { tenant } = request.caller;
  const outcome = await logIn({ ...accounts, users: usersOf(tenant) })(
    { tenant, email },
    { password, totpCode },
    momentOf(request, now),
  );
  return typeof outcome === 'string' ? refuseLogIn(outcome) : outcome;
};

/** Returns the data of a new session; its token has been verified by the API's authorizer. */
const openingOf = (deps: SessionDeps, caller: Caller, opened: Opened, sessionId: string) => {
  const { userId } = caller;
  const expiry = new Date((decodeJwt(opened.idToken).exp ?? 0) * 1000).toISOString();
  const { idToken, refreshToken } = opened;
  return userId === undefined
    ? undefined
    : {
        tenant: caller.tenant,
        userId,
        loginId: caller.sessionId,
        sealed: deps.encryption.encrypt(sessionId, { idToken, refreshToken }),
        tokenExpiresAt: expiry,
        expiresAt: refreshToken === undefined ? expiry : undefined,
      };
};

/** Ends the browser's previous session, so that nobody can have planted it (session fixation). */
const endPrevious = async (deps: SessionDeps, cookies: string | undefined): Promise<void> => {
  const sid = sidIn(cookies);
  const found = typeof sid === 'string' ? undefined : await findSession(deps, sid);
  if (found !== undefined) await endSession(deps, found.session);
};

/** Opens a session with fresh tokens. Returns a problem when the authorizer refuses them. */
const open = async (deps: SessionDeps, opened: Opened, request: Request): Promise<Answer> => {
  const caller = await deps.authorize(`Bearer ${opened.idToken}`);
  const sid = newSid(deps);
  const opening = caller && openingOf(deps, caller, opened, sessionIdOf(sid));
  if (caller === undefined || opening === undefined) return invalidToken;
  const now = deps.now();
  const session = newSession(sid, opening, now);
  if (!(await deps.sessions.save(session))) throw new Error('a session with this random ID already exists');
  await endPrevious(deps, request.header('cookie'));
  const headers = sidCookie(sid, session.expiresAt, now);
  return { status: 201, headers, body: viewOf(deps, session, caller) };
};

const create = (deps: SessionDeps): Route =>
  safely(async (request) => {
    const parsed = parseBody(request, CreateSessionRequest);
    if (isProblem(parsed)) return parsed;
    const { idToken } = parsed.body;
    const opened = idToken === undefined ? await withPassword(deps, parsed.body, request) : { idToken };
    return isProblem(opened) ? opened : open(deps, opened, request);
  });

/** Returns the session's caller. The authorizer checks the token each time; the session ends when it is invalid. */
export const callerOf = async (deps: SessionDeps, { session, tokens }: ResumedSession): Promise<Caller | undefined> => {
  const caller = await deps.authorize(`Bearer ${tokens.idToken}`);
  if (caller === undefined) await endSession(deps, session);
  return caller;
};

const read = (deps: SessionDeps): Route =>
  safely(async (request) => {
    const resumed = await resumeSession(deps, request.header('cookie'));
    if (resumed === 'busy') return busy;
    if (typeof resumed === 'string') return sessionRequired;
    return withCookie(resumed, request, async () => {
      const caller = await callerOf(deps, resumed);
      return caller === undefined ? sessionRequired : { status: 200, body: viewOf(deps, resumed.session, caller) };
    });
  });

const gone: Answer = { status: 204, headers: noCookie };

const logOut = async (deps: SessionDeps, session: Session, request: Request): Promise<void> => {
  await endSession(deps, session);
  const { tenant, userId, loginId } = session;
  const moment = { ...momentOf(request, deps.now), actor: userId };
  if (loginId !== undefined)
    await changeUser(deps.usersOf(tenant), session, (user) => ({
      accepted: true,
      fact: endLogIn(user, loginId, moment),
    }));
};

const remove = (deps: SessionDeps): Route =>
  safely(async (request) => {
    const found = await Promise.all(sidsIn(request.header('cookie')).map((sid) => findSession(deps, sid)));
    const sessions = found.flatMap((one) => (one === undefined ? [] : [one.session]));
    if (sessions.length === 0) return gone;
    const token = request.header('x-csrf-token');
    const own = sessions.filter(({ sessionId }) => deps.encryption.isCsrfToken(sessionId, token));
    if (own.length === 0) return wrongCsrfToken;
    for (const session of own) await logOut(deps, session, request);
    return gone;
  });

/** Returns the routes of a browser's session, by operation. */
export const sessionRoutes = (deps: SessionDeps) => ({
  createSession: create(deps),
  getSession: read(deps),
  deleteSession: remove(deps),
});
