import { randomBytes } from 'node:crypto';
import { type Role, roles } from '../../contracts/api/routes';
import type { UserStatus } from '../../contracts/calls/user-calls';
import { deliverable } from '../../contracts/values/email';
import type { Account } from './log-in';
import { attempt, type UserPool, userNameOf } from './user-pool.gateway';

const absent = { UserNotFoundException: 'absent' } as const;

/** Returns a random password that nobody knows; the user sets another one with the mailed code. */
const unknownPassword = () => `aA1!${randomBytes(30).toString('base64url')}`;

const named = ({ userPoolId }: UserPool, { tenant, email }: Account) => ({
  UserPoolId: userPoolId,
  Username: userNameOf(tenant, email),
});

const join = async (users: UserPool, account: Account, given: readonly Role[]): Promise<void> => {
  for (const GroupName of given) await users.pool('AdminAddUserToGroup', { ...named(users, account), GroupName });
};

type Invitation = { readonly roles: readonly Role[]; readonly displayName?: string | undefined };

const attributesOf = (account: Account, { displayName }: Invitation) => [
  { Name: 'email', Value: deliverable(account.email) },
  { Name: 'email_verified', Value: 'true' },
  { Name: 'custom:tenant', Value: account.tenant },
  ...(displayName === undefined ? [] : [{ Name: 'name', Value: displayName }]),
];

const create = async (users: UserPool, account: Account, invitation: Invitation): Promise<'new' | 'exists'> => {
  const UserAttributes = attributesOf(account, invitation);
  const given = { ...named(users, account), UserAttributes, MessageAction: 'SUPPRESS' } as const;
  const created = await attempt(() => users.pool('AdminCreateUser', given), { UsernameExistsException: 'exists' });
  return created === 'exists' ? 'exists' : 'new';
};

/** The user pool's record of an account. */
type Known = {
  readonly userId: string;
  readonly status: string | undefined;
  /** Whether the account belongs to its shop; before that its tokens are invalid. */
  readonly isComplete: boolean;
};

const find = async (users: UserPool, account: Account): Promise<Known | undefined> => {
  const user = await attempt(() => users.pool('AdminGetUser', named(users, account)), absent);
  if (typeof user === 'string') return undefined;
  const attribute = (name: string) => user.UserAttributes?.find(({ Name }) => Name === name)?.Value;
  const userId = attribute('sub');
  if (userId === undefined) throw new Error('the user pool returned an account without an ID');
  return { userId, status: user.UserStatus, isComplete: attribute('custom:tenant') === account.tenant };
};

const setPassword = (users: UserPool, account: Account, Password: string) =>
  users.pool('AdminSetUserPassword', { ...named(users, account), Password, Permanent: true });

/**
 * Gives an existing account to the invited person. An unconfirmed one loses its password and name: anybody may have set
 * them.
 */
const takeOver = async (users: UserPool, account: Account, invitation: Invitation, known: Known): Promise<void> => {
  const isOwned = known.status === 'CONFIRMED' && known.isComplete;
  if (!isOwned) await setPassword(users, account, unknownPassword());
  const attributes = attributesOf(account, isOwned ? { ...invitation, displayName: undefined } : invitation);
  const noName = !isOwned && invitation.displayName === undefined ? [{ Name: 'name', Value: '' }] : [];
  const UserAttributes = [...attributes, ...noName];
  await users.pool('AdminUpdateUserAttributes', { ...named(users, account), UserAttributes });
};

/**
 * Creates or takes over the account and mails a code. No password works until that code sets one. Deletes no account.
 */
const invite = async (users: UserPool, account: Account, invitation: Invitation): Promise<string> => {
  const created = await create(users, account, invitation);
  const known = await find(users, account);
  if (known === undefined) throw new Error('the account was deleted while it was being created');
  if (created === 'exists') await takeOver(users, account, invitation, known);
  else await setPassword(users, account, unknownPassword());
  await join(users, account, invitation.roles);
  await users.pool('AdminResetUserPassword', named(users, account)); // mails the code
  return known.userId;
};

const setStatus = async (users: UserPool, account: Account, status: UserStatus): Promise<void> => {
  const { pool } = users;
  const calls = {
    ACTIVE: () => pool('AdminEnableUser', named(users, account)),
    DISABLED: () => pool('AdminDisableUser', named(users, account)),
    DELETED: () => pool('AdminDeleteUser', named(users, account)),
  };
  await attempt<unknown, 'absent'>(calls[status], absent);
};

const setRoles = async (users: UserPool, account: Account, given: readonly Role[]): Promise<void> => {
  await join(users, account, given);
  for (const GroupName of roles.filter((role) => !given.includes(role)))
    await users.pool('AdminRemoveUserFromGroup', { ...named(users, account), GroupName });
};

/** Removes the second factor, so that another authenticator app can be set up. */
const resetTotp = async (users: UserPool, account: Account): Promise<void> => {
  const SoftwareTokenMfaSettings = { Enabled: false, PreferredMfa: false };
  const given = { ...named(users, account), SoftwareTokenMfaSettings };
  await attempt(() => users.pool('AdminSetUserMFAPreference', given), absent);
};

type Attribute = { readonly Name: string; readonly Value: string };

/** Adds the account to its shop, as a customer. Call it only after a code has proved who owns the address. */
const completeSignUp = async (users: UserPool, account: Account, given: readonly Attribute[] = []) => {
  const own = [...given, { Name: 'custom:tenant', Value: account.tenant }];
  await users.pool('AdminUpdateUserAttributes', { ...named(users, account), UserAttributes: own });
  await join(users, account, ['customer']);
};

/** The system's own calls on accounts. All of them are idempotent. */
export const directory = (users: UserPool) => {
  const { pool } = users;
  return {
    completeSignUp: (account: Account) => completeSignUp(users, account),

    /** Completes the sign-up with another password, and removes the name that whoever signed up has set. */
    completeSignUpWith: async (account: Account, password: string): Promise<void> => {
      await setPassword(users, account, password);
      await completeSignUp(users, account, [{ Name: 'name', Value: '' }]);
    },

    find: (account: Account) => find(users, account),

    /** Creates an account without a password and mails the code that sets one. Returns the account's ID. */
    invite: (account: Account, invitation: Invitation) => invite(users, account, invitation),

    setStatus: (account: Account, status: UserStatus) => setStatus(users, account, status),

    setRoles: (account: Account, given: readonly Role[]) => setRoles(users, account, given),

    resetTotp: (account: Account) => resetTotp(users, account),

    /** Ends every log-in of the account: its refresh tokens become invalid. */
    signOut: async (account: Account): Promise<void> => {
      await attempt(() => pool('AdminUserGlobalSignOut', named(users, account)), absent);
    },
  };
};

export type Directory = ReturnType<typeof directory>;
