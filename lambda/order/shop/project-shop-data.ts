import type { CatalogEvent } from '../../contracts/events/catalog-events';
import type { TenantEvent } from '../../contracts/events/tenant-events';
import { trustedTenant } from '../../kernel/tenant';
import type { ShopStore } from './shop.store';

/** The events that the order service projects. */
export type ShopDataEvent = CatalogEvent | TenantEvent;

const isOnSale = ({ type, data }: CatalogEvent): boolean => type !== 'ProductDiscontinued.v1' && data.status;

/** Projects an event of a product, a tenant's settings or a storefront key. */
export const projectShopData =
  (shop: ShopStore) =>
  async (event: ShopDataEvent): Promise<void> => {
    const tenant = trustedTenant(event.tenantid);
    switch (event.type) {
      case 'ProductCreated.v1':
      case 'ProductUpdated.v1':
      case 'ProductDiscontinued.v1': {
        const { productId, name, price, currency, taxRateBps, version } = event.data;
        const product = { productId, name, price, currency, taxRateBps, onSale: isOnSale(event) };
        return shop.product(tenant, { ...product, version });
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
        return shop.settings(trustedTenant(tenantId), settings);
      }
      case 'StorefrontKeyCreated.v1':
        return shop.storefrontKey({ ...event.data, tenant: trustedTenant(event.data.tenantId) });
      case 'StorefrontKeyDeleted.v1':
        return shop.storefrontKey({ ...event.data, tenant: undefined });
    }
  };
