import { createHash, createHmac } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Tenant } from '../../kernel/tenant';
import { type Identity, identityFrom } from '../authorizer/identity';
import { changeUser, type Users } from '../users/change-user';
import { type Moment, needsTotp, newUser, logIn as recordLogIn, type User } from '../users/user';
import type { Account, LoggedIn, LogInPool, LogInRefused, PoolLogIn, Secrets } from './user-pool.gateway';

const maxUserName = 128; // of a user pool

/**
 * Returns the name of an account in the user pool: one address may have an account in each shop, unknown to the others.
 * A long address is replaced by its hash.
 */
export const userNameOf = (tenant: Tenant, email: string): string => {
  const name = `${tenant}/${email}`;
  return name.length <= maxUserName ? name : `${tenant}/${createHash('sha256').update(email).digest('hex')}`;
};

export type Client = { readonly clientId: string; readonly clientSecret: string };

/** Returns the client's secret hash, without which the user pool refuses sign-ups and log-ins. */
export const secretHash = ({ clientId, clientSecret }: Client, userName: string): string =>
  createHmac('sha256', clientSecret).update(`${userName}${clientId}`).digest('base64');

export type LogInDeps = {
  readonly pool: Pick<LogInPool, 'logIn' | 'revoke'>;
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
