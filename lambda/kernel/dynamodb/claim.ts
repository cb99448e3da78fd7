import { type Tenant, tenantKey } from '../tenant';

/** A claim on an idempotency key. It is stored in the same transaction as what its request creates. */
export type Claim = { readonly key: string; readonly requestHash: string; readonly expiresAt: Date };

/** Returns the ID of a claim's row, in the table of what its request creates. */
export const claimId = (tenant: Tenant, key: string): string => tenantKey(tenant, `IDEMPOTENCY#${key}`);

/** Returns the columns of every claim's row. The service adds the row's key and what the request created. */
export const claimColumns = ({ requestHash, expiresAt }: Claim) => ({
  requestHash,
  expiresAt: Math.floor(expiresAt.getTime() / 1000),
});
