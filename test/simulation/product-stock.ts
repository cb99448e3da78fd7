import type { Product } from '../../lambda/catalog/products/product';
import { movementIdOf } from '../../lambda/inventory/stock/movement';
import { decideMovement } from '../../lambda/inventory/stock/update-stock';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { directly } from '../stores/io';
import { itemOf, memoryLedgerStore } from '../stores/memory-ledger';
import type { Random } from './random';
import { productIds, shops } from './shop';
import { startOfTime, type World } from './world';

type Key = { readonly tenant: Tenant; readonly productId: string };

export const productKeys: readonly Key[] = shops.flatMap(({ tenant }) =>
  productIds.map((productId) => ({ tenant, productId })),
);

const nameOf = ({ tenant, productId }: Key) => `${tenant} ${productId}`;

/** The row and its first movement, as they are loaded before anybody buys. */
const openStock = ({ stock }: World, key: Key, quantity: number) => {
  const id = tenantKey(key.tenant, key.productId);
  const at = new Date(startOfTime).toISOString();
  const row = { productName: nameOf(key), productVersion: 1, stock: quantity, reservedQuantity: 0, version: 1 };
  stock.products.set(id, { ...row, updatedAt: at });
  const amounts = { type: 'receive', quantity, change: quantity, reservedChange: 0 } as const;
  const words = { reason: 'opening', by: 'seed', at, version: 1, movementId: movementIdOf(1) };
  stock.movements.set(id, quantity === 0 ? [] : [{ ...key, ...amounts, ...words }]);
};

const openProduct = ({ catalog, copies }: World, key: Key, price: number) => {
  const at = new Date(startOfTime).toISOString();
  const sold = { name: nameOf(key), price, currency: 'JPY', taxRateBps: 1000 };
  const product: Product = {
    ...key,
    ...sold,
    ...{ categories: [], images: [], status: true, life: 'active', ordered: false },
    ...{ stockVersion: 0, version: 1, createdAt: at, updatedAt: at },
    fact: { type: 'ProductCreated', correlationId: 'seed' },
  };
  const id = tenantKey(key.tenant, key.productId);
  catalog.products.set(id, product);
  copies.products.set(id, { productId: key.productId, ...sold, onSale: true, version: 1 });
};

const openTenant = ({ tenants, copies, online }: World, tenant: Tenant, backorders: 'allowed' | 'refused') => {
  const payments = online.has(tenant) ? 'online' : 'offline';
  const settings = { status: 'ACTIVE', backorders, payments, version: 1 } as const;
  tenants.accounts.set(tenant, { tenant, ...settings });
  copies.settings.set(tenant, settings);
};

/** Opens the shops and fills their partitions: scarce enough that some orders are short. */
export const openShops = (world: World, random: Random): void => {
  for (const { tenant, price } of shops) {
    openTenant(world, tenant, random.chance(0.3) ? 'refused' : 'allowed');
    for (const [index, productId] of productIds.entries()) {
      const more = world.online.has(tenant) ? 4 : 0; // what is short is not paid
      openStock(world, { tenant, productId }, random.below(6) + more);
      openProduct(world, { tenant, productId }, price * (index + 1));
    }
  }
};

/** More of everything than anybody wants. */
export const fillStock = (world: World): void => {
  const request = { type: 'receive', quantity: 60, reason: 'at once', by: 'keeper', at: new Date(world.now) } as const;
  for (const { tenant, productId } of productKeys) {
    const decided = decideMovement(itemOf(world.stock, tenantKey(tenant, productId)), request);
    if (decided.accepted) void memoryLedgerStore(world.stock, directly).record(decided.fact);
  }
};
