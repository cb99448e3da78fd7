import type { StockStore } from '../../lambda/inventory/stock.store';
import type { Tenant } from '../../lambda/kernel/tenant';
import { aWanted, freshTenant } from './builders';

export type StockHarness = {
  readonly store: StockStore;
  readonly seed: (tenant: Tenant, stock: Readonly<Record<string, number>>) => Promise<void>;
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
    const buy = async (index: number) => {
      for (;;) {
        try {
          return (await store.tryReserve([aWanted(tenant, `ORD-${100_000 + index}`, { HOT: 1 })])).reserved;
        } catch {} // its conflicts outlasted the retries; as a consumer does, it comes again
      }
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

const answeringAgain = (open: () => StockHarness) => {
  const { store, seed, stockOf } = open();

  test('P1 tells again that an order is reserved when it is asked for again, and moves no stock', async () => {
    const tenant = freshTenant();
    const wanted = aWanted(tenant, 'ORD-000001', { A: 1 });
    await seed(tenant, { A: 5 });
    await store.tryReserve([wanted]);
    await store.tryReserve([wanted]);
    expect(await store.get(wanted)).toMatchObject({ state: 'RESERVED', version: 2, fact: { type: 'StockReserved' } });
    expect(await stockOf(tenant, 'A')).toEqual({ stock: 4, reservedQuantity: 1 });
  });

  test('P1 tells again that an order is short', async () => {
    const wanted = aWanted(freshTenant(), 'ORD-000001', { A: 1 });
    await store.markShort(wanted, shortage);
    await store.markShort(wanted, shortage);
    expect(await store.get(wanted)).toMatchObject({ state: 'BACKORDERED', version: 2, fact: { type: 'StockShort' } });
  });

  test('P1 tells again that an order holds nothing', async () => {
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
  describe(`stock store ${name}: what is asked again`, () => answeringAgain(open));
};
