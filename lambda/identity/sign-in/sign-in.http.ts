import type * as z from 'zod';
import {
  ConfirmSignUpRequest,
  ForgotPasswordRequest,
  LogInRequest,
  LogOutRequest,
  RefreshTokensRequest,
  ResetPasswordRequest,
  SignUpRequest,
} from '../../contracts/sign-in-api';
import type { Request, Route } from '../../kernel/http/http';
import { type Answer, isProblem, type ProblemAnswer } from '../../kernel/http/http';
import { parseBody } from '../../kernel/http/input';
import { accountOf, busy, elsewhere, momentOf, refuse, refuseLogIn } from '../identity.http';
import { changeUser } from '../users/change-user';
import { endAllSessions, endSession } from '../users/user';
import type { UserStore } from '../users/user.store';
import type { Directory } from './directory.gateway';
import { type LogInDeps, logIn } from './log-in';
import type { MailCooldown, MailKind } from './mail-cooldown';
import { isEasyToGuess } from './password-strength';
import { totpRoutes } from './totp.http';
import type { Account, Refused, TotpPool, UserPoolGateway } from './user-pool.gateway';

export type SignInDeps = {
  readonly pool: UserPoolGateway;
  readonly directory: Pick<Directory, 'settle' | 'completeSignUpWith' | 'find' | 'signOut'>;
  readonly cooldown: MailCooldown;
  readonly users: Pick<UserStore, 'get' | 'create' | 'save'>;
  readonly totp: Pick<TotpPool, 'begin' | 'confirm'>;
  readonly totpRequired: LogInDeps['totpRequired'];
  readonly now: () => Date;
  /** Resolves when the next second begins: log-ins are told apart by seconds. */
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
const weakPassword: ProblemAnswer = {
  ...refuse('ValidationFailed', 'The password is easy to guess.'),
  errors: [
    {
      pointer: '/password',
      detail:
        'must not be a common password with digits and symbols put on, a row of keys, or your own name or address',
    },
  ],
};
const endedLogIn = refuse('InvalidCredentials', 'The refresh token is wrong, used up or ended. Log in again.');

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
 * Has a code mailed, at most one a minute for an address. Returns 202 whether it was, unless the user pool is too busy: then
 * the minute does not count.
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
 * Whoever signs up need not own the address, so nothing of an account is changed by it: it is made once, belongs to no shop,
 * and only its code is mailed again. All answers are the same.
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
 * The code proves who owns the address, so the password that comes with it is the account's from now on, whoever signed up.
 * The account belongs to its shop after that alone: no token is good of who knows an older password.
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
      await directory.settle(account);
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

/** The code proves who owns the address: an account whose confirmation was cut short is put into its shop now. */
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
    if (known?.isSettled === false) await directory.settle(account);
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

/** The routes of signing in, by operation; without a user pool each says that the accounts are kept elsewhere. */
export const signInRoutes = (deps: SignInDeps | undefined) => {
  const nowhere: Route = async () => elsewhere;
  const route = (make: (deps: SignInDeps) => Route): Route => (deps === undefined ? nowhere : make(deps));
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
