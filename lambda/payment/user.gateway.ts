import { type DescribeUser, UserDescribed } from '../contracts/user-calls';
import type { Invoke } from '../kernel/invoke-function';
import type { AccountKey } from './account';

export type DescribedUser = NonNullable<UserDescribed['user']>;

/** Queries the identity service. */
export const userGateway = (invoke: Invoke) => ({
  /** Returns the user, or nothing when the tenant has no such user. Throws when the identity service gives no answer. */
  describe: async ({ tenant, userId }: AccountKey): Promise<DescribedUser | undefined> => {
    const query: DescribeUser = { ask: 'describe-user', tenantId: tenant, userId };
    return UserDescribed.parse(await invoke(query)).user;
  },
});

export type UserGateway = ReturnType<typeof userGateway>;
