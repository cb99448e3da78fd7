import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { say } from '../language';
import { starterProducts } from '../seed/product';
import { seedProducts } from '../seed/seed-products';
import type { Tables } from '../system/tables';
import { step } from '../terminal';
import { readStock } from './stock';

const copyAgeMs = 31_000; // a warm function keeps its copy of a product for 30 seconds

/** Whether a product is off sale, or sold at another price, name or tax than the seed document's. */
const isSoldOtherwise = async ({ db, called }: Tables): Promise<boolean> => {
  const table = called('order-products');
  const keys = starterProducts.map(({ productId }) => ({ productId: `default#${productId}` }));
  const { Responses } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
  );
  return (Responses?.[table] ?? []).some((row) => {
    const product = starterProducts.find(({ productId }) => row.productId === `default#${productId}`);
    return (
      row.price !== product?.price ||
      row.onSale !== true ||
      row.name !== product?.name ||
      row.currency !== product?.currency ||
      row.taxRateBps !== product?.taxRateBps
    );
  });
};

const loading = () => ({
  doing: say({ en: 'loading the seed data', ja: '見本のデータを読み込んでいます' }),
  done: say({ en: 'seed data loaded', ja: '見本のデータを読み込みました' }),
});
const expiring = () => ({
  doing: say({
    en: 'waiting until no function has the old prices in its cache',
    ja: '古い価格のキャッシュが切れるのを待っています',
  }),
  done: say({ en: 'no function has the old prices in its cache', ja: '古い価格のキャッシュが切れました' }),
});

/** Puts the products of the seed document, their prices and their stock back, and waits until the prices count. */
export const reseed = async (tables: Tables): Promise<void> => {
  const stale = await isSoldOtherwise(tables);
  await step(loading(), () => seedProducts(tables, starterProducts));
  if (stale) await step(expiring(), () => sleep(copyAgeMs));
};

/** Seeds unless these quantities are in stock at the seed document's prices, and `soldOut` are out of stock. */
export const ensureStock = async (
  tables: Tables,
  wanted: Readonly<Record<string, number>>,
  soldOut: readonly string[] = [],
): Promise<void> => {
  const stock = await readStock(tables, 'default', [...Object.keys(wanted), ...soldOut]);
  const enough = Object.entries(wanted).every(
    ([productId, quantity]) => (stock.get(productId)?.stock ?? 0) >= quantity,
  );
  const gone = soldOut.every((productId) => stock.get(productId)?.stock === 0);
  if (!enough || !gone || (await isSoldOtherwise(tables))) await reseed(tables);
};
