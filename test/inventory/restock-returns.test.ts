import { readFileSync } from 'node:fs';
import { ReturnCompleted } from '../../lambda/contracts/events/return-events';
import type { Movement } from '../../lambda/inventory/stock/movement';
import { type RestockDeps, restockReturns } from '../../lambda/inventory/stock/restock-returns';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { defaultTenant } from '../../lambda/kernel/tenant';

const completed = ReturnCompleted.parse(
  JSON.parse(readFileSync('test/contracts/samples/ReturnCompleted.v1.json', 'utf8')),
);
const [mouse] = completed.data.lines as [(typeof completed.data.lines)[number]];
const lines = [mouse, { ...mouse, productId: 'PROD-001', quantity: 1, lineTotal: 3000 }];
const both: ReturnCompleted = { ...completed, data: { ...completed.data, lines } };

const stockOf = (productId: string, given: Partial<StockItem> = {}): StockItem => ({
  tenant: defaultTenant,
  productId,
  productName: productId,
  productVersion: 1,
  discontinued: false,
  stock: 0,
  reservedQuantity: 0,
  reservedByHand: 0,
  warehouseCode: 'MAIN',
  version: 7,
  updatedAt: '2026-11-22T10:00:00.000Z',
  ...given,
});

/** A ledger of two products; `interrupt` runs before each write. */
const shop = (items: readonly StockItem[] = [stockOf('PROD-001'), stockOf('PROD-002')]) => {
  const stock = new Map(items.map((item) => [item.productId, item]));
  const movements: Movement[] = [];
  const claims = new Map<string, { requestHash: string; neverExpires: boolean; movement: Movement }>();
  const unknown: string[] = [];
  let interrupt: () => void = () => undefined;
  const deps: RestockDeps = {
    ledger: {
      get: async ({ productId }) => stock.get(productId),
      save: async () => false,
      claimed: async ({ productId }, key) => claims.get(`${productId} ${key}`),
      record: async ({ item, movement }, claim) => {
        interrupt();
        const key = `${item.productId} ${claim?.key}`;
        if (stock.get(item.productId)?.version !== item.version - 1 || claims.has(key)) return false;
        stock.set(item.productId, item);
        movements.push(movement);
        claims.set(key, {
          requestHash: claim?.requestHash ?? '',
          neverExpires: claim?.neverExpires ?? false,
          movement,
        });
        return true;
      },
    },
    backoff: { attempts: 8, baseMs: 0, random: () => 0, sleep: async () => undefined },
    now: () => new Date('2026-12-08T08:00:01.000Z'),
    onUnknown: (productId) => unknown.push(productId),
  };
  const eachWrite = (run: () => void) => {
    interrupt = run;
  };
  return { stock, movements, claims, unknown, eachWrite, take: restockReturns(deps) };
};

describe('goods that came back', () => {
  test('are available again, each by a movement of the ledger that says why', async () => {
    const { stock, movements, take } = shop();
    await take(both);
    expect(stock.get('PROD-002')).toMatchObject({ stock: 2, reservedQuantity: 0, version: 8 });
    expect(stock.get('PROD-001')).toMatchObject({ stock: 1, version: 8 });
    expect(movements[0]).toEqual({
      tenant: 'default',
      productId: 'PROD-002',
      movementId: '000000000008',
      type: 'return',
      quantity: 2,
      change: 2,
      reservedChange: 0,
      reason: 'Return RET-000001-1',
      orderId: 'ORD-000001',
      by: 'returns',
      at: '2026-12-08T08:00:01.000Z',
      version: 8,
    });
  });

  test('P2 are counted once, however often the event comes, and for ever', async () => {
    const { movements, claims, take } = shop();
    await Promise.all([take(both), take(both), take(both)]);
    await take(both);
    expect(movements.map(({ productId, change }) => [productId, change])).toEqual([
      ['PROD-002', 2],
      ['PROD-001', 1],
    ]);
    expect([...claims.values()].every(({ neverExpires }) => neverExpires)).toBe(true);
  });

  test('P1 a crash between two products costs neither of them a piece', async () => {
    const { stock, eachWrite, take } = shop();
    let writes = 0;
    eachWrite(() => {
      writes += 1;
      if (writes === 2) throw new Error('crash');
    });
    await expect(take(both)).rejects.toThrow('crash');
    await take(both);
    expect([stock.get('PROD-002')?.stock, stock.get('PROD-001')?.stock]).toEqual([2, 1]);
  });

  test('are not lost to somebody who sells at the same time', async () => {
    const { stock, eachWrite, take } = shop();
    let sold = 0;
    eachWrite(() => {
      const item = stock.get('PROD-002');
      if (item === undefined || sold === 3) return;
      sold += 1;
      stock.set('PROD-002', { ...item, reservedQuantity: item.reservedQuantity + 1, version: item.version + 1 });
    });
    await take(completed);
    expect(stock.get('PROD-002')).toMatchObject({ stock: 2, reservedQuantity: 3, version: 11 });
  });

  test('the stock of a product that was deleted begins anew with them', async () => {
    const { stock, take } = shop([stockOf('PROD-002', { deletedAt: '2026-12-01T08:00:00.000Z' })]);
    await take(completed);
    expect(stock.get('PROD-002')).toMatchObject({ stock: 2, deletedAt: undefined });
  });

  test('a product that inventory does not know holds up no other', async () => {
    const { stock, unknown, take } = shop([stockOf('PROD-001')]);
    await take(both);
    expect([unknown, stock.get('PROD-001')?.stock]).toEqual([['PROD-002'], 1]);
  });

  test('P6 when others are always faster, the event comes again', async () => {
    const { stock, eachWrite, take } = shop();
    eachWrite(() => {
      for (const item of stock.values()) stock.set(item.productId, { ...item, version: item.version + 1 });
    });
    await expect(take(completed)).rejects.toThrow('2 of PROD-002 were not restocked: version-mismatch');
  });
});
