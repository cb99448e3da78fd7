import { type Tenant, tenantKey } from '../kernel/tenant';
import type { Order } from './order';

/** A claim on an idempotency key: kept in the same transaction as the order that it stands for. */
export type Claim = { readonly key: string; readonly requestHash: string; readonly expiresAt: Date };

/** What the request that made a claim asked, and the order that it got. */
export type ClaimHolder = { readonly requestHash: string; readonly orderId: string };

export const notOrder = '-'; // the sort key of rows that are no orders: claims, counters, copies

/** The key of a claim's row. */
export const claimKey = (tenant: Tenant, key: string) => ({
  orderId: tenantKey(tenant, `IDEMPOTENCY#${key}`),
  createdAt: notOrder,
});

export const claimRow = (order: Order, { key, requestHash, expiresAt }: Claim) => ({
  ...claimKey(order.tenant, key),
  requestHash,
  placedOrderId: order.orderId,
  expiresAt: Math.floor(expiresAt.getTime() / 1000),
});

export const holderOf = ({ requestHash, placedOrderId }: Record<string, unknown>): ClaimHolder => ({
  requestHash: String(requestHash),
  orderId: String(placedOrderId),
});
