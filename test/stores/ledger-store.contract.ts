import type { LedgerStore } from '../../lambda/inventory/stock/ledger.store';
import type { Moved } from '../../lambda/inventory/stock/movement';
import type { StockStore } from '../../lambda/inventory/stock/stock.store';
import { changed, type ProductKey, type StockItem } from '../../lambda/inventory/stock/stock-item';
import { decideMovement, type MovementRequest } from '../../lambda/inventory/stock/update-stock';
import type { Tenant } from '../../lambda/kernel/tenant';
import { aStockItem, aWanted, freshTenant } from './builders';

export type LedgerHarness = {
  readonly store: LedgerStore;
  /** Over the same tables. */
  readonly stock: StockStore;
};

const at = new Date('2026-11-21T08:00:00.000Z');

const receiving = (quantity: number): MovementRequest => ({
  type: 'receive',
  quantity,
  reason: 'delivery',
  by: 'u',
  at,
});

const moved = (item: StockItem | undefined, request: MovementRequest): Moved => {
  const decision = decideMovement(item, request);
  if (!decision.accepted) throw new Error(decision.reason.kind);
  return decision.fact;
};

/** Receives so many of a product by the ledger. */
export const receive = async (store: LedgerStore, key: ProductKey, quantity: number): Promise<void> => {
  await store.record(moved(await store.get(key), receiving(quantity)), { key: `k-${quantity}`, requestHash: 'h' });
};

const keeping = (open: () => LedgerHarness) => {
  const { store, stock } = open();
  const begin = async (tenant: Tenant, productId = 'A') => {
    const item = aStockItem(tenant, productId);
    expect(await store.save(item)).toBe(true);
    return item;
  };

  test('S1-13 keeps the stock of a product, and knows no other', async () => {
    const item = await begin(freshTenant());
    expect(await store.get(item)).toEqual(item);
    expect(await store.get({ ...item, productId: 'B' })).toBeUndefined();
    expect(await store.get({ ...item, tenant: freshTenant() })).toBeUndefined();
  });

  test('S4-45 writes only the version that follows', async () => {
    const item = await begin(freshTenant());
    expect(await store.save({ ...item, stock: 9 })).toBe(false);
    expect(await store.save(changed({ ...item, version: 2 }, { stock: 9 }, at))).toBe(false);
    expect(await store.save(changed(item, { stock: 9 }, at))).toBe(true);
    expect(await store.get(item)).toMatchObject({ stock: 9, version: 2 });
  });

  test('writes a movement with the stock that comes of it, or neither', async () => {
    const item = await begin(freshTenant());
    expect(await store.record(moved(item, receiving(5)))).toBe(true);
    expect(await store.record(moved(item, receiving(7)))).toBe(false);
    expect(await store.get(item)).toMatchObject({ stock: 5, version: 2, lastRestockedAt: '2026-11-21T08:00:00.000Z' });
    expect(await store.movements(item, { limit: 10 })).toEqual([
      {
        tenant: item.tenant,
        productId: 'A',
        movementId: '000000000002',
        type: 'receive',
        quantity: 5,
        change: 5,
        reservedChange: 0,
        reason: 'delivery',
        by: 'u',
        at: '2026-11-21T08:00:00.000Z',
        version: 2,
      },
    ]);
  });

  test('S4-45 of ten movements at once of the same version, one is written', async () => {
    const item = await begin(freshTenant());
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.record(moved(item, receiving(5)))));
    expect(outcomes.filter((written) => written)).toHaveLength(1);
    expect(await store.get(item)).toMatchObject({ stock: 5, version: 2 });
  });

  test('S4-47 idempotent operations: the same request makes one movement, and is found again', async () => {
    const item = await begin(freshTenant());
    const claim = { key: 'key-1', requestHash: 'hash-1' };
    expect(await store.claimed(item, 'key-1')).toBeUndefined();
    const first = moved(item, receiving(5));
    expect(await store.record(first, claim)).toBe(true);
    expect(await store.record(moved(await store.get(item), receiving(5)), claim)).toBe(false);
    expect(await store.get(item)).toMatchObject({ stock: 5, version: 2 });
    expect(await store.claimed(item, 'key-1')).toMatchObject({ requestHash: 'hash-1', movement: { version: 2 } });
    expect(await store.movements(item, { limit: 10 })).toHaveLength(1);
  });

  test('an order and a movement change the same stock, each by its own version', async () => {
    const item = await begin(freshTenant());
    await store.record(moved(item, receiving(5)));
    const late = moved(await store.get(item), receiving(1));
    await stock.tryReserve([aWanted(item.tenant, 'ORD-000001', { A: 2 })]);
    expect(await store.record(late)).toBe(false);
    expect(await store.get(item)).toMatchObject({ stock: 3, reservedQuantity: 2, version: 3 });
  });
};

const listing = (open: () => LedgerHarness) => {
  const { store } = open();

  test('S1-12 lists the products of one tenant by their IDs, page by page, without what is deleted', async () => {
    const [tenant, other] = [freshTenant(), freshTenant()];
    for (const productId of ['C', 'A', 'D', 'B']) await store.save(aStockItem(tenant, productId));
    await store.save(aStockItem(other, 'A2'));
    await store.save(changed(aStockItem(tenant, 'B'), { deletedAt: at.toISOString() }, at));
    const ids = async (after?: string) => (await store.list(tenant, { limit: 2, after })).map((one) => one.productId);
    expect(await ids()).toEqual(['A', 'C']);
    expect(await ids('C')).toEqual(['D']);
  });

  test('S1-16 finds the stock of those products that there are', async () => {
    const tenant = freshTenant();
    await store.save(aStockItem(tenant, 'A'));
    await store.save(aStockItem(tenant, 'B'));
    await store.save(changed(aStockItem(tenant, 'B'), { deletedAt: at.toISOString() }, at));
    expect((await store.find(tenant, ['A', 'B', 'NONE'])).map(({ productId }) => productId)).toEqual(['A']);
  });

  test('returns the newest movements first, page by page', async () => {
    const item = aStockItem(freshTenant(), 'A');
    await store.save(item);
    for (const quantity of [1, 2, 3])
      await store.record(moved(await store.get(item), receiving(quantity)), {
        key: `key-${quantity}`,
        requestHash: '-',
      });
    const page = async (after?: string) =>
      (await store.movements(item, { limit: 2, after })).map((one) => one.quantity);
    expect(await page()).toEqual([3, 2]);
    expect(await page('000000000003')).toEqual([1]);
  });
};

/** What every ledger store promises, whatever it is made of. */
export const ledgerStoreContract = (name: string, open: () => LedgerHarness): void => {
  describe(`ledger store ${name}: keeping`, () => keeping(open));
  describe(`ledger store ${name}: listing`, () => listing(open));
};
