import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { movementIdOf, movementRow } from '../../lambda/inventory/stock/movement';
import { decideMovement } from '../../lambda/inventory/stock/update-stock';
import { defaultTenant, type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { notOrder } from '../../lambda/order/order-row';
import { stockTables } from './parts';
import type { Random } from './random';
import { productIds, shops } from './shop';
import { startOfTime, type World } from './world';

type Key = { readonly tenant: Tenant; readonly productId: string };

export const productKeys: readonly Key[] = shops.flatMap(({ tenant }) =>
  productIds.map((productId) => ({ tenant, productId })),
);

const nameOf = ({ tenant, productId }: Key) => `${tenant} ${productId}`;

/** Puts a product's stock there, of no opening that anybody noted. */
export const putStock = ({ dynamodb }: World, productId: string, stock: number): void =>
  dynamodb.table('inventory').put({
    productId: tenantKey(defaultTenant, productId),
    productName: 'mouse',
    stock,
    reservedQuantity: 0,
    version: 1,
  });

/** The row and its first movement, as they are loaded before anybody buys. */
const openStock = ({ dynamodb }: World, key: Key, quantity: number) => {
  const productId = tenantKey(key.tenant, key.productId);
  const at = new Date(startOfTime).toISOString();
  const row = { productName: nameOf(key), productVersion: 1, stock: quantity, reservedQuantity: 0, version: 1 };
  dynamodb.table('inventory').put({ productId, ...row, updatedAt: at });
  const amounts = { type: 'receive', quantity, change: quantity, reservedChange: 0 } as const;
  const words = { reason: 'opening', by: 'seed', at, version: 1, movementId: movementIdOf(1) };
  if (quantity > 0) dynamodb.table('stock-movements').put(movementRow({ ...key, ...amounts, ...words }));
};

const openProduct = ({ dynamodb }: World, key: Key, price: number) => {
  const at = new Date(startOfTime).toISOString();
  const sold = { name: nameOf(key), price, currency: 'JPY', taxRateBps: 1000 };
  const productId = tenantKey(key.tenant, key.productId);
  dynamodb.table('products').put({
    productId,
    ...sold,
    ...{ categories: [], images: [], status: true, life: 'active', ordered: false },
    ...{ stockVersion: 0, version: 1, createdAt: at, updatedAt: at },
    fact: { type: 'ProductCreated', correlationId: 'seed' },
  });
  dynamodb.table('order-products').put({ productId, ...sold, onSale: true, version: 1 });
};

/** Of a shop with the usual settings the order service may not have heard yet. */
const openTenant = (world: World, tenant: Tenant, random: Random) => {
  const { tenants, dynamodb, online } = world;
  const backorders = random.chance(0.3) ? 'refused' : 'allowed';
  const payments = online.has(tenant) ? 'online' : 'offline';
  const settings = { status: 'ACTIVE', backorders, payments, version: 1 } as const;
  tenants.accounts.set(tenant, { tenant, ...settings });
  const isUsual = backorders === 'allowed' && payments === 'offline';
  if (isUsual && random.chance(0.5)) return;
  dynamodb.table('orders').put({ ...settings, orderId: tenantKey(tenant, 'SETTINGS'), createdAt: notOrder });
};

/** Opens the shops and fills their partitions: scarce enough that some orders are short. */
export const openShops = (world: World, random: Random): void => {
  for (const { tenant, price } of shops) {
    openTenant(world, tenant, random);
    for (const [index, productId] of productIds.entries()) {
      const more = world.online.has(tenant) ? 4 : 0; // what is short is not paid
      openStock(world, { tenant, productId }, random.below(6) + more);
      openProduct(world, { tenant, productId }, price * (index + 1));
    }
  }
  world.isOpen = true;
};

/** More of everything than anybody wants. */
export const fillStock = (world: World): void => {
  const request = { type: 'receive', quantity: 60, reason: 'at once', by: 'keeper', at: new Date(world.now) } as const;
  for (const { tenant, productId } of productKeys) {
    const decided = decideMovement(world.stock.get(tenantKey(tenant, productId)), request);
    const ledger = ledgerStore(stockTables, world.dynamodb.db);
    if (decided.accepted) void ledger.record(decided.fact); // at once
  }
};
