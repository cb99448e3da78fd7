import { decodeJwt } from 'jose';
import type { Tenant } from '../../kernel/tenant';
import { type Identity, identityFrom } from '../authorizer/identity';
import { changeUser, type Users } from '../users/change-user';
import { type Moment, needsTotp, newUser, logIn as recordLogIn, type User } from '../users/user';

/** `refused`: the input is wrong or the account does not exist. `limited`: too many requests at once. */
export type Refused = 'refused' | 'limited';

/** An account, identified by its shop and address. */
export type Account = { readonly tenant: Tenant; readonly email: string };

export type Tokens = { readonly idToken: string; readonly expiresIn: number };
export type LoggedIn = Tokens & { readonly refreshToken: string };

/** The password, and the code of the authenticator app when one is set up. */
export type Secrets = { readonly password: string; readonly totpCode?: string | undefined };

/** The result of a log-in. `accessToken` is for the user pool itself, to set up an authenticator app. */
export type PoolLogIn = LoggedIn & { readonly accessToken: string; readonly withTotp: boolean };

/** Why a log-in failed. `code-required`: the password is right, but the code of the authenticator app is missing. */
export type LogInRefused = Refused | 'code-required';

type LogInPool = {
  readonly logIn: (account: Account, secrets: Secrets) => Promise<PoolLogIn | LogInRefused>;
  readonly revoke: (refreshToken: string) => Promise<void>;
};

export type LogInDeps = {
  readonly pool: LogInPool;
  readonly users: Users & { readonly create: (user: User) => Promise<boolean> };
  /** Whether every role but customer needs an authenticator app. */
  readonly totpRequired: boolean;
};

/** `setup-required`: the password is right, but the account must set up an authenticator app first. */
export type LogInOutcome = LoggedIn | LogInRefused | 'setup-required';

/** The user pool's claims for a user's tenant and roles. */
const poolClaims = { tenant: 'custom:tenant', roles: 'cognito:groups' };

/** Decodes the ID token without verification: the user pool itself has just returned it. */
const identityOf = ({ idToken }: LoggedIn): Identity | undefined => identityFrom(decodeJwt(idToken), poolClaims);

/** Logs in at the user pool. Refuses an account whose sign-up is not complete, even with the right password. */
export const openAccount = async (
  { pool }: Pick<LogInDeps, 'pool'>,
  account: Account,
  secrets: Secrets,
): Promise<PoolLogIn | LogInRefused> => {
  const tokens = await pool.logIn(account, secrets);
  if (typeof tokens === 'string' || identityOf(tokens)?.tenant === account.tenant) return tokens;
  await pool.revoke(tokens.refreshToken);
  return 'refused';
};

/** Returns the user of the account that has just logged in, created on its first log-in. */
export const openedUser = async (
  { users }: Pick<LogInDeps, 'users'>,
  account: Account,
  tokens: LoggedIn,
  moment: Moment,
): Promise<{ readonly identity: Identity; readonly own: Moment } | undefined> => {
  const identity = identityOf(tokens);
  if (identity === undefined || identity.tenant !== account.tenant) return undefined;
  const own = { ...moment, actor: identity.userId }; // until now the caller was a guest
  if ((await users.get(identity)) === undefined) await users.create(newUser(identity, own));
  return { identity, own };
};

/** Logs in with a password, records it and returns the tokens. Refuses a disabled user. */
export const logIn =
  (deps: LogInDeps) =>
  async (account: Account, secrets: Secrets, moment: Moment): Promise<LogInOutcome> => {
    const opened = await openAccount(deps, account, secrets);
    if (typeof opened === 'string') return opened;
    const { accessToken, withTotp, ...tokens } = opened;
    const found = await openedUser(deps, account, tokens, moment);
    if (found === undefined) return 'refused';
    const { identity, own } = found;
    const recorded = await changeUser(deps.users, identity, (user) =>
      recordLogIn(user, { ...identity, withTotp }, own),
    );
    if (!recorded.accepted) return 'refused';
    if (withTotp || !deps.totpRequired || !needsTotp(identity.roles)) return tokens;
    await deps.pool.revoke(tokens.refreshToken);
    return 'setup-required';
  };
