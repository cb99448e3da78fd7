import type { StockStore } from '../../lambda/inventory/stock/stock.store';
import { isTransactionConflict } from '../../lambda/kernel/dynamodb/dynamodb';
import { retry } from '../../lambda/kernel/retry';
import type { Tenant } from '../../lambda/kernel/tenant';
import { aWanted, freshTenant } from './builders';

export type StockHarness = {
  readonly store: StockStore;
  readonly seed: (tenant: Tenant, stock: Readonly<Record<string, number>>, reserved?: number) => Promise<void>;
  /** Takes a stock row out of the table, as if it had never been. */
  readonly forget: (tenant: Tenant, productId: string) => Promise<unknown>;
  readonly stockOf: (tenant: Tenant, productId: string) => Promise<{ stock: number; reservedQuantity: number }>;
};

const cause = { correlationId: 'correlation-2', causationId: 'cause-2' };
const shortage = { productId: 'A', name: 'product A', available: 0, requested: 1 };

const reserving = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();

  test('S0-24 moves what an order wants from stock to reserved', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5, B: 5 });
    expect(await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2, B: 1 })])).toEqual({ reserved: true });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 2 });
    expect(await stockOf(tenant, 'B')).toEqual({ stock: 4, reservedQuantity: 1 });
    expect(await store.get({ tenant, orderId: 'ORD-000001' })).toMatchObject({
      state: 'RESERVED',
      version: 1,
      fact: { type: 'StockReserved', causationId: `${tenant}/ORD-000001:1`, correlationId: 'correlation-1' },
      lines: [
        { productId: 'A', quantity: 2 },
        { productId: 'B', quantity: 1 },
      ],
    });
  });

  test('P4 reserves nothing at all when one product is short, and says how much there is', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5, B: 0 });
    expect(await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2, B: 1 })])).toEqual({
      reserved: false,
      settled: [],
      short: new Map([['B', { available: 0, name: 'product B' }]]),
    });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
    expect(await store.get({ tenant, orderId: 'ORD-000001' })).toBeUndefined();
  });

  test('counts a product that inventory does not know as out of stock', async () => {
    const outcome = await store.tryReserve([aWanted(freshTenant(), 'ORD-000001', { NONE: 1 })]);
    expect(outcome).toEqual({
      reserved: false,
      settled: [],
      short: new Map([['NONE', { available: 0, name: undefined }]]),
    });
  });

  test('P2 refuses an order that holds its stock already, together with its neighbours', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5 });
    await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 1 })]);
    const again = [aWanted(tenant, 'ORD-000001', { A: 1 }), aWanted(tenant, 'ORD-000002', { A: 1 })];
    expect(await store.tryReserve(again)).toEqual({ reserved: false, settled: ['ORD-000001'], short: new Map() });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 4, reservedQuantity: 1 });
    expect(await store.get({ tenant, orderId: 'ORD-000002' })).toBeUndefined();
  });

  test('adds up what the orders of a batch want of the same product', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5 });
    const batch = ['ORD-000001', 'ORD-000002'].map((orderId) => aWanted(tenant, orderId, { A: 3 }));
    expect(await store.tryReserve(batch)).toMatchObject({ reserved: false, settled: [] });
    await seed(tenant, { A: 6 });
    expect(await store.tryReserve(batch)).toEqual({ reserved: true });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 0, reservedQuantity: 6 });
  });

  test('P8 takes stock of the order’s own tenant alone', async () => {
    const [tenant, other] = [freshTenant(), freshTenant()];
    await seed(tenant, { A: 5 });
    await seed(other, { A: 5 });
    await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 5 })]);
    expect(await stockOf(other, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
  });
};

const racing = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();

  test('P4 gives thirty units to exactly thirty of a hundred buyers at once', async () => {
    const tenant = freshTenant();
    await seed(tenant, { HOT: 30 });
    const untilHeard = { attempts: Number.POSITIVE_INFINITY, baseMs: 0, random: () => 0, sleep: async () => undefined };
    const buy = async (index: number) => {
      const order = aWanted(tenant, `ORD-${100_000 + index}`, { HOT: 1 });
      return (await retry(() => store.tryReserve([order]), isTransactionConflict, untilHeard)).reserved; // as a consumer does, it comes again
    };
    const reserved = await Promise.all(Array.from({ length: 100 }, (_, index) => buy(index)));
    expect(reserved.filter((got) => got)).toHaveLength(30);
    expect(await stockOf(tenant, 'HOT')).toEqual({ stock: 0, reservedQuantity: 30 });
  });

  test('P2 reserves once for an order that is delivered ten times at once', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 30 });
    const deliveries = Array.from({ length: 10 }, () => store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 1 })]));
    const outcomes = await Promise.allSettled(deliveries);
    expect(outcomes.filter((one) => one.status === 'fulfilled' && one.value.reserved)).toHaveLength(1);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 29, reservedQuantity: 1 });
  });
};

const releasing = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();

  test('gives back what an order holds, once', async () => {
    const tenant = freshTenant();
    const key = { tenant, orderId: 'ORD-000001' };
    await seed(tenant, { A: 5 });
    await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2 })]);
    await store.release(key, cause);
    await store.release(key, cause);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
    expect(await store.get(key)).toMatchObject({ state: 'RELEASED', fact: { type: 'StockReleased', ...cause } });
  });

  test('P12 leaves a tombstone for an order that it does not know, so that the order comes too late', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5 });
    await store.release({ tenant, orderId: 'ORD-000001' }, cause);
    const outcome = await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 1 })]);
    expect(outcome).toEqual({ reserved: false, settled: ['ORD-000001'], short: new Map() });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
  });

  test('gives back once, whoever else releases at the same time', async () => {
    const tenant = freshTenant();
    const key = { tenant, orderId: 'ORD-000001' };
    await seed(tenant, { A: 5 });
    await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2 })]);
    await Promise.allSettled(Array.from({ length: 5 }, () => store.release(key, cause)));
    await store.release(key, cause);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
  });
};

const backordering = (open: () => StockHarness) => {
  const { store, seed } = open();
  const key = (tenant: Tenant) => ({ tenant, orderId: 'ORD-000001' });

  test('notes that an order waits, and reserves for it after a restock', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 1 });
    await seed(tenant, { A: 0 });
    await store.markShort(wanted, shortage);
    expect(await store.get(key(tenant))).toMatchObject({
      state: 'BACKORDERED',
      version: 1,
      fact: { type: 'StockShort', shortage },
    });
    await seed(tenant, { A: 1 });
    expect(await store.tryReserve([wanted])).toEqual({ reserved: true });
    expect(await store.get(key(tenant))).toMatchObject({ state: 'RESERVED', version: 2 });
  });

  test('leaves a reservation and a tombstone as they are', async () => {
    const [holder, cancelled] = [freshTenant(), freshTenant()];
    await seed(holder, { A: 1 });
    await store.tryReserve([aWanted(holder, 'ORD-000001', { A: 1 })]);
    await store.release(key(cancelled), cause);
    await store.markShort(aWanted(holder, 'ORD-000001', { A: 1 }), shortage);
    await store.markShort(aWanted(cancelled, 'ORD-000001', { A: 1 }), shortage);
    expect(await store.get(key(holder))).toMatchObject({ state: 'RESERVED' });
    expect(await store.get(key(cancelled))).toMatchObject({ state: 'RELEASED' });
  });
};

const deducting = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();
  const key = (tenant: Tenant) => ({ tenant, orderId: 'ORD-000001' });

  test('S4-26 takes what a shipped order holds out of the stock, once', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2, B: 1 });
    await seed(tenant, { A: 5, B: 1 });
    await store.tryReserve([wanted]);
    await store.deduct(wanted);
    await store.deduct(wanted);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
    expect(await stockOf(tenant, 'B')).toEqual({ stock: 0, reservedQuantity: 0 });
    expect(await store.get(key(tenant))).toMatchObject({
      state: 'DEDUCTED',
      version: 3,
      fact: { type: 'StockDeducted', causationId: `${tenant}/ORD-000001:1` },
      lines: [
        { productId: 'A', quantity: 2 },
        { productId: 'B', quantity: 1 },
      ],
    });
  });

  test('P2 deducts once, however many copies come at once', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2 });
    await seed(tenant, { A: 5 });
    await store.tryReserve([wanted]);
    await Promise.allSettled(Array.from({ length: 5 }, () => store.deduct(wanted)));
    await store.deduct(wanted);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
  });

  test('P12 a shipment that overtakes its order takes what is available, and the order comes too late', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2 });
    await seed(tenant, { A: 5 });
    await store.deduct(wanted);
    expect(await store.tryReserve([wanted])).toMatchObject({ reserved: false, settled: ['ORD-000001'] });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
    expect(await store.get(key(tenant))).toMatchObject({ state: 'DEDUCTED', version: 2 });
  });

  test('P4 what waits for a restock and is shipped all the same is taken from what is available', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2 });
    await seed(tenant, { A: 1 });
    await store.markShort(wanted, { productId: 'A', name: 'product A', available: 1, requested: 2 });
    await seed(tenant, { A: 5 });
    await store.deduct(wanted);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
    expect(await store.get(key(tenant))).toMatchObject({ state: 'DEDUCTED' });
  });

  test('P12 what is shipped is gone, whether its cancellation comes before or after', async () => {
    const [before, after] = [freshTenant(), freshTenant()];
    for (const tenant of [before, after]) {
      await seed(tenant, { A: 5 });
      await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2 })]);
    }
    await store.release(key(before), cause);
    await store.deduct(aWanted(before, 'ORD-000001', { A: 2 }));
    await store.deduct(aWanted(after, 'ORD-000001', { A: 2 }));
    await store.release(key(after), cause);
    for (const tenant of [before, after]) {
      expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
      expect(await store.get(key(tenant))).toMatchObject({ state: 'DEDUCTED', fact: { type: 'StockDeducted' } });
    }
  });

  test('P4 an unreserved shipment that finds too little takes nothing and says what is short', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5, B: 0 });
    const shipping = store.deduct(aWanted(tenant, 'ORD-000001', { A: 2, B: 1 }));
    await expect(shipping).rejects.toMatchObject({ name: 'InsufficientStockError', shortage: { productId: 'B' } });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 5, reservedQuantity: 0 });
    expect(await store.get(key(tenant))).toBeUndefined();
  });
};

const skipping = (open: () => StockHarness) => {
  const { store, seed, forget, stockOf } = open();

  test.each(['release', 'deduct'] as const)('S4-27 a %s skips a product that nobody knows any more', async (what) => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2, GONE: 1 });
    await seed(tenant, { A: 5, GONE: 5 });
    await store.tryReserve([wanted]);
    await forget(tenant, 'GONE');
    await (what === 'release' ? store.release(wanted, cause) : store.deduct(wanted));
    expect(await stockOf(tenant, 'A')).toEqual({ stock: what === 'release' ? 5 : 3, reservedQuantity: 0 });
    expect(await store.get(wanted)).toMatchObject({ state: what === 'release' ? 'RELEASED' : 'DEDUCTED' });
  });

  test('S4-27 a shipment that nothing was reserved for skips a product that nobody knows', async () => {
    const tenant = freshTenant();
    await seed(tenant, { A: 5 });
    const wanted = aWanted(tenant, 'ORD-000001', { A: 2, GONE: 1 });
    await store.deduct(wanted);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 3, reservedQuantity: 0 });
    expect((await store.get(wanted))?.lines).toEqual([{ productId: 'A', quantity: 2 }]); // what was taken, for the audit
  });

  test('S4-25 a release takes no more from reserved than there is', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 3, B: 1 });
    await seed(tenant, { A: 5, B: 5 });
    await store.tryReserve([wanted]);
    await seed(tenant, { A: 5 }, 2);
    await store.release(wanted, cause);
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 7, reservedQuantity: 0 });
    expect(await stockOf(tenant, 'B')).toEqual({ stock: 5, reservedQuantity: 0 });
  });
};

const remembering = (open: () => StockHarness) => {
  const { store, seed } = open();

  test('an order that was short is remembered as such, so that whoever was alerted is informed of its end', async () => {
    const tenant = freshTenant();
    const [once, never] = [aWanted(tenant, 'ORD-000001', { A: 1 }), aWanted(tenant, 'ORD-000002', { A: 1 })];
    await store.markShort(once, shortage);
    await seed(tenant, { A: 5 });
    await store.tryReserve([once, never]);
    expect(await store.get(once)).toMatchObject({ state: 'RESERVED', wasShort: true });
    expect(await store.get(never)).not.toHaveProperty('wasShort');
  });
};

const answeringAgain = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();

  test('P1 reports again that an order is reserved when it is asked for again, and moves no stock', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 1 });
    await seed(tenant, { A: 5 });
    await store.tryReserve([wanted]);
    await store.tryReserve([wanted]);
    expect(await store.get(wanted)).toMatchObject({ state: 'RESERVED', version: 2, fact: { type: 'StockReserved' } });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 4, reservedQuantity: 1 });
  });

  test('P1 reports again that an order is short', async () => {
    const wanted = aWanted(freshTenant(), 'ORD-000001', { A: 1 });
    await store.markShort(wanted, shortage);
    await store.markShort(wanted, shortage);
    expect(await store.get(wanted)).toMatchObject({ state: 'BACKORDERED', version: 2, fact: { type: 'StockShort' } });
  });

  test('P1 reports again that an order holds nothing', async () => {
    const tenant = freshTenant();
    const key = { tenant, orderId: 'ORD-000001' };
    await store.release(key, cause);
    await store.release(key, cause);
    await store.tryReserve([aWanted(tenant, 'ORD-000001', { A: 1 })]);
    expect(await store.get(key)).toMatchObject({ state: 'RELEASED', version: 3, fact: { type: 'StockReleased' } });
  });
};

/** What every stock store promises, whatever it is made of. */
export const stockStoreContract = (name: string, open: () => StockHarness): void => {
  describe(`stock store ${name}: reserving`, () => reserving(open));
  describe(`stock store ${name}: races`, () => racing(open));
  describe(`stock store ${name}: releasing`, () => releasing(open));
  describe(`stock store ${name}: backorders`, () => backordering(open));
  describe(`stock store ${name}: deducting`, () => deducting(open));
  describe(`stock store ${name}: products that nobody knows`, () => skipping(open));
  describe(`stock store ${name}: shortages`, () => remembering(open));
  describe(`stock store ${name}: what is asked again`, () => answeringAgain(open));
};
