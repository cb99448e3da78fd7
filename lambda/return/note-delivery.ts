import type { OrderDelivered } from '../contracts/order-events';
import { trustedTenant } from '../kernel/tenant';
import type { DeliveredOrder } from './return';
import type { ReturnStore } from './return.store';

/** What is kept of an order that was delivered: nothing of it is in a return yet. */
export const deliveredOrder = ({ tenantid, data }: OrderDelivered): DeliveredOrder => {
  const { orderId, userId, customerEmail, locale, currency, lines, deliveredAt } = data;
  return {
    ...{ orderId, userId, customerEmail, locale, currency, deliveredAt },
    tenant: trustedTenant(tenantid),
    lines: lines.map((line) => ({ ...line, claimed: 0, returned: 0 })),
    returns: 0,
    version: 1,
  };
};

/** Notes what a delivered order holds. An order that is noted already stays as its returns have left it. */
export const noteDelivery =
  (returns: Pick<ReturnStore, 'note'>) =>
  (event: OrderDelivered): Promise<void> =>
    returns.note(deliveredOrder(event));
