import { parseTenantKey, tenantKey } from '../../kernel/tenant';

/** The index partition of the products that were changed since an audit found them at rest. */
export const changedProducts = 'CHANGED';

/** An index partition takes 1,000 writes a second, so changed reservations are spread over four. */
export const changeShards = ['CHANGED#0', 'CHANGED#1', 'CHANGED#2', 'CHANGED#3'] as const;

/** Always the same for the same order. */
export const changeShardOf = (orderId: string): string =>
  `CHANGED#${(orderId.codePointAt(orderId.length - 1) ?? 0) % 4}`;

/** What a reservation's row tells of the orders that were reserved together with it. */
export type ChangeEntry = { readonly orderId: string; readonly changedWith?: readonly string[] | undefined };

/** The keys of the orders that the index leads to by the entry of another. */
export const ordersWith = ({ orderId: key, changedWith = [] }: ChangeEntry): string[] => {
  const { tenant } = parseTenantKey(key);
  return changedWith.map((orderId) => tenantKey(tenant, orderId));
};
