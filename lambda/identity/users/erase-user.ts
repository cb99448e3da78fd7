import { EraseUser, type UserErased } from '../../contracts/calls/privacy-calls';
import { accept } from '../../kernel/decision';
import { trustedTenant } from '../../kernel/tenant';
import type { Account } from '../sign-in/log-in';
import { changeUser, type Users } from './change-user';
import { changeAccess } from './user';

export type EraseUserDeps = {
  readonly users: Users;
  /** Missing when the system keeps no accounts. */
  readonly directory: { readonly setStatus: (account: Account, status: 'DELETED') => Promise<unknown> } | undefined;
  readonly newId: () => string;
  readonly now: () => Date;
};

/** Deletes the account and the profile of a user for the privacy service. Repeating it changes nothing. */
export const eraseUser =
  ({ users, directory, newId, now }: EraseUserDeps) =>
  async (request: unknown): Promise<UserErased> => {
    const { tenantId, userId } = EraseUser.parse(request);
    const key = { tenant: trustedTenant(tenantId), userId };
    const user = await users.get(key);
    if (user === undefined || user.status === 'DELETED') return { erased: true };
    if (directory !== undefined && user.email !== undefined)
      await directory.setStatus({ tenant: user.tenant, email: user.email }, 'DELETED');
    const moment = { now: now(), correlationId: newId(), actor: 'privacy', network: undefined };
    await changeUser(users, key, (current) =>
      current.status === 'DELETED' ? accept(current) : changeAccess(current, { status: 'DELETED' }, {}, moment),
    );
    return { erased: true };
  };
