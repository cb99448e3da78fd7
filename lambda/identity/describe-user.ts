import { DescribeUser, type UserDescribed } from '../contracts/user-calls';
import { trustedTenant } from '../kernel/tenant';
import type { Users } from './change-user';

/** Answers other services whether a tenant has a user, and the user's status. */
export const describeUser =
  ({ users }: { readonly users: Pick<Users, 'get'> }) =>
  async (query: unknown): Promise<UserDescribed> => {
    const { tenantId, userId } = DescribeUser.parse(query);
    const user = await users.get({ tenant: trustedTenant(tenantId), userId });
    return user === undefined ? {} : { user: { status: user.status } };
  };
