import { parseTenantKey, tenantKey } from '../../kernel/tenant';

/** The index partition of the products that changed since an audit found them at rest. */
export const changedProducts = 'CHANGED';

/** An index partition takes 1,000 writes a second, so changed reservations are spread over four. */
export const changeShards = ['CHANGED#0', 'CHANGED#1', 'CHANGED#2', 'CHANGED#3'] as const;

/** Returns the same shard for the same order. */
export const changeShardOf = (orderId: string): string =>
  `CHANGED#${(orderId.codePointAt(orderId.length - 1) ?? 0) % 4}`;

/** The columns of a reservation's row that name the orders that were reserved with it. */
export type ChangeEntry = { readonly orderId: string; readonly changedWith?: readonly string[] | undefined };

/** Returns the keys of the orders that share this reservation's index entry. */
export const ordersWith = ({ orderId: key, changedWith = [] }: ChangeEntry): string[] => {
  const { tenant } = parseTenantKey(key);
  return changedWith.map((orderId) => tenantKey(tenant, orderId));
};
