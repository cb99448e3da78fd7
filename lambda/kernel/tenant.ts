declare const tenantBrand: unique symbol;

/** A tenant that came from a verified credential, a storefront key or a parsed event, never from a request body. */
export type Tenant = string & { readonly [tenantBrand]: true };

/** Marks a name as a tenant. Call it only where the source is trusted. */
export const trustedTenant = (name: string): Tenant => name as Tenant;

/** The tenant of guests that send no storefront key. */
export const defaultTenant = trustedTenant('default');

/** The value of a key attribute: `shop-a#ORD-000001`. */
export const tenantKey = (tenant: Tenant, id: string): string => `${tenant}#${id}`;

/** The ID of a key value, also of one that has no tenant: where a list goes on, one entry more or less is no fault. */
export const idOfKey = (key: unknown): string => String(key).slice(String(key).indexOf('#') + 1);

/** Takes a key value apart again: everything after the first `#` is the ID. */
export const parseTenantKey = (key: string): { tenant: Tenant; id: string } => {
  const at = key.indexOf('#');
  if (at < 1) throw new Error('key without a tenant');
  return { tenant: trustedTenant(key.slice(0, at)), id: key.slice(at + 1) };
};
