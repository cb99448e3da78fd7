import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { defaultSelling } from '../../../lambda/contracts/values/selling';
import { ledgerStore } from '../../../lambda/inventory/stock/ledger.store';
import { trustedTenant } from '../../../lambda/kernel/tenant';
import type { Tables } from '../system/tables';
import { defaultTaxRateBps, type Product, type TaxRate } from './product';
import { loadStock } from './seed-stock';

/** Whether a catalog is deployed that publishes what it sells: `-c services=core` has none. */
export const hasCatalog = async ({ client, called }: Tables): Promise<boolean> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: called('products') }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};

/** Whether a product of the default tenant was loaded: into the catalog where there is one, else into the stock. */
export const isLoaded = async (tables: Tables, productId: string): Promise<boolean> => {
  const TableName = tables.called((await hasCatalog(tables)) ? 'products' : 'inventory');
  const { Item } = await tables.db.send(new GetCommand({ TableName, Key: { productId: `default#${productId}` } }));
  return Item !== undefined;
};

type Load = { readonly tenant: string; readonly products: readonly Product[]; readonly now: Date };

const read = async ({ db, called }: Tables, table: string, productId: string) =>
  (await db.send(new GetCommand({ TableName: called(table), Key: { productId }, ConsistentRead: true }))).Item;

/** What the file says of the stock; none for a product that has none yet, and nothing of any other. */
const stockOf = async (tables: Tables, { stock }: Product, key: string): Promise<number | undefined> =>
  stock ?? ((await read(tables, 'inventory', key)) === undefined ? 0 : undefined);

/** Basis points; a shop of the core alone has no rates of its own. */
const bpsOf = (rate: TaxRate): number => {
  if (typeof rate === 'number') return rate;
  return rate === 'reduced' ? defaultSelling.reducedTaxBps : defaultSelling.standardTaxBps;
};

/** Loads products into the core alone: their stock, and the order service's projection, which no catalog feeds there. */
export const seedCore = async (tables: Tables, { tenant, products, now }: Load): Promise<void> => {
  const { db, called } = tables;
  const ledger = ledgerStore({ inventory: called('inventory'), movements: called('stock-movements') }, db);
  const seeded = { ledger, tenant: trustedTenant(tenant), recorded: false, at: now };
  for (const product of products) {
    const key = `${tenant}#${product.productId}`;
    const stock = await stockOf(tables, product, key);
    if (stock !== undefined) await loadStock(seeded, { ...product, stock });
    const before = (await read(tables, 'order-products', key)) ?? { taxRateBps: defaultTaxRateBps, onSale: true };
    const { name, price, currency, taxRateBps = before.taxRateBps, status = before.onSale } = product;
    const copy = { name, price, currency, taxRateBps: bpsOf(taxRateBps), onSale: status };
    const Item = { productId: key, ...copy, version: now.getTime() };
    await db.send(new PutCommand({ TableName: called('order-products'), Item }));
  }
};
