import { type DescribeOrder, OrderDescribed } from '../contracts/calls/order-calls';
import { type DescribeUser, UserDescribed } from '../contracts/calls/user-calls';
import type { Invoke } from '../kernel/aws/signed-request';
import type { Tenant } from '../kernel/tenant';
import type { AccountKey } from './accounts/account';

export type DescribedOrder = NonNullable<OrderDescribed['order']>;

/** Queries the order service. */
export const orderGateway = (invoke: Invoke) => {
  return {
    describe: async (tenant: Tenant, orderId: string): Promise<DescribedOrder | undefined> => {
      const query: DescribeOrder = { ask: 'describe-order', tenantId: tenant, orderId };
      return OrderDescribed.parse(await invoke(query)).order;
    },
  };
};

export type OrderGateway = ReturnType<typeof orderGateway>;

export type DescribedUser = NonNullable<UserDescribed['user']>;

/** Queries the identity service. */
export const userGateway = (invoke: Invoke) => ({
  /**
   * Returns the user, or undefined when the tenant has no such user. Throws when the identity service does not answer.
   */
  describe: async ({ tenant, userId }: AccountKey): Promise<DescribedUser | undefined> => {
    const query: DescribeUser = { ask: 'describe-user', tenantId: tenant, userId };
    return UserDescribed.parse(await invoke(query)).user;
  },
});

export type UserGateway = ReturnType<typeof userGateway>;
