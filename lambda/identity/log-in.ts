import { decodeJwt } from 'jose';
import { changeUser, type Users } from './change-user';
import { type Identity, identityFrom } from './identity';
import type { Refused } from './pool-refusal';
import { type Moment, newUser, logIn as noteLogIn, type User } from './user';
import type { Account, LoggedIn } from './user-pool.gateway';

export type LogInDeps = {
  readonly pool: { readonly logIn: (account: Account, password: string) => Promise<LoggedIn | Refused> };
  readonly directory: { readonly settle: (account: Account) => Promise<void> };
  readonly users: Users & { readonly create: (user: User) => Promise<boolean> };
};

/** What the user pool calls a user's tenant and roles. */
export const poolClaims = { tenant: 'custom:tenant', roles: 'cognito:groups' };

/** Whom the token names that the user pool has just given us itself. */
const identityOf = ({ idToken }: LoggedIn): Identity | undefined => identityFrom(decodeJwt(idToken), poolClaims);

/** An account whose sign-up was cut short is put into its shop now. */
const settled = async ({ pool, directory }: LogInDeps, account: Account, password: string) => {
  const tokens = await pool.logIn(account, password);
  if (typeof tokens === 'string' || identityOf(tokens) !== undefined) return tokens;
  await directory.settle(account);
  return pool.logIn(account, password);
};

/** Logs in with a password: notes it with the user, and answers with the tokens. A disabled user is refused. */
export const logIn =
  (deps: LogInDeps) =>
  async (account: Account, password: string, moment: Moment): Promise<LoggedIn | Refused> => {
    const tokens = await settled(deps, account, password);
    if (typeof tokens === 'string') return tokens;
    const identity = identityOf(tokens);
    if (identity === undefined || identity.tenant !== account.tenant) return 'refused';
    const own = { ...moment, actor: identity.userId }; // whoever logs in is a guest until now
    if ((await deps.users.get(identity)) === undefined) await deps.users.create(newUser(identity, own));
    const noted = await changeUser(deps.users, identity, (user) => noteLogIn(user, identity, own));
    return noted.accepted ? tokens : 'refused';
  };
