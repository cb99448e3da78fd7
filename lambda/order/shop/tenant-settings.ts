import * as z from 'zod';
import type { CatalogEvent } from '../../contracts/events/catalog-events';
import type { TenantEvent } from '../../contracts/events/tenant-events';
import { Payments } from '../../contracts/values/payment-status';
import type { TenantTerms } from '../../kernel/http/caller';
import { trustedTenant } from '../../kernel/tenant';
import type { Timeouts } from '../domain/order';
import type { ShopStore } from './shop.store';

/** The order service's projection of a tenant's settings, with a default for each. */
export const TenantSettings = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
  /** Whether an order that is short of stock waits for a restock or is cancelled at once. */
  backorders: z.enum(['allowed', 'refused']).default('allowed'),
  /** How long it waits. @default the timeout of the stage */
  backorderHours: z.number().positive().optional(),
  /** Whether the shop takes payment online. */
  payments: Payments.default('offline'),
  /** @default the limits of the kernel */
  limits: z.object({ tenantPerMinute: z.int().positive(), callerPerMinute: z.int().positive() }).optional(),
});
export type TenantSettings = z.output<typeof TenantSettings>;

export const defaultSettings: TenantSettings = TenantSettings.parse({});

/** Returns the terms that apply to each caller of the tenant. */
export const termsOf = ({ status, limits, payments }: TenantSettings): TenantTerms => ({
  limits,
  payments,
  suspended: status === 'SUSPENDED',
});

/** Returns the timeouts of the tenant's orders. */
export const timeoutsOf = ({ backorders, backorderHours }: TenantSettings, timeouts: Timeouts): Timeouts => {
  if (backorders === 'refused') return { ...timeouts, backorderSeconds: 0 };
  return backorderHours === undefined ? timeouts : { ...timeouts, backorderSeconds: Math.ceil(backorderHours * 3600) };
};

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
