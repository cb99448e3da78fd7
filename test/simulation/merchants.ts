import { changeProduct } from '../../lambda/catalog/products/change-products.http';
import type { Product } from '../../lambda/catalog/products/product';
import { updateProduct } from '../../lambda/catalog/products/product';
import { isProblem } from '../../lambda/kernel/http/answer';
import { tenantKey } from '../../lambda/kernel/tenant';
import { siteOf } from './client';
import type { Parts } from './parts';
import { productKeys } from './product-stock';
import { broken } from './promises';
import { shops } from './shop';
import { putAccount } from './tenants';
import { clockOf, type World } from './world';

/** Names what staff did among what happened to a product. */
export const byStaff = 'by staff';

type Change = { readonly status?: boolean; readonly name?: string };

/** Staff who rename products and take them on and off sale, and the admins who suspend a shop and open it again. */
export const merchants = (world: World, parts: Parts) => {
  const everSuspended = new Set<string>();

  const changeOf = (): Change =>
    world.random.chance(0.6) ? { status: world.random.chance(0.6) } : { name: `renamed ${world.now}` };

  const hear = (key: string, { version }: Product) => {
    if ((world.products.get(key)?.version ?? 0) < version) broken('P1', `${key} was changed, and is not`);
  };

  const change = () => {
    const named = world.random.pick(productKeys);
    const key = tenantKey(named.tenant, named.productId);
    const wanted = changeOf();
    world.scheduler.start(
      `staff changes ${key} ${JSON.stringify(wanted)}`,
      async (io) => {
        const products = parts.productStore(siteOf(world, io));
        const cause = { at: clockOf(world)().toISOString(), correlationId: byStaff };
        const changed = await changeProduct(
          { products },
          named,
          { ifMatch: undefined, expected: undefined },
          (product) => {
            const decided = updateProduct(product, wanted, cause);
            return decided.accepted ? decided.fact : product;
          },
        );
        await io('merchant.hears', () => (isProblem(changed) ? undefined : hear(key, changed)));
      },
      () => undefined,
    );
  };

  const govern = () => {
    const { tenant } = world.random.pick(shops);
    const account = world.tenants.accounts.get(tenant);
    if (account === undefined) return;
    const status = account.status === 'SUSPENDED' || world.random.chance(0.4) ? 'ACTIVE' : 'SUSPENDED';
    if (status === 'SUSPENDED') everSuspended.add(tenant);
    const backorders = world.random.chance(0.5) ? 'allowed' : 'refused';
    world.note(`platform: ${tenant} is ${status}, backorders ${backorders}`);
    putAccount(world.tenants, { tenant, status, backorders });
  };

  return {
    /** Somebody changes a product, or how a shop is run. */
    act: (): void => (world.random.chance(0.8) ? change() : govern()),
    everSuspended,
  };
};
