import type { OrderStore } from '../../lambda/order/order.store';
import { anOrder, freshTenant } from './builders';

/** `settled` resolves once the due index has seen every write. */
export type OrdersHarness = { readonly store: OrderStore; readonly settled: () => Promise<void> };

const claim = (requestHash: string) => ({
  key: 'key-1',
  requestHash,
  expiresAt: new Date('2026-11-28T08:00:00.000Z'),
});

const placing = (open: () => OrdersHarness) => {
  const { store } = open();

  test('gives a placed order back as it was', async () => {
    const tenant = freshTenant();
    const order = anOrder(tenant, 'ORD-000001', {
      customerId: 'taro',
      fact: { type: 'OrderPlaced', causationId: 'c' },
    });
    expect(await store.place(order)).toEqual({ placed: true });
    expect(await store.get({ tenant, orderId: 'ORD-000001' })).toEqual(order);
  });

  test('P8 does not find an order under another tenant', async () => {
    const tenant = freshTenant();
    await store.place(anOrder(tenant, 'ORD-000001'));
    expect(await store.get({ tenant: freshTenant(), orderId: 'ORD-000001' })).toBeUndefined();
  });

  test('takes the same order twice, when the answer to the first try was lost', async () => {
    const order = anOrder(freshTenant(), 'ORD-000001');
    await store.place(order);
    expect(await store.place(order)).toEqual({ placed: true });
  });

  test('never overwrites an order of somebody else', async () => {
    const tenant = freshTenant();
    await store.place(anOrder(tenant, 'ORD-000001', { total: 6600 }));
    await expect(
      store.place(anOrder(tenant, 'ORD-000001', { trackingTokenHash: 'other', total: 1 })),
    ).rejects.toThrow();
    expect(await store.get({ tenant, orderId: 'ORD-000001' })).toMatchObject({ total: 6600 });
  });
};

const claiming = (open: () => OrdersHarness) => {
  const { store } = open();

  test('P3 returns to the second request of a key the order that the first one placed, and places nothing', async () => {
    const tenant = freshTenant();
    expect(await store.place(anOrder(tenant, 'ORD-000001'), claim('a'))).toEqual({ placed: true });
    expect(await store.place(anOrder(tenant, 'ORD-000002'), claim('b'))).toEqual({
      placed: false,
      claimedBy: { requestHash: 'a', orderId: 'ORD-000001' },
    });
    expect(await store.get({ tenant, orderId: 'ORD-000002' })).toBeUndefined();
  });

  test('P3 returns who holds a claim, and nobody of a key that was not used or is another tenant’s', async () => {
    const tenant = freshTenant();
    await store.place(anOrder(tenant, 'ORD-000001'), claim('a'));
    expect(await store.claimedBy(tenant, 'key-1')).toEqual({ requestHash: 'a', orderId: 'ORD-000001' });
    expect(await store.claimedBy(tenant, 'key-2')).toBeUndefined();
    expect(await store.claimedBy(freshTenant(), 'key-1')).toBeUndefined();
  });

  test('P3 keeps the keys of two tenants apart', async () => {
    await store.place(anOrder(freshTenant(), 'ORD-000001'), claim('a'));
    expect(await store.place(anOrder(freshTenant(), 'ORD-000001'), claim('a'))).toEqual({ placed: true });
  });

  test('P3 places one of twenty requests that use a key at the same time', async () => {
    const tenant = freshTenant();
    const codes = Array.from({ length: 20 }, (_, index) => `ORD-${100_000 + index}`);
    const outcomes = await Promise.all(codes.map((code) => store.place(anOrder(tenant, code), claim('a'))));
    expect(outcomes.filter(({ placed }) => placed)).toHaveLength(1);
    const orders = await Promise.all(codes.map((orderId) => store.get({ tenant, orderId })));
    expect(orders.filter((order) => order !== undefined)).toHaveLength(1);
  });
};

const saving = (open: () => OrdersHarness) => {
  const { store } = open();

  test('S4-07 writes the next version, and refuses one that builds on an old version', async () => {
    const tenant = freshTenant();
    const order = anOrder(tenant, 'ORD-000001');
    await store.place(order);
    expect(await store.save({ ...order, version: 2, status: 'CONFIRMED' })).toBe(true);
    expect(await store.save({ ...order, version: 2, status: 'CANCELLED' })).toBe(false);
    expect(await store.get(order)).toMatchObject({ version: 2, status: 'CONFIRMED' });
  });

  test('does not save an order that was never placed', async () => {
    const tenant = freshTenant();
    expect(await store.save(anOrder(tenant, 'ORD-000001', { version: 2 }))).toBe(false);
    expect(await store.get({ tenant, orderId: 'ORD-000001' })).toBeUndefined();
  });

  test('lets one of ten writers of the same version win', async () => {
    const order = anOrder(freshTenant(), 'ORD-000001');
    await store.place(order);
    const next = { ...order, version: 2 };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.save(next)));
    expect(outcomes.filter((won) => won)).toHaveLength(1);
  });
};

const finding = (open: () => OrdersHarness) => {
  const { store, settled } = open();
  const dueOf = async (tenant: string, now: string, limit = 1000) => {
    await settled();
    const keys = await store.due(new Date(now), limit);
    return keys.filter((key) => key.tenant === tenant).map(({ orderId }) => orderId);
  };

  test('finds an order from its due time on', async () => {
    const tenant = freshTenant();
    await store.place(anOrder(tenant, 'ORD-000001', { dueAt: '2026-11-21T08:01:00.000Z' }));
    expect(await dueOf(tenant, '2026-11-21T08:00:59.999Z')).toEqual([]);
    expect(await dueOf(tenant, '2026-11-21T08:01:00.000Z')).toEqual(['ORD-000001']);
  });

  test('does not find an order any more that waits for nothing', async () => {
    const tenant = freshTenant();
    const order = anOrder(tenant, 'ORD-000001');
    await store.place(order);
    const { dueAt: _, ...waitsForNothing } = { ...order, version: 2 };
    await store.save(waitsForNothing);
    expect(await dueOf(tenant, '2026-11-22T08:00:00.000Z')).toEqual([]);
  });

  test('makes an order due later and counts it, and keeps its version and its fact', async () => {
    const tenant = freshTenant();
    const order = anOrder(tenant, 'ORD-000001', { dueAt: '2026-11-21T08:01:00.000Z' });
    await store.place(order);
    expect(await store.reschedule(order, '2026-11-21T08:02:00.000Z')).toBe(true);
    expect(await dueOf(tenant, '2026-11-21T08:01:59.999Z')).toEqual([]);
    expect(await dueOf(tenant, '2026-11-21T08:02:00.000Z')).toEqual(['ORD-000001']);
    expect(await store.get(order)).toEqual({ ...order, dueAt: '2026-11-21T08:02:00.000Z', dueAttempts: 1 });
  });

  test('does not make an order due later that was rescheduled or written meanwhile', async () => {
    const tenant = freshTenant();
    const order = anOrder(tenant, 'ORD-000001', { dueAt: '2026-11-21T08:01:00.000Z' });
    await store.place(order);
    await store.reschedule(order, '2026-11-21T08:02:00.000Z');
    expect(await store.reschedule(order, '2026-11-21T08:03:00.000Z')).toBe(false);
    await store.save({ ...order, version: 2 });
    expect(await store.reschedule(order, '2026-11-21T08:03:00.000Z')).toBe(false);
    expect(await store.get(order)).toMatchObject({ version: 2, dueAt: '2026-11-21T08:01:00.000Z' });
  });

  test('answers with no more than the limit of each of sixteen shards', async () => {
    const tenant = freshTenant();
    const codes = Array.from({ length: 40 }, (_, index) => `ORD-${100_000 + index}`);
    await Promise.all(codes.map((code) => store.place(anOrder(tenant, code, { dueAt: '2000-01-01T00:00:00.000Z' }))));
    await settled();
    const keys = await store.due(new Date('2000-01-02T00:00:00.000Z'), 1);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.length).toBeLessThanOrEqual(16);
  });
};

const numbering = (open: () => OrdersHarness) => {
  const { store } = open();

  test('S0-18 gives out blocks of numbers that never overlap, to each tenant from 1 on', async () => {
    const tenant = freshTenant();
    const firsts = await Promise.all(Array.from({ length: 10 }, () => store.takeNumbers(tenant, 20)));
    expect(firsts.sort((one, other) => one - other)).toEqual([1, 21, 41, 61, 81, 101, 121, 141, 161, 181]);
    expect(await store.takeNumbers(freshTenant(), 20)).toBe(1);
  });
};

/** What every order store promises, whatever it is made of. */
export const orderStoreContract = (name: string, open: () => OrdersHarness): void => {
  describe(`order store ${name}: placing`, () => placing(open));
  describe(`order store ${name}: claims`, () => claiming(open));
  describe(`order store ${name}: saving`, () => saving(open));
  describe(`order store ${name}: due orders`, () => finding(open));
  describe(`order store ${name}: numbers`, () => numbering(open));
};
