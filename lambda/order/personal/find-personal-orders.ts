import {
  type ContactForgotten,
  type FindPersonalOrders,
  type ForgetContact,
  type GuestProved,
  type PersonalOrder,
  type PersonalOrdersFound,
  PersonalOrdersQuery,
  type ProveGuest,
} from '../../contracts/calls/privacy-calls';
import type { KeyRing } from '../../kernel/sealing/key-ring';
import { trustedTenant } from '../../kernel/tenant';
import { isEnded, type Order } from '../domain/order';
import type { OrderStore } from '../order.store';
import { contactOf, isSealed, keyRefsOf, openPersonal } from './personal';
import type { PersonalOrderStore } from './personal-orders.store';

export type FindPersonalOrdersDeps = {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly lists: PersonalOrderStore;
  readonly keys: Pick<KeyRing, 'open' | 'hash'>;
};

const viewOf = (order: Order): PersonalOrder => ({
  orderId: order.orderId,
  createdAt: order.createdAt,
  refs: keyRefsOf(order),
  isOpen: !(isEnded(order) && isSealed(order)),
});

const find = async ({ lists }: FindPersonalOrdersDeps, query: FindPersonalOrders): Promise<PersonalOrdersFound> => {
  const { tenantId, of, until, after } = query;
  const { orders, next } = await lists.page({ tenant: trustedTenant(tenantId), of, until, after });
  return { orders: orders.map(viewOf), ...(next === undefined ? {} : { next }) };
};

const guestOrder = async ({ orders }: FindPersonalOrdersDeps, { tenantId, orderId }: ProveGuest) => {
  const order = await orders.get({ tenant: trustedTenant(tenantId), orderId });
  return order?.ownerId === undefined ? order : undefined;
};

/** Orders from before there were hashes are compared by their address itself. */
const prove = async (deps: FindPersonalOrdersDeps, query: ProveGuest): Promise<GuestProved> => {
  const order = await guestOrder(deps, query);
  if (order === undefined) return {};
  const given = await contactOf(deps.keys, order.tenant, query.customerEmail);
  if (order.contact !== undefined) return order.contact === given ? { contact: given } : {};
  const { customerEmail } = await openPersonal(deps.keys, order);
  if (customerEmail === undefined) return {};
  return (await contactOf(deps.keys, order.tenant, customerEmail)) === given ? { contact: given } : {};
};

const forget = async (deps: FindPersonalOrdersDeps, query: ForgetContact): Promise<ContactForgotten> => {
  const order = await deps.orders.get({ tenant: trustedTenant(query.tenantId), orderId: query.orderId });
  if (order !== undefined) await deps.lists.forgetContact(order);
  return { forgotten: true };
};

/** Answers the privacy service: whose orders there are, whether an address is a guest's, and to forget it. */
export const findPersonalOrders =
  (deps: FindPersonalOrdersDeps) =>
  async (given: unknown): Promise<PersonalOrdersFound | GuestProved | ContactForgotten> => {
    const query = PersonalOrdersQuery.parse(given);
    switch (query.ask) {
      case 'find-personal-orders':
        return find(deps, query);
      case 'prove-guest':
        return prove(deps, query);
      case 'forget-contact':
        return forget(deps, query);
    }
  };
