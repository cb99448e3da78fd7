import type { OrderCancelled, OrderConfirmed } from '../contracts/order-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** What the sales service listens to. */
export type SalesEvent = OrderConfirmed | OrderCancelled;

/** What one order sells: units by product. */
export type Sale = { readonly tenant: Tenant; readonly orderId: string; readonly units: ReadonlyMap<string, number> };

/** Returns what the order of an event sells. A product that is in several lines is counted as one. */
export const saleOf = ({ tenantid, data: { orderId, lines } }: SalesEvent): Sale => {
  const units = new Map<string, number>();
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return { tenant: trustedTenant(tenantid), orderId, units };
};
