import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Product } from './product';
import { loadStock } from './seed-stock';
import type { Tables } from './tables';

/** Whether a catalog is deployed that tells the others what it sells: `-c services=core` has none. */
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

/** Loads products into the core alone: their stock, and the order service's copies, which no catalog keeps there. */
export const seedCore = async (tables: Tables, { tenant, products, now }: Load): Promise<void> => {
  const at = now.toISOString();
  for (const product of products) {
    await loadStock(tables, { tenant, product, at, ledger: false });
    const { productId, stock: _, ...copy } = product;
    const Item = { productId: `${tenant}#${productId}`, ...copy, onSale: true, version: now.getTime() };
    await tables.db.send(new PutCommand({ TableName: tables.called('order-products'), Item }));
  }
};
