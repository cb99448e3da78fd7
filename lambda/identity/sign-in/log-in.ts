import { createHash, createHmac } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Tenant } from '../../kernel/tenant';
import { type Identity, identityFrom } from '../authorizer/identity';
import { changeUser, type Users } from '../users/change-user';
import { type Moment, needsTotp, newUser, logIn as noteLogIn, type User } from '../users/user';
import type { Account, LoggedIn, LogInPool, LogInRefused, PoolLogIn, Secrets } from './user-pool.gateway';

const maxUserName = 128; // of a user pool

/**
 * What an account is called in the user pool: the same address may have one in each shop, and no shop learns of another's.
 * An address that would make the name too long stands in it as its hash.
 */
export const userNameOf = (tenant: Tenant, email: string): string => {
  const name = `${tenant}/${email}`;
  return name.length <= maxUserName ? name : `${tenant}/${createHash('sha256').update(email).digest('hex')}`;
};

export type Client = { readonly clientId: string; readonly clientSecret: string };

/** Proves to the user pool that a request comes from us: nobody else can sign anybody up, or try passwords. */
export const secretHash = ({ clientId, clientSecret }: Client, userName: string): string =>
  createHmac('sha256', clientSecret).update(`${userName}${clientId}`).digest('base64');

export type LogInDeps = {
  readonly pool: Pick<LogInPool, 'logIn' | 'revoke'>;
  readonly users: Users & { readonly create: (user: User) => Promise<boolean> };
  /** Whether whoever is more than a customer must have set up an authenticator app. */
  readonly totpRequired: boolean;
};

/** `setup-required`: all is right, and this account must set up an authenticator app before it is let in. */
export type LogInOutcome = LoggedIn | LogInRefused | 'setup-required';

/** What the user pool calls a user's tenant and roles. */
export const poolClaims = { tenant: 'custom:tenant', roles: 'cognito:groups' };

/** Whom the token names that the user pool has just given us itself. */
const identityOf = ({ idToken }: LoggedIn): Identity | undefined => identityFrom(decodeJwt(idToken), poolClaims);

/** Logs in at the user pool. An account that no code has put into its shop yet is refused, whoever knows its password. */
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

/** Returns the user of an account that was opened just now, written where it was not known before. */
export const openedUser = async (
  { users }: Pick<LogInDeps, 'users'>,
  account: Account,
  tokens: LoggedIn,
  moment: Moment,
): Promise<{ readonly identity: Identity; readonly own: Moment } | undefined> => {
  const identity = identityOf(tokens);
  if (identity === undefined || identity.tenant !== account.tenant) return undefined;
  const own = { ...moment, actor: identity.userId }; // whoever logs in is a guest until now
  if ((await users.get(identity)) === undefined) await users.create(newUser(identity, own));
  return { identity, own };
};

/** Logs in with a password: notes it with the user, and answers with the tokens. A disabled user is refused. */
export const logIn =
  (deps: LogInDeps) =>
  async (account: Account, secrets: Secrets, moment: Moment): Promise<LogInOutcome> => {
    const opened = await openAccount(deps, account, secrets);
    if (typeof opened === 'string') return opened;
    const { accessToken, withTotp, ...tokens } = opened;
    const found = await openedUser(deps, account, tokens, moment);
    if (found === undefined) return 'refused';
    const { identity, own } = found;
    const noted = await changeUser(deps.users, identity, (user) => noteLogIn(user, { ...identity, withTotp }, own));
    if (!noted.accepted) return 'refused';
    if (withTotp || !deps.totpRequired || !needsTotp(identity.roles)) return tokens;
    await deps.pool.revoke(tokens.refreshToken);
    return 'setup-required';
  };
