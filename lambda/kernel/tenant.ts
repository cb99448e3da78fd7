declare const tenantBrand: unique symbol;

/** A tenant ID from a verified credential, a storefront key or a parsed event, never from a request body. */
export type Tenant = string & { readonly [tenantBrand]: true };

/** Brands a name as a tenant ID. Call it only where the source is trusted. */
export const trustedTenant = (name: string): Tenant => name as Tenant;

/** The tenant of guests without a storefront key. */
export const defaultTenant = trustedTenant('default');

/** Returns the value of a key attribute: `shop-a#ORD-000001`. */
export const tenantKey = (tenant: Tenant, id: string): string => `${tenant}#${id}`;

/** Returns the ID in a key value, also in one without a tenant, which a page key may have. */
export const idOfKey = (key: unknown): string => String(key).slice(String(key).indexOf('#') + 1);

/** Splits a key value at the first `#`. Throws when it has no tenant. */
export const parseTenantKey = (key: string): { tenant: Tenant; id: string } => {
  const at = key.indexOf('#');
  if (at < 1) throw new Error('the key has no tenant');
  return { tenant: trustedTenant(key.slice(0, at)), id: key.slice(at + 1) };
};
