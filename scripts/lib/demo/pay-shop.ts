import { CommandError } from '../command';
import { clientFor } from '../people/sign-in';
import { defaultTaxRateBps, type Product } from '../seed/product';
import { seedProducts } from '../seed/seed-products';
import { openStorefront } from '../seed/seed-storefront';
import type { System } from '../system/system';
import { tablesOf } from '../system/tables';

/** A shop of the local stage whose orders are paid online. Its key is no secret: it lets guests buy, and nothing else. */
export const payShop = { tenant: 'pay-shop', name: '決済デモショップ', storefrontKey: 'pay-shop-storefront' } as const;

const reducedTaxRateBps = 800;

export const payShopProducts: readonly Product[] = [
  { productId: 'COFFEE-200', name: 'コーヒー豆 200g', price: 1_200, taxRateBps: reducedTaxRateBps, stock: 100 },
  { productId: 'MUG-01', name: '美濃焼マグカップ', price: 1_800, taxRateBps: defaultTaxRateBps, stock: 100 },
  { productId: 'DRIPPER-01', name: '円すいドリッパー', price: 2_400, taxRateBps: defaultTaxRateBps, stock: 100 },
].map((product) => ({ ...product, currency: 'JPY', status: true }));

/** Opens the tenant, or makes the one that is there take payments online. */
const openTenant = async (system: System): Promise<void> => {
  const admin = await clientFor(system, 'default', 'platform-admin');
  const { tenant: tenantId, name } = payShop;
  const opened = await admin.createTenant({ body: { tenantId, name, payments: 'online' } });
  if (opened.status === 201) return;
  const changed = await admin.updateTenant({ params: { tenantId }, body: { name, payments: 'online' } });
  if (changed.status !== 200)
    throw new CommandError(`${tenantId} cannot be made to take payments: ${JSON.stringify(changed.body)}`);
};

/** Opens the shop with its products, its stock and its storefront key. Doing it twice changes nothing. */
export const openPayShop = async (system: System): Promise<void> => {
  const tables = tablesOf(system);
  await openTenant(system);
  await seedProducts(tables, payShopProducts, { tenant: payShop.tenant });
  await openStorefront(tables, payShop.tenant, payShop.storefrontKey);
};
