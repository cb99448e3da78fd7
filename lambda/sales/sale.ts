import type { OrderCancelled, OrderConfirmed } from '../contracts/events/order-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** The events that the sales service consumes. */
export type SalesEvent = OrderConfirmed | OrderCancelled;

/** The units that one order sells, by product. */
export type Sale = { readonly tenant: Tenant; readonly orderId: string; readonly units: ReadonlyMap<string, number> };

/** Returns the sale of an event's order. Lines of the same product are added up. */
export const saleOf = ({ tenantid, data: { orderId, lines } }: SalesEvent): Sale => {
  const units = new Map<string, number>();
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return { tenant: trustedTenant(tenantid), orderId, units };
};
