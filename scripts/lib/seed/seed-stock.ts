import type { LedgerStore } from '../../../lambda/inventory/stock/ledger.store';
import { changed, isDeleted, newStock, type StockItem } from '../../../lambda/inventory/stock/stock-item';
import { decideMovement } from '../../../lambda/inventory/stock/update-stock';
import type { Tenant } from '../../../lambda/kernel/tenant';
import { CommandError } from '../command';
import type { Product } from './product';

/** The stock of one shop, written by the functions that `PATCH /inventory/{productId}` is written by. */
export type SeededStock = {
  readonly ledger: Pick<LedgerStore, 'get' | 'record' | 'save' | 'movements'>;
  readonly tenant: Tenant;
  /** Whether movements are kept. The core alone keeps none. */
  readonly recorded: boolean;
  readonly at: Date;
};

export type StockedProduct = Pick<Product, 'productId' | 'name'> & { readonly stock: number };

/** The item as its movements have it: the core alone, deployed before, left stock of which the ledger knows nothing. */
const asRecorded = async ({ ledger }: SeededStock, item: StockItem): Promise<StockItem> => {
  if (item.version === 0) return item;
  const [newest] = await ledger.movements(item, { limit: 1 });
  return newest === undefined ? { ...item, stock: 0 - item.reservedQuantity } : item;
};

/** Writes a movement that makes what is available as given. */
const move = async (seeded: SeededStock, item: StockItem, wanted: number): Promise<number | undefined> => {
  const quantity = wanted - item.stock;
  const type = quantity > 0 ? 'receive' : 'adjust';
  const request = { type, quantity, reason: 'seed data', by: 'seed-data', at: seeded.at } as const;
  const decided = decideMovement(item, request);
  if (!decided.accepted) throw new Error(`${item.productId}: its stock was refused (${decided.reason.kind})`);
  return (await seeded.ledger.record(decided.fact)) ? decided.fact.item.version : undefined;
};

const save = async ({ ledger }: SeededStock, item: StockItem): Promise<number | undefined> =>
  (await ledger.save(item)) ? item.version : undefined;

/** The version of the stock, once it is as given; nothing when somebody changed it at the same time. */
const attempt = async (
  seeded: SeededStock,
  { productId, name, stock }: StockedProduct,
): Promise<number | undefined> => {
  const { ledger, tenant, recorded, at } = seeded;
  const key = { tenant, productId };
  const before = (await ledger.get(key)) ?? newStock(key, name);
  const item = recorded ? await asRecorded(seeded, before) : before;
  if (recorded && item.stock !== stock) return move(seeded, item, stock);
  const productName = recorded && before.version > 0 ? before.productName : name; // else nobody tells it of a new one
  const isRight = before.stock === stock && before.productName === productName && !isDeleted(before);
  if (isRight && before.version > 0) return before.version;
  return save(seeded, changed(before, { stock, productName, deletedAt: undefined }, at));
};

const tries = 20;
const pause = (tried: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** Math.min(tried, 6)));

/**
 * Makes what is available of one product as given, by a movement of the ledger. What orders have reserved stays reserved
 * on top of it. Returns the version that the stock has now.
 */
export const loadStock = async (seeded: SeededStock, product: StockedProduct): Promise<number> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const version = await attempt(seeded, product);
    if (version !== undefined) return version;
    await pause(tried);
  }
  throw new CommandError(
    `${product.productId}: its stock changed ${tries} times while it was being loaded: run this again`,
  );
};
