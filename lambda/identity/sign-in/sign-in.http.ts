import type * as z from 'zod';
import {
  ConfirmSignUpRequest,
  ForgotPasswordRequest,
  LogInRequest,
  LogOutRequest,
  RefreshTokensRequest,
  ResetPasswordRequest,
  SignUpRequest,
} from '../../contracts/api/sign-in-api';
import { type Answer, isProblem, refuse, wrongFields } from '../../kernel/http/answer';
import { parseBody } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import { accountOf, busy, externalAccounts, momentOf, refuseLogIn } from '../identity.http';
import { changeUser } from '../users/change-user';
import { endAllSessions, endSession } from '../users/user';
import type { UserStore } from '../users/user.store';
import type { Directory } from './directory.gateway';
import { type Account, type LogInDeps, logIn, type Refused } from './log-in';
import type { MailCooldown, MailKind } from './mail-cooldown';
import { isEasyToGuess } from './password-strength';
import { totpRoutes } from './totp.http';
import type { TotpPool, UserPoolGateway } from './user-pool.gateway';

export type SignInDeps = {
  readonly pool: UserPoolGateway;
  readonly directory: Pick<Directory, 'completeSignUp' | 'completeSignUpWith' | 'find' | 'signOut'>;
  readonly cooldown: MailCooldown;
  readonly users: Pick<UserStore, 'get' | 'create' | 'save'>;
  readonly totp: Pick<TotpPool, 'begin' | 'confirm'>;
  readonly totpRequired: LogInDeps['totpRequired'];
  readonly now: () => Date;
  /** Resolves when the next second begins: log-in times have a resolution of one second. */
  readonly nextSecond: () => Promise<void>;
};

const codeSent: Answer = {
  status: 202,
  body: { message: 'If this address can have an account, a code was sent to it. Check the mailbox.' },
};
const done: Answer = { status: 204 };
const wrongCode = refuse(
  'InvalidCode',
  'The code is wrong or has expired, or there is no such account. Request a new code.',
);
const weakPassword = wrongFields(
  [
    {
      pointer: '/password',
      detail: 'must not be a common password with added digits and symbols, a row of keys, or your own name or address',
    },
  ],
  'The password is easy to guess.',
);
const endedLogIn = refuse('InvalidCredentials', 'The refresh token is wrong, expired or revoked. Log in again.');

const bodyRoute =
  <Body>(schema: z.ZodType<Body>, work: (body: Body, request: Request) => Promise<Answer>): Route =>
  async (request) => {
    const parsed = parseBody(request, schema);
    return isProblem(parsed) ? parsed : work(parsed.body, request);
  };

const orElse = (outcome: unknown, refused: Answer, answer: Answer): Answer => {
  if (outcome === ('limited' satisfies Refused)) return busy;
  return outcome === ('refused' satisfies Refused) ? refused : answer;
};

/**
 * Mails a code, at most one a minute per address. Returns 202 whether it was mailed or not. When the user pool is too
 * busy it returns 429 and ends the cooldown.
 */
const mailing = async (cooldown: MailCooldown, kind: MailKind, account: Account, mail: () => Promise<unknown>) => {
  if (!(await cooldown.start(kind, account))) return codeSent;
  try {
    const outcome = await mail();
    if (outcome !== ('limited' satisfies Refused)) return codeSent;
  } catch (error) {
    await cooldown.end(kind, account);
    throw error;
  }
  await cooldown.end(kind, account);
  return busy;
};

/**
 * Creates an account and mails its code. The caller may not own the address, so an existing account is never changed,
 * only its code is mailed again; all responses are equal. The new account belongs to no shop yet.
 */
const signUp = ({ pool, cooldown }: SignInDeps): Route =>
  bodyRoute(SignUpRequest, async ({ password, displayName, ...body }, request) => {
    const account = accountOf(request, body);
    if (isEasyToGuess(password, [account.email, displayName ?? ''])) return weakPassword;
    return mailing(cooldown, 'confirmation', account, async () => {
      const outcome = await pool.signUp(account, password, displayName);
      return outcome === 'exists' ? pool.resendCode(account) : outcome;
    });
  });

/**
 * Completes a sign-up. The code proves who owns the address, so the password sent with it replaces the one of whoever
 * signed up. Only then the account joins its shop, so that no token of an older password is ever valid.
 */
const confirm = ({ pool, directory, cooldown }: SignInDeps): Route =>
  bodyRoute(ConfirmSignUpRequest, async ({ code, password, ...body }, request) => {
    const account = accountOf(request, body);
    if (isEasyToGuess(password, [account.email])) return weakPassword;
    const outcome = await pool.confirm(account, code);
    if (outcome === 'refused' || outcome === 'limited') return orElse(outcome, wrongCode, done);
    const tokens = await pool.logIn(account, { password });
    if (typeof tokens === 'string') await directory.completeSignUpWith(account, password);
    else {
      await pool.revoke(tokens.refreshToken);
      await directory.completeSignUp(account);
    }
    await cooldown.end('confirmation', account);
    return done;
  });

const logInRoute = (deps: SignInDeps): Route =>
  bodyRoute(LogInRequest, async (body, request) => {
    const tokens = await logIn(deps)(accountOf(request, body), body, momentOf(request, deps.now));
    return typeof tokens === 'string' ? refuseLogIn(tokens) : { status: 200, body: { tokenType: 'Bearer', ...tokens } };
  });

const refresh = ({ pool }: SignInDeps): Route =>
  bodyRoute(RefreshTokensRequest, async ({ refreshToken }) => {
    const tokens = await pool.refresh(refreshToken);
    return typeof tokens === 'string'
      ? orElse(tokens, endedLogIn, done)
      : { status: 200, body: { tokenType: 'Bearer', ...tokens } };
  });

const forgotPassword = ({ pool, cooldown }: SignInDeps): Route =>
  bodyRoute(ForgotPasswordRequest, async (body, request) => {
    const account = accountOf(request, body);
    return mailing(cooldown, 'reset', account, () => pool.forgotPassword(account));
  });

/** Resets a password. The code proves who owns the address, so an interrupted sign-up is completed too. */
const resetPassword = ({ pool, directory, users, cooldown, now, nextSecond }: SignInDeps): Route =>
  bodyRoute(ResetPasswordRequest, async ({ code, password, ...body }, request) => {
    const account = accountOf(request, body);
    if (isEasyToGuess(password, [account.email])) return weakPassword;
    const outcome = await pool.resetPassword(account, code, password);
    if (outcome === 'refused' || outcome === 'limited') return orElse(outcome, wrongCode, done);
    await directory.signOut(account);
    const known = await directory.find(account);
    const key = { tenant: account.tenant, userId: known?.userId ?? '' };
    const moment = momentOf(request, now);
    await changeUser(users, key, (user) => ({ accepted: true, fact: endAllSessions(user, moment) }));
    if (known?.isComplete === false) await directory.completeSignUp(account);
    await cooldown.end('reset', account);
    await nextSecond();
    return done;
  });

const logOut = ({ pool, users, now }: SignInDeps): Route => {
  const withBody = bodyRoute(LogOutRequest, async ({ refreshToken }, request) => {
    const { tenant, userId = '', sessionId } = request.caller;
    if (sessionId !== undefined) {
      const moment = momentOf(request, now);
      await changeUser(users, { tenant, userId }, (user) => ({
        accepted: true,
        fact: endSession(user, sessionId, moment),
      }));
    }
    if (refreshToken !== undefined) await pool.revoke(refreshToken);
    return done;
  });
  const nothing = { 'content-type': 'application/json' } as Record<string, string>;
  return (request) =>
    withBody(request.body === '' ? { ...request, body: '{}', header: (name) => nothing[name] } : request);
};

/** Returns the routes of signing in, by operation. Without a user pool each returns 404: accounts are external. */
export const signInRoutes = (deps: SignInDeps | undefined) => {
  const unavailable: Route = async () => externalAccounts;
  const route = (make: (deps: SignInDeps) => Route): Route => (deps === undefined ? unavailable : make(deps));
  return {
    signUp: route(signUp),
    confirmSignUp: route(confirm),
    logIn: route(logInRoute),
    setUpTotp: route((accounts) => totpRoutes(accounts).setUpTotp),
    confirmTotp: route((accounts) => totpRoutes(accounts).confirmTotp),
    refreshTokens: route(refresh),
    forgotPassword: route(forgotPassword),
    resetPassword: route(resetPassword),
    logOut: route(logOut),
  };
};
