import type { AuditStore } from '../../lambda/inventory/audit/audit.store';
import { auditStock } from '../../lambda/inventory/audit/audit-stock';
import { decideMovement } from '../../lambda/inventory/stock/update-stock';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem, aWanted } from '../stores/builders';
import type { Item } from '../support/dynamodb/item';
import type { MemoryTable } from '../support/dynamodb/table';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const cause = { correlationId: 'c', causationId: 'shop-a/ORD-000001:2' };

/** Counts the rows of what a store reads. */
const counting = (store: AuditStore) => {
  const rows: Record<string, number> = {};
  const add = (name: string, n: number) => {
    rows[name] = (rows[name] ?? 0) + n;
  };
  async function* counted<Row>(name: string, source: AsyncIterable<Row>) {
    for await (const row of source) {
      add(name, 1);
      yield row;
    }
  }
  const audit: AuditStore = {
    ...store,
    movements: (key, after) => counted('movements', store.movements(key, after)),
    changedReservations: (since) => counted('reservations', store.changedReservations(since)),
    reservations: async (part) => {
      const read = await store.reservations(part);
      add('reservations', read.items.length);
      return read;
    },
    items: async (keys) => {
      const items = await store.items(keys);
      add('products', items.length);
      return items;
    },
  };
  const take = () => {
    const { movements = 0, reservations = 0, products = 0 } = rows;
    for (const name of Object.keys(rows)) delete rows[name];
    return { movements, reservations, products };
  };
  return { audit, take };
};

const at = (hour: number) => new Date(Date.UTC(2026, 10, 25, hour));

/** A shop in which so many orders were shipped, cancelled and received for, and its audit. */
const shopWithHistory = async (orders: number) => {
  const clock = { now: at(0) };
  const stores = inventoryStores(() => clock.now);
  const { ledger, stock } = stores;
  const { audit: store, take } = counting(stores.audit);
  const deps = { audit: store, ledger, publish: async () => undefined, now: () => clock.now };
  const receive = async (quantity: number) => {
    const request = { type: 'receive', quantity, reason: 'r', by: 'staff-1', at: clock.now } as const;
    const decision = decideMovement(await ledger.get({ tenant, productId: 'A' }), request);
    if (decision.accepted) await ledger.record(decision.fact);
  };
  const order = (n: number) => aWanted(tenant, `ORD-${String(n).padStart(6, '0')}`, { A: 1 });
  await ledger.save(aStockItem(tenant, 'A'));
  for (let n = 1; n <= orders; n += 1) {
    await receive(2);
    await stock.tryReserve([order(n)]);
    if (n % 2 === 0) await stock.deduct(order(n));
    else await stock.release(order(n), cause);
  }
  return { ...stores, order, receive, clock, take, deps, audit: auditStock(deps) };
};

/** Writes to a row as nobody should. */
const tamper = (table: MemoryTable, key: Item, given: Item) => table.put({ ...table.get(key), ...given });

describe('F-44 what an hourly audit reads', () => {
  test.each([20, 200])(
    'is what has changed since the last one, after %i orders as after any other number',
    async (n) => {
      const { audit, take, clock, stock, order, receive } = await shopWithHistory(n);
      expect(await audit()).toMatchObject({ judged: 1, differences: [] });
      for (const hour of [1, 2, 3, 4]) {
        clock.now = at(hour);
        await audit();
      }
      take();
      clock.now = at(5);
      expect(await audit()).toMatchObject({ judged: 1, differences: [] });
      expect(take()).toEqual({ movements: 0, reservations: 0, products: 2 });
      await receive(1);
      await stock.tryReserve([order(n + 1)]);
      expect(await audit()).toMatchObject({ judged: 1, differences: [] });
      expect(take()).toEqual({ movements: 1, reservations: 2, products: 2 }); // one look, and one for who changed
    },
  );

  test('is not more after all products were found at rest but for a bounded number of them', async () => {
    const { audit, deps, clock, take } = await shopWithHistory(2);
    for (let n = 0; n < 1000; n += 1) await deps.ledger.save(aStockItem(tenant, `P-${n}`));
    for (const hour of [0, 1, 2, 3, 4]) {
      clock.now = at(hour);
      await audit();
    }
    take();
    clock.now = at(5);
    await audit();
    expect(take().products).toBeLessThanOrEqual(200); // a hundred, twice
  });
});

describe('F-44 an audit that goes on from where the last one ended', () => {
  test.each([
    ['an order that is deducted later', async (shop: Shop) => shop.stock.deduct(shop.order(7))],
    ['an order that is released later', async (shop: Shop) => shop.stock.release(shop.order(7), cause)],
    ['an order that nothing more is done to', async () => undefined],
    [
      'an order that is released, and shipped all the same',
      async (shop: Shop) => {
        await shop.stock.release(shop.order(7), cause);
        shop.clock.now = at(6);
        await shop.audit();
        await shop.stock.deduct(shop.order(7));
      },
    ],
  ])('finds nothing wrong with %s', async (_what, then) => {
    const shop = await shopWithHistory(6);
    await shop.audit();
    shop.clock.now = at(1);
    await shop.stock.tryReserve([shop.order(7), shop.order(8)]);
    for (const hour of [1, 2, 3]) {
      shop.clock.now = at(hour);
      expect(await shop.audit()).toMatchObject({ judged: 1, differences: [] });
    }
    await then(shop);
    for (const hour of [3, 4, 9, 10]) {
      shop.clock.now = at(hour);
      expect(await shop.audit()).toMatchObject({ judged: 1, differences: [] });
    }
  });

  test('P4 covers what was written by a clock that is five minutes slow before and after an audit whose clock is as fast', async () => {
    const shop = await shopWithHistory(2);
    const minutes = (n: number) => new Date(at(4).getTime() + n * 60_000);
    for (let round = 1; round <= 2; round += 1) {
      shop.clock.now = minutes(5);
      await shop.audit();
      shop.clock.now = minutes(-5);
      await shop.stock.tryReserve([shop.order(7)]);
      await shop.stock.release(shop.order(7), cause);
      await shop.stock.tryReserve([shop.order(8)]);
    }
    shop.clock.now = at(6);
    expect(await shop.audit()).toMatchObject({ differences: [] });
  });

  test('finds a reservation that took no stock, and one that gave none back', async () => {
    const shop = await shopWithHistory(4);
    await shop.audit();
    shop.clock.now = at(2);
    await shop.stock.tryReserve([shop.order(9)]);
    tamper(shop.reservations, { orderId: 'shop-a#ORD-000009' }, { lines: [{ productId: 'A', quantity: 3 }] });
    const { differences } = await shop.audit();
    expect(differences).toEqual([
      { tenantId: 'shop-a', productId: 'A', onHand: 6, expectedOnHand: 6, reserved: 1, expectedReserved: 3 },
    ]);
  });

  test('finds what was done to the row of a product at rest, within as many hours as there are hundreds', async () => {
    const shop = await shopWithHistory(2);
    for (let n = 0; n < 250; n += 1) await shop.deps.ledger.save(aStockItem(tenant, `P-${n}`));
    for (const hour of [0, 4, 5]) {
      shop.clock.now = at(hour);
      await shop.audit();
    }
    tamper(shop.inventory, { productId: 'shop-a#P-77' }, { stock: 5 });
    const found: string[] = [];
    for (const hour of [6, 7, 8]) {
      shop.clock.now = at(hour);
      found.push(...(await shop.audit()).differences.map(({ productId }) => productId));
    }
    expect(new Set(found)).toEqual(new Set(['P-77']));
  });
});

type Shop = Awaited<ReturnType<typeof shopWithHistory>>;

describe('F-44 the count of all reservations', () => {
  /** Rows as they were written before moments were kept. */
  const asBefore = ({ reservations, inventory }: Shop) => {
    for (const { orderId, state, lines, fact, version, updatedAt } of reservations.all())
      reservations.put({ orderId, state, lines, fact, version, updatedAt });
    for (const { changedIn: _, ...row } of inventory.all()) inventory.put(row);
  };

  test('covers rows from before moments were kept, and what is done to them afterwards', async () => {
    const shop = await shopWithHistory(6);
    await shop.stock.tryReserve([shop.order(7), shop.order(8), shop.order(9)]);
    asBefore(shop);
    shop.clock.now = at(1);
    expect(await shop.audit()).toMatchObject({ judged: 1, differences: [] });
    await shop.stock.deduct(shop.order(7));
    await shop.stock.release(shop.order(8), cause);
    for (const hour of [1, 2, 3]) {
      shop.clock.now = at(hour);
      expect(await shop.audit()).toMatchObject({ judged: 1, differences: [] });
    }
  });

  test('goes on in the next run where one has no more time, and ends though orders go on', async () => {
    const shop = await shopWithHistory(1200);
    let parts = 0;
    const short = auditStock({ ...shop.deps, hasTime: () => parts++ % 2 === 0 }); // one part of 500 each time
    const runs: unknown[] = [];
    for (let run = 0; run < 4; run += 1) {
      shop.clock.now = at(run + 1);
      await shop.stock.tryReserve([shop.order(2000 + run)]);
      const { judged, differences, goOn } = await short();
      runs.push({ judged, differences, goOn });
    }
    const unfinished = { judged: 0, differences: [], goOn: {} };
    expect(runs.slice(0, 2)).toEqual([unfinished, unfinished]);
    expect(runs.at(-1)).toEqual({ judged: 1, differences: [], goOn: undefined });
  });

  test('is made anew when an operator asks for everything: it finds a reservation that somebody deleted', async () => {
    const shop = await shopWithHistory(4);
    await shop.audit();
    shop.clock.now = at(1);
    await shop.audit();
    shop.reservations.delete({ orderId: 'shop-a#ORD-000002' });
    expect((await shop.audit()).differences).toEqual([]);
    expect((await shop.audit(undefined, {})).differences).toEqual([
      { tenantId: 'shop-a', productId: 'A', onHand: 6, expectedOnHand: 7, reserved: 0, expectedReserved: 0 },
    ]);
  });

  test('of an operator goes through all products, in parts when there is no time', async () => {
    const shop = await shopWithHistory(2);
    for (let n = 0; n < 600; n += 1) await shop.deps.ledger.save(aStockItem(tenant, `P-${n}`));
    let calls = 0;
    const short = auditStock({ ...shop.deps, hasTime: () => calls++ === 0 });
    const first = await short(undefined, {});
    expect(first).toMatchObject({ judged: 500, differences: [] });
    expect(first.goOn?.after).toEqual(expect.any(String));
    const second = await short(undefined, { goOn: first.goOn });
    expect(second).toMatchObject({ judged: 101, differences: [] });
    expect(second.goOn).toBeUndefined();
  });
});
