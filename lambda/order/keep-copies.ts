import type { CatalogEvent } from '../contracts/catalog-events';
import type { TenantEvent } from '../contracts/tenant-events';
import { trustedTenant } from '../kernel/tenant';
import type { CopyStore } from './copy.store';

/** What the order service keeps copies of. */
export type CopiedEvent = CatalogEvent | TenantEvent;

const isOnSale = ({ type, data }: CatalogEvent): boolean => type !== 'ProductDiscontinued.v1' && data.status;

/** Keeps what an event tells: a product, a tenant's settings, a storefront key. */
export const keepCopies =
  (copies: CopyStore) =>
  async (event: CopiedEvent): Promise<void> => {
    const tenant = trustedTenant(event.tenantid);
    switch (event.type) {
      case 'ProductCreated.v1':
      case 'ProductUpdated.v1':
      case 'ProductDiscontinued.v1': {
        const { productId, name, price, currency, taxRateBps, version } = event.data;
        const product = { productId, name, price, currency, taxRateBps, onSale: isOnSale(event) };
        return copies.product(tenant, { ...product, version });
      }
      case 'TenantCreated.v1':
      case 'TenantUpdated.v1': {
        const { tenantId, status, backorders, backorderHours, limits, payments, version } = event.data;
        const settings = {
          status,
          backorders,
          backorderHours,
          limits,
          payments: payments ?? 'offline',
          version,
        } as const;
        return copies.settings(trustedTenant(tenantId), settings);
      }
      case 'StorefrontKeyCreated.v1':
        return copies.storefrontKey({ ...event.data, tenant: trustedTenant(event.data.tenantId) });
      case 'StorefrontKeyDeleted.v1':
        return copies.storefrontKey({ ...event.data, tenant: undefined });
    }
  };
