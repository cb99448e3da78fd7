import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { deliverable } from '../contracts/email';
import { type Role, roles } from '../contracts/routes';
import type { UserStatus } from '../contracts/user-api';
import { userNameOf } from './account';
import { attempt } from './pool-refusal';
import type { Account, UserPool } from './user-pool.gateway';

const absent = { UserNotFoundException: 'absent' } as const;

/** Nobody knows it: the user sets another one with the code of an e-mail. */
const unknownPassword = () => `aA1!${randomBytes(30).toString('base64url')}`;

const named = ({ userPoolId }: UserPool, { tenant, email }: Account) => ({
  UserPoolId: userPoolId,
  Username: userNameOf(tenant, email),
});

const join = async (users: UserPool, account: Account, given: readonly Role[]): Promise<void> => {
  for (const GroupName of given)
    await users.pool.send(new AdminAddUserToGroupCommand({ ...named(users, account), GroupName }));
};

type Invitation = { readonly roles: readonly Role[]; readonly displayName?: string | undefined };

const create = async (users: UserPool, account: Account, displayName: string | undefined): Promise<void> => {
  const UserAttributes = [
    { Name: 'email', Value: deliverable(account.email) },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'custom:tenant', Value: account.tenant },
    ...(displayName === undefined ? [] : [{ Name: 'name', Value: displayName }]),
  ];
  const command = new AdminCreateUserCommand({ ...named(users, account), UserAttributes, MessageAction: 'SUPPRESS' });
  await attempt(() => users.pool.send(command), { UsernameExistsException: 'exists' });
};

/** What the user pool knows of an account. */
type Known = { readonly userId: string; readonly status: string | undefined };

const find = async ({ pool, ...users }: UserPool, account: Account): Promise<Known | undefined> => {
  const command = new AdminGetUserCommand(named({ pool, ...users }, account));
  const user = await attempt(() => pool.send(command), absent);
  if (typeof user === 'string') return undefined;
  const userId = user.UserAttributes?.find(({ Name }) => Name === 'sub')?.Value;
  if (userId === undefined) throw new Error('the user pool gave an account no ID');
  return { userId, status: user.UserStatus };
};

const invite = async (users: UserPool, account: Account, invitation: Invitation): Promise<string> => {
  const { pool } = users;
  const name = named(users, account);
  const before = await find(users, account);
  // whoever signed up and did not confirm need not own the address, but knows the password
  if (before?.status === 'UNCONFIRMED') await pool.send(new AdminDeleteUserCommand(name));
  await create(users, account, invitation.displayName);
  await join(users, account, invitation.roles);
  const known = await find(users, account);
  if (known === undefined) throw new Error('the account is gone while it is made');
  if (known.status === 'FORCE_CHANGE_PASSWORD')
    await pool.send(new AdminSetUserPasswordCommand({ ...name, Password: unknownPassword(), Permanent: true }));
  await pool.send(new AdminResetUserPasswordCommand(name)); // mails the code
  return known.userId;
};

const setStatus = async (users: UserPool, account: Account, status: UserStatus): Promise<void> => {
  const { pool } = users;
  const calls = {
    ACTIVE: () => pool.send(new AdminEnableUserCommand(named(users, account))),
    DISABLED: () => pool.send(new AdminDisableUserCommand(named(users, account))),
    DELETED: () => pool.send(new AdminDeleteUserCommand(named(users, account))),
  };
  await attempt<unknown, 'absent'>(calls[status], absent);
};

const setRoles = async (users: UserPool, account: Account, given: readonly Role[]): Promise<void> => {
  await join(users, account, given);
  for (const GroupName of roles.filter((role) => !given.includes(role)))
    await users.pool.send(new AdminRemoveUserFromGroupCommand({ ...named(users, account), GroupName }));
};

/** Lets the account be opened by the password alone, so that another authenticator app can be set up. */
const resetTotp = async (users: UserPool, account: Account): Promise<void> => {
  const SoftwareTokenMfaSettings = { Enabled: false, PreferredMfa: false };
  const command = new AdminSetUserMFAPreferenceCommand({ ...named(users, account), SoftwareTokenMfaSettings });
  await attempt(() => users.pool.send(command), absent);
};

/** Puts an account that signed up into its shop, as a customer. No token of it is good before. */
export const settling =
  (users: UserPool) =>
  async (account: Account): Promise<void> => {
    const UserAttributes = [{ Name: 'custom:tenant', Value: account.tenant }];
    await users.pool.send(new AdminUpdateUserAttributesCommand({ ...named(users, account), UserAttributes }));
    await join(users, account, ['customer']);
  };

/** What the system does with accounts. Doing any of it twice changes nothing more. */
export const directory = (users: UserPool) => {
  const { pool } = users;
  return {
    settle: settling(users),

    find: (account: Account) => find(users, account),

    /** Deletes an account that nobody confirmed, so that its address can sign up anew. */
    forget: async (account: Account): Promise<void> => {
      await attempt(() => pool.send(new AdminDeleteUserCommand(named(users, account))), absent);
    },

    /** Makes an account without a password, and mails the code that sets one. Answers with the account's ID. */
    invite: (account: Account, invitation: Invitation) => invite(users, account, invitation),

    setStatus: (account: Account, status: UserStatus) => setStatus(users, account, status),

    setRoles: (account: Account, given: readonly Role[]) => setRoles(users, account, given),

    resetTotp: (account: Account) => resetTotp(users, account),

    /** Ends every log-in of the account: no refresh token of it is good any more. */
    signOut: async (account: Account): Promise<void> => {
      await attempt(() => pool.send(new AdminUserGlobalSignOutCommand(named(users, account))), absent);
    },
  };
};

export type Directory = ReturnType<typeof directory>;
