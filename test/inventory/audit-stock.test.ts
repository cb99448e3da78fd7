import { type AuditReport, auditStock } from '../../lambda/inventory/audit/audit-stock';
import type { LedgerStore } from '../../lambda/inventory/stock/ledger.store';
import type { MovementType } from '../../lambda/inventory/stock/movement';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { decideMovement } from '../../lambda/inventory/stock/update-stock';
import type { Publishable } from '../../lambda/kernel/events/publish';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem, aWanted } from '../stores/builders';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const cause = { correlationId: 'c', causationId: 'shop-a/ORD-000001:2' };

/** A warehouse that received ten of A by the ledger, and its audit. */
const warehouse = async () => {
  const clock = { now: new Date('2026-11-21T08:00:00.000Z') };
  const { ledger, stock, audit: read, inventory } = inventoryStores(() => clock.now);
  const published: Publishable[] = [];
  const deps = {
    audit: read,
    ledger,
    publish: async (events: readonly Publishable[]) => void published.push(...events),
    now: () => clock.now,
  };
  const item = (productId = 'A') => ledger.get({ tenant, productId });
  const move = async (type: MovementType, quantity: number) => {
    const at = clock.now;
    const decision = decideMovement(await item(), { type, quantity, reason: 'test', by: 'staff-1', at });
    if (decision.accepted) await ledger.record(decision.fact);
  };
  /** Writes to the table as nobody should. */
  const tamper = (given: Partial<StockItem>) => {
    const row = inventory.get({ productId: 'shop-a#A' });
    inventory.put({ ...row, ...given, version: Number(row?.version) + 1 });
  };
  await ledger.save(aStockItem(tenant, 'A'));
  await move('receive', 10);
  return { deps, audit: auditStock(deps), read, ledger, stock, move, tamper, item, published, clock };
};

const order = (orderId: string, quantity: number) => aWanted(tenant, orderId, { A: quantity });
const figures = ({ differences, ...report }: AuditReport) => ({ ...report, differences: differences.length });

describe('an audit', () => {
  test('P4 finds nothing wrong with what orders and hands have done', async () => {
    const { audit, stock, move, item } = await warehouse();
    await stock.tryReserve([order('ORD-000001', 1), order('ORD-000002', 2), order('ORD-000003', 1)]);
    await stock.deduct(order('ORD-000002', 2));
    await stock.release(order('ORD-000003', 1), cause);
    await stock.deduct(order('ORD-000004', 1)); // nothing was reserved for it
    for (const [type, quantity] of [
      ['reserve', 3],
      ['release', 1],
      ['deduct', 1],
      ['adjust', -1],
    ] as const)
      await move(type, quantity);
    expect(await item()).toMatchObject({ stock: 3, reservedQuantity: 2, reservedByHand: 1 });
    expect(figures(await audit())).toMatchObject({ judged: 1, busy: 0, differences: 0 });
    expect(await item()).not.toHaveProperty('discrepancy');
  });

  test.each([
    ['more on hand than came in', { stock: 12 }, [12, 10, 0, 0]],
    ['less on hand than came in', { stock: 9 }, [9, 10, 0, 0]],
    ['more reserved than is held', { stock: 9, reservedQuantity: 1 }, [10, 10, 1, 0]],
  ])(
    'finds %s, and notes it on the row',
    async (_what, given, [onHand, expectedOnHand, reserved, expectedReserved]) => {
      const { audit, tamper, item } = await warehouse();
      tamper(given);
      const found = { onHand, expectedOnHand, reserved, expectedReserved };
      expect((await audit()).differences).toEqual([{ tenantId: 'shop-a', productId: 'A', ...found }]);
      expect(await item()).toMatchObject({ ...given, discrepancy: found });
    },
  );

  test('notes a difference once while it stays the same, though the product goes on being sold', async () => {
    const { audit, tamper, item, stock } = await warehouse();
    tamper({ stock: 12 });
    await audit();
    const noted = await item();
    await audit();
    expect(await item()).toEqual(noted);
    await stock.tryReserve([order('ORD-000001', 2)]);
    await audit();
    expect((await item())?.version).toBe((noted?.version ?? 0) + 1); // by the order alone
    expect((await item())?.discrepancy).toEqual(noted?.discrepancy);
  });

  test('takes the note off when the row adds up again', async () => {
    const { audit, tamper, item } = await warehouse();
    tamper({ stock: 12 });
    await audit();
    tamper({ stock: 10 });
    await audit();
    expect(await item()).not.toHaveProperty('discrepancy');
  });

  test('believes no difference that is another one at the second look', async () => {
    const { deps, read, tamper, item } = await warehouse();
    let reads = 0;
    const changing = {
      ...read,
      items: async (keys: readonly string[]) => {
        reads += 1;
        if (reads === 3) tamper({ stock: 9 }); // between the two looks
        return read.items(keys);
      },
    };
    tamper({ stock: 20 });
    expect(figures(await auditStock({ ...deps, audit: changing })())).toMatchObject({ judged: 1, differences: 0 });
    expect(await item()).not.toHaveProperty('discrepancy');
  });

  test('judges no product that changes while it is looked at, and none of those by one look alone', async () => {
    const { deps, read, stock, tamper, item } = await warehouse();
    let orders = 0;
    const selling = {
      ...read,
      async *movements(key: string, after: string) {
        orders += 1;
        await stock.tryReserve([order(`ORD-00000${orders}`, 1)]);
        yield* read.movements(key, after);
      },
    };
    expect(figures(await auditStock({ ...deps, audit: selling })())).toMatchObject({
      judged: 0,
      busy: 1,
      differences: 0,
    });

    let looks = 0;
    const passing = {
      ...read,
      async *movements(key: string, after: string) {
        looks += 1;
        if (looks === 2) tamper({ stock: 9 });
        yield* read.movements(key, after);
      },
    };
    tamper({ stock: 20 });
    expect(figures(await auditStock({ ...deps, audit: passing })())).toMatchObject({ differences: 0 });
    expect(await item()).not.toHaveProperty('discrepancy');
  });
});

describe('a repair', () => {
  const repair = { reason: 'opening balance', by: 'operator' };

  test('writes one movement that explains the row, and takes the note off', async () => {
    const { audit, tamper, item, ledger } = await warehouse();
    tamper({ stock: 12 });
    await audit();
    expect(await audit(repair)).toMatchObject({ repaired: 1, unrepairable: 0 });
    const [movement] = await ledger.movements({ tenant, productId: 'A' }, { limit: 1 });
    expect(movement).toMatchObject({ type: 'repair', change: 2, reason: 'opening balance', by: 'operator' });
    expect(await item()).toMatchObject({ stock: 12, reservedQuantity: 0 });
    expect(await item()).not.toHaveProperty('discrepancy');
    expect((await audit()).differences).toEqual([]);
  });

  test('reserves what is held, and keeps what is on hand', async () => {
    const { audit, tamper, item, stock } = await warehouse();
    await stock.tryReserve([order('ORD-000001', 3)]);
    tamper({ stock: 10, reservedQuantity: 0 });
    expect(await audit(repair)).toMatchObject({ repaired: 1 });
    expect(await item()).toMatchObject({ stock: 7, reservedQuantity: 3 });
    expect((await audit()).differences).toEqual([]);
  });

  test('leaves to a person what holds more than is there', async () => {
    const { audit, tamper, item, stock } = await warehouse();
    await stock.tryReserve([order('ORD-000001', 8)]);
    tamper({ stock: 2, reservedQuantity: 0 });
    expect(await audit(repair)).toMatchObject({ repaired: 0, unrepairable: 1 });
    expect(await item()).toMatchObject({ stock: 2, reservedQuantity: 0 });
  });

  test('does nothing to a row that somebody changes meanwhile', async () => {
    const { deps, tamper, item } = await warehouse();
    tamper({ stock: 12 });
    const late: Pick<LedgerStore, 'save' | 'record'> = { save: async () => false, record: async () => false };
    expect(await auditStock({ ...deps, ledger: late })(repair)).toMatchObject({ repaired: 0, unrepairable: 0 });
    expect(await item()).toMatchObject({ stock: 12 });
  });
});

describe('what the catalog must know', () => {
  const told = ({ published }: Awaited<ReturnType<typeof warehouse>>) =>
    published.map(({ id, type }) => `${type} ${id}`);

  test('P1 S1-28 is published again for three hours, under the ID of the newest version', async () => {
    const shop = await warehouse();
    await shop.stock.tryReserve([order('ORD-000001', 10)]);
    await shop.audit();
    expect(told(shop)).toEqual(['ProductSoldOut.v1 shop-a/A:3']);
    await shop.move('receive', 1);
    await shop.audit();
    expect(told(shop).at(-1)).toBe('ProductRestocked.v1 shop-a/A:4');
    shop.clock.now = new Date('2026-11-21T11:00:00.001Z');
    await shop.audit();
    expect(told(shop)).toHaveLength(2);
  });

  test('is not that a new product is sold out: it has never had any', async () => {
    const shop = await warehouse();
    await shop.ledger.save(aStockItem(tenant, 'NEW'));
    await shop.audit();
    expect(told(shop)).toEqual(['ProductRestocked.v1 shop-a/A:2']);
  });

  test('is reported for as long as it is noted that something is wrong', async () => {
    const shop = await warehouse();
    shop.tamper({ stock: 12 });
    await shop.audit();
    shop.clock.now = new Date('2026-11-22T08:00:00.000Z');
    await shop.audit();
    expect(told(shop).at(-1)).toBe('StockDiscrepancyFound.v1 shop-a/A:4');
  });
});
