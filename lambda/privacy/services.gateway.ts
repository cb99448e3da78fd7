import {
  ContactForgotten,
  type EraseUser,
  type FindOpenReturns,
  type FindPersonalOrders,
  type ForgetContact,
  GuestProved,
  OpenReturnsFound,
  type OrdersOf,
  PersonalOrdersFound,
  type ProveGuest,
  UserErased,
} from '../contracts/calls/privacy-calls';
import { type DescribeUser, UserDescribed } from '../contracts/calls/user-calls';
import type { Invoke } from '../kernel/aws/signed-request';
import type { Tenant } from '../kernel/tenant';
import type { OrderPosition } from './erasing/erasure';

/** Somebody's orders that were created up to `until`. */
export type OrderSelection = {
  readonly tenant: Tenant;
  readonly of: OrdersOf;
  readonly until: string;
  readonly after?: OrderPosition | undefined;
};

/** Queries the order and the return service. Every method throws when they do not answer. */
export const ordersGateway = (invokeOrders: Invoke, invokeReturns: Invoke) => {
  const openReturns = async (tenant: Tenant, orderIds: string[]): Promise<ReadonlySet<string>> => {
    if (orderIds.length === 0) return new Set();
    const query: FindOpenReturns = { ask: 'find-open-returns', tenantId: tenant, orderIds };
    return new Set(OpenReturnsFound.parse(await invokeReturns(query)).orderIds);
  };

  return {
    /** Returns a page of orders. One with an open return is open, too. */
    page: async ({ tenant, of, until, after }: OrderSelection): Promise<PersonalOrdersFound> => {
      const query: FindPersonalOrders = { ask: 'find-personal-orders', tenantId: tenant, of, until, after };
      const { orders, next } = PersonalOrdersFound.parse(await invokeOrders(query));
      const ended = orders.flatMap(({ orderId, isOpen }) => (isOpen ? [] : [orderId]));
      const open = await openReturns(tenant, ended);
      return { orders: orders.map((order) => ({ ...order, isOpen: order.isOpen || open.has(order.orderId) })), next };
    },

    /** Returns by what a guest's orders are found, or undefined when it is not the address of this order of a guest. */
    prove: async (tenant: Tenant, orderId: string, customerEmail: string): Promise<string | undefined> => {
      const query: ProveGuest = { ask: 'prove-guest', tenantId: tenant, orderId, customerEmail };
      return GuestProved.parse(await invokeOrders(query)).contact;
    },

    /** Has an order no longer be found by its guest's address. */
    forgetContact: async (tenant: Tenant, orderId: string): Promise<void> => {
      const query: ForgetContact = { ask: 'forget-contact', tenantId: tenant, orderId };
      ContactForgotten.parse(await invokeOrders(query));
    },
  };
};

export type OrdersGateway = ReturnType<typeof ordersGateway>;

/** Asks the identity service to erase users. */
export const eraseUserGateway =
  (invoke: Invoke) =>
  async (tenant: Tenant, userId: string): Promise<void> => {
    const request: EraseUser = { tenantId: tenant, userId };
    UserErased.parse(await invoke(request));
  };

/** Queries the identity service for whether a tenant has, or had, a user. */
export const userGateway =
  (invoke: Invoke) =>
  async (tenant: Tenant, userId: string): Promise<boolean> => {
    const query: DescribeUser = { ask: 'describe-user', tenantId: tenant, userId };
    return UserDescribed.parse(await invoke(query)).user !== undefined;
  };
