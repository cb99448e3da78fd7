import * as z from 'zod';
import type { CatalogEvent } from '../../contracts/catalog-events';
import { Payments } from '../../contracts/payment-status';
import type { TenantEvent } from '../../contracts/tenant-events';
import type { TenantTerms } from '../../kernel/http/caller';
import { trustedTenant } from '../../kernel/tenant';
import type { Timeouts } from '../domain/order';
import type { ShopStore } from './shop.store';

/** The order service's own copy of what a tenant has settled. What it has not is the default. */
export const TenantSettings = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
  /** What happens to an order that is short of stock: it waits for a restock, or is cancelled at once. */
  backorders: z.enum(['allowed', 'refused']).default('allowed'),
  /** How long it waits. @default the stage's timeouts */
  backorderHours: z.number().positive().optional(),
  /** How the shop is paid. */
  payments: Payments.default('offline'),
  /** @default the kernel's */
  limits: z.object({ tenantPerMinute: z.int().positive(), callerPerMinute: z.int().positive() }).optional(),
});
export type TenantSettings = z.output<typeof TenantSettings>;

export const defaultSettings: TenantSettings = TenantSettings.parse({});

/** What each caller of the tenant brings with it. */
export const termsOf = ({ status, limits, payments }: TenantSettings): TenantTerms => ({
  limits,
  payments,
  suspended: status === 'SUSPENDED',
});

/** How long the tenant's orders wait. */
export const timeoutsOf = ({ backorders, backorderHours }: TenantSettings, timeouts: Timeouts): Timeouts => {
  if (backorders === 'refused') return { ...timeouts, backorderSeconds: 0 };
  return backorderHours === undefined ? timeouts : { ...timeouts, backorderSeconds: Math.ceil(backorderHours * 3600) };
};

/** What the order service keeps copies of. */
export type CopiedEvent = CatalogEvent | TenantEvent;

const isOnSale = ({ type, data }: CatalogEvent): boolean => type !== 'ProductDiscontinued.v1' && data.status;

/** Keeps what an event tells: a product, a tenant's settings, a storefront key. */
export const projectShopData =
  (copies: ShopStore) =>
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
