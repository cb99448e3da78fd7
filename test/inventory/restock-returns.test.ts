import { readFileSync } from 'node:fs';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { ReturnCompleted } from '../../lambda/contracts/events/return-events';
import { restockReturns } from '../../lambda/inventory/stock/restock-returns';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { aStockItem } from '../stores/builders';
import { inventoryStores } from './inventory-stores';

const completed = ReturnCompleted.parse(
  JSON.parse(readFileSync('test/contracts/samples/ReturnCompleted.v2.json', 'utf8')),
);
const [mouse] = completed.data.lines as [(typeof completed.data.lines)[number]];
const lines = [mouse, { ...mouse, productId: 'PROD-001', quantity: 1, lineTotal: 3000 }];
const both: ReturnCompleted = { ...completed, data: { ...completed.data, lines } };

const stockOf = (productId: string, given: Partial<StockItem> = {}): StockItem =>
  aStockItem(defaultTenant, productId, given);

/** A ledger of two products; `interrupt` runs before each write. */
const shop = async (items: readonly StockItem[] = [stockOf('PROD-001'), stockOf('PROD-002')]) => {
  const now = () => new Date('2026-12-08T08:00:01.000Z');
  let interrupt: () => void = () => undefined;
  const stores = inventoryStores(now, (command) => command instanceof TransactWriteCommand && interrupt());
  const { ledger, inventory } = stores;
  for (const item of items) await ledger.save(item);
  const unknown: string[] = [];
  const take = restockReturns({
    ledger,
    backoff: { attempts: 8, baseMs: 0, random: () => 0, sleep: async () => undefined },
    now,
    onUnknown: (productId) => unknown.push(productId),
  });
  return {
    take,
    ledger,
    unknown,
    stock: (productId: string) => ledger.get({ tenant: defaultTenant, productId }),
    movements: () => stores.movements.all().filter(({ movementId }) => /^\d/.test(String(movementId))),
    claims: () => stores.movements.all().filter(({ movementId }) => String(movementId).startsWith('#KEY#')),
    eachWrite: (run: () => void) => {
      interrupt = run;
    },
    /** Somebody writes a row in between. */
    change: (productId: string, reserved: number) => {
      const row = inventory.get({ productId: `default#${productId}` });
      const reservedQuantity = Number(row?.reservedQuantity) + reserved;
      inventory.put({ ...row, reservedQuantity, version: Number(row?.version) + 1 });
    },
  };
};

describe('goods that came back', () => {
  test('are available again, each by a movement of the ledger that says why', async () => {
    const { stock, ledger, take } = await shop();
    await take(both);
    expect(await stock('PROD-002')).toMatchObject({ stock: 2, reservedQuantity: 0, version: 2 });
    expect(await stock('PROD-001')).toMatchObject({ stock: 1, version: 2 });
    expect(await ledger.movements(stockOf('PROD-002'), { limit: 9 })).toEqual([
      {
        tenant: 'default',
        productId: 'PROD-002',
        movementId: '000000000002',
        type: 'return',
        quantity: 2,
        change: 2,
        reservedChange: 0,
        reason: 'Return RET-000001-1',
        orderId: 'ORD-000001',
        by: 'returns',
        at: '2026-12-08T08:00:01.000Z',
        version: 2,
      },
    ]);
  });

  test('P2 are counted once, however often the event comes, and for ever', async () => {
    const { movements, claims, take } = await shop();
    await Promise.all([take(both), take(both), take(both)]);
    await take(both);
    expect(movements().map(({ productId, change }) => [productId, change])).toEqual([
      ['default#PROD-002', 2],
      ['default#PROD-001', 1],
    ]);
    expect(claims().map(({ expiresAt }) => expiresAt)).toEqual([undefined, undefined]);
  });

  test('P1 a crash between two products costs neither of them a piece', async () => {
    const { stock, eachWrite, take } = await shop();
    let writes = 0;
    eachWrite(() => {
      writes += 1;
      if (writes === 2) throw new Error('crash');
    });
    await expect(take(both)).rejects.toThrow('crash');
    await take(both);
    expect(await stock('PROD-002')).toMatchObject({ stock: 2 });
    expect(await stock('PROD-001')).toMatchObject({ stock: 1 });
  });

  test('are not lost to somebody who sells at the same time', async () => {
    const { stock, eachWrite, change, take } = await shop();
    let sold = 0;
    eachWrite(() => {
      if (sold === 3) return;
      sold += 1;
      change('PROD-002', 1);
    });
    await take(completed);
    expect(await stock('PROD-002')).toMatchObject({ stock: 2, reservedQuantity: 3, version: 5 });
  });

  test('the stock of a product that was deleted begins anew with them', async () => {
    const { stock, take } = await shop([stockOf('PROD-002', { deletedAt: '2026-12-01T08:00:00.000Z' })]);
    await take(completed);
    expect(await stock('PROD-002')).toMatchObject({ stock: 2 });
    expect(await stock('PROD-002')).not.toHaveProperty('deletedAt');
  });

  test('a product that inventory does not know holds up no other', async () => {
    const { stock, unknown, take } = await shop([stockOf('PROD-001')]);
    await take(both);
    expect([unknown, (await stock('PROD-001'))?.stock]).toEqual([['PROD-002'], 1]);
  });

  test('P6 when others are always faster, the event comes again', async () => {
    const { eachWrite, change, take } = await shop();
    eachWrite(() => change('PROD-002', 0));
    await expect(take(completed)).rejects.toThrow('2 of PROD-002 were not restocked: version-mismatch');
  });
});
