import { ConfirmTotpRequest, SetUpTotpRequest } from '../../contracts/api/sign-in-api';
import { type Answer, isProblem, refuse } from '../../kernel/http/answer';
import { parseBody } from '../../kernel/http/input';
import type { Request, Route } from '../../kernel/http/route';
import { accountOf, busy, momentOf, refuseLogIn } from '../identity.http';
import { changeUser } from '../users/change-user';
import { confirmTotp } from '../users/user';
import { type Account, type LogInDeps, openAccount, openedUser, type PoolLogIn, type Secrets } from './log-in';
import type { TotpPool } from './user-pool.gateway';

export type TotpDeps = Omit<LogInDeps, 'totpRequired'> & {
  readonly totp: Pick<TotpPool, 'begin' | 'confirm'>;
  readonly directory: { readonly signOut: (account: Account) => Promise<void> };
  readonly now: () => Date;
  readonly nextSecond: () => Promise<void>;
};

const wrongCode = refuse('InvalidCode', 'The code is wrong. Send the code that the new authenticator app shows now.');
const notActive = refuse('InvalidCredentials', 'This account is disabled. Ask an administrator of the shop.');

/** Logs in for one piece of work and revokes the tokens afterwards. */
const withAccount = async (
  deps: TotpDeps,
  account: Account,
  secrets: Secrets,
  work: (opened: PoolLogIn) => Promise<Answer>,
): Promise<Answer> => {
  const opened = await openAccount(deps, account, secrets);
  if (typeof opened === 'string') return refuseLogIn(opened);
  try {
    return await work(opened);
  } finally {
    await deps.pool.revoke(opened.refreshToken);
  }
};

/** Returns the de-facto standard URI of authenticator apps: `otpauth://totp/<issuer>:<account>?secret=…&issuer=…`. */
const uriOf = (secret: string, { tenant, email }: Account): string =>
  `otpauth://totp/${encodeURIComponent(tenant)}:${encodeURIComponent(email)}?secret=${secret}&issuer=${encodeURIComponent(tenant)}`;

const setUp =
  (deps: TotpDeps): Route =>
  async (request) => {
    const parsed = parseBody(request, SetUpTotpRequest);
    if (isProblem(parsed)) return parsed;
    const account = accountOf(request, parsed.body);
    return withAccount(deps, account, parsed.body, async ({ accessToken }) => {
      const begun = await deps.totp.begin(accessToken);
      if (begun === 'limited') return busy;
      if (begun === 'refused') return notActive;
      return { status: 200, body: { ...begun, uri: uriOf(begun.secret, account) } };
    });
  };

const recordConfirmed = async (deps: TotpDeps, account: Account, opened: PoolLogIn, request: Request) => {
  const found = await openedUser(deps, account, opened, momentOf(request, deps.now));
  if (found === undefined) return;
  await changeUser(deps.users, found.identity, (user) => ({ accepted: true, fact: confirmTotp(user, found.own) }));
};

const confirm =
  (deps: TotpDeps): Route =>
  async (request) => {
    const parsed = parseBody(request, ConfirmTotpRequest);
    if (isProblem(parsed)) return parsed;
    const account = accountOf(request, parsed.body);
    return withAccount(deps, account, parsed.body, async (opened) => {
      const confirmed = await deps.totp.confirm(opened.accessToken, parsed.body.code);
      if (confirmed === 'limited') return busy;
      if (confirmed === 'refused') return wrongCode;
      await recordConfirmed(deps, account, opened, request);
      await deps.directory.signOut(account);
      await deps.nextSecond();
      return { status: 204 };
    });
  };

/** Returns the routes of the second factor, by operation. */
export const totpRoutes = (deps: TotpDeps) => ({ setUpTotp: setUp(deps), confirmTotp: confirm(deps) });
