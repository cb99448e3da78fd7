import type { AuditProgress, Checkpoint } from '../../lambda/inventory/audit/audit';
import type { AuditStore } from '../../lambda/inventory/audit/audit.store';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { aStockItem, aWanted, freshTenant } from './builders';
import { type LedgerHarness, receive } from './ledger-store.contract';

const collect = async <Row>(rows: AsyncIterable<Row>): Promise<Row[]> => {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

const cause = { correlationId: 'c', causationId: 'c' };
const longAgo = '2020-01-01T00:00:00.000Z';
const sums = { onHand: 5, reserved: 2, reservedByHand: 1, hadGoods: true };

type AuditHarness = LedgerHarness & { readonly audit: AuditStore };

const suite = ({ store, stock, audit }: AuditHarness): void => {
  const begin = async (tenant: Tenant, productId = 'A') => {
    const item = aStockItem(tenant, productId);
    await store.save(item);
    await receive(store, item, 9);
    return tenantKey(tenant, productId);
  };
  const order = (tenant: Tenant, orderId: string) => aWanted(tenant, orderId, { A: 1 });
  const changed = async (tenant: Tenant, since = longAgo) =>
    (await collect(audit.changedReservations(since)))
      .filter((row) => row.tenant === tenant)
      .map(({ orderId, state }) => `${orderId} ${state}`)
      .sort();

  test('F-44 finds each reservation that moved stock once, also those that were reserved together', async () => {
    const tenant = freshTenant();
    await begin(tenant);
    const orders = ['ORD-000001', 'ORD-000002', 'ORD-000003', 'ORD-000004'].map((id) => order(tenant, id));
    await stock.tryReserve(orders.slice(0, 3));
    await stock.tryReserve(orders.slice(3));
    expect(await changed(tenant)).toEqual([
      'ORD-000001 RESERVED',
      'ORD-000002 RESERVED',
      'ORD-000003 RESERVED',
      'ORD-000004 RESERVED',
    ]);
    await stock.deduct(order(tenant, 'ORD-000001'));
    await stock.release({ tenant, orderId: 'ORD-000002' }, cause);
    await stock.deduct(order(tenant, 'ORD-000005'));
    expect(await changed(tenant)).toEqual([
      'ORD-000001 DEDUCTED',
      'ORD-000002 RELEASED',
      'ORD-000003 RESERVED',
      'ORD-000004 RESERVED',
      'ORD-000005 DEDUCTED',
    ]);
    expect(await changed(tenant, '2999-01-01T00:00:00.000Z')).toEqual([]);
  });

  test('F-44 keeps of a reservation what it held and when it gave it up', async () => {
    const tenant = freshTenant();
    await begin(tenant);
    await stock.tryReserve([order(tenant, 'ORD-000001'), order(tenant, 'ORD-000002')]);
    await stock.deduct(order(tenant, 'ORD-000001'));
    await stock.release({ tenant, orderId: 'ORD-000002' }, cause);
    const lines = [{ productId: 'A', quantity: 1 }];
    const deducted = await stock.get({ tenant, orderId: 'ORD-000001' });
    expect(deducted).toMatchObject({ lines, heldLines: lines, deductedAt: deducted?.updatedAt });
    expect(deducted?.reservedAt).toEqual(expect.any(String));
    const released = await stock.get({ tenant, orderId: 'ORD-000002' });
    expect(released).toMatchObject({ lines, heldLines: lines, releasedAt: released?.updatedAt });
  });

  test('F-44 leaves out what moved no stock', async () => {
    const tenant = freshTenant();
    await begin(tenant);
    const shortage = { productId: 'A', name: 'A', available: 9, requested: 10 };
    await stock.markShort(aWanted(tenant, 'ORD-000001', { A: 10 }), shortage);
    await stock.release({ tenant, orderId: 'ORD-000002' }, cause);
    expect(await changed(tenant)).toEqual([]);
  });

  test('F-44 finds the products that were changed, until one is found at rest in the version that was looked at', async () => {
    const tenant = freshTenant();
    const key = await begin(tenant);
    const isChanged = async () => (await audit.changedProducts()).includes(key);
    const [item] = await audit.items([key, tenantKey(tenant, 'NONE')]);
    expect(item).toMatchObject({ productId: 'A', stock: 9, version: 2 });
    if (item === undefined) return;
    expect(await isChanged()).toBe(true);
    await stock.tryReserve([order(tenant, 'ORD-000001')]);
    expect(await audit.rest(item)).toBe(false);
    expect(await isChanged()).toBe(true);
    expect(await audit.rest({ ...item, version: 3 })).toBe(true);
    expect(await isChanged()).toBe(false);
    await stock.deduct(order(tenant, 'ORD-000001'));
    expect(await isChanged()).toBe(true);
  });

  test('F-44 reads the movements of a product after one of them, without claims and checkpoints', async () => {
    const tenant = freshTenant();
    const key = await begin(tenant);
    await receive(store, { tenant, productId: 'A' }, 4);
    await audit.saveCheckpoint(key, { ...sums, count: 'c', at: longAgo, upTo: '' });
    const after = async (id: string) => (await collect(audit.movements(key, id))).map(({ change }) => change);
    expect([await after(''), await after('000000000002'), await after('000000000003')]).toEqual([[9, 4], [4], []]);
  });

  test('F-44 goes through all products and all reservations in parts', async () => {
    const tenant = freshTenant();
    for (const productId of ['A', 'B', 'C']) await begin(tenant, productId);
    const ids = ['ORD-000001', 'ORD-000002', 'ORD-000003'];
    for (const id of ids) await stock.tryReserve([order(tenant, id)]);
    const inParts = async (
      read: (after: string | undefined) => Promise<{ keys: string[]; next?: string | undefined }>,
    ) => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const { keys, next } = await read(after);
        found.push(...keys.filter((key) => key.startsWith(tenantKey(tenant, ''))));
        after = next;
      } while (after !== undefined);
      return found.map((key) => key.replace(tenantKey(tenant, ''), '')).sort();
    };
    const products = await inParts(async (after) => {
      const { items, next } = await audit.products({ after, limit: 2 });
      return { keys: [...items], next };
    });
    const reservations = await inParts(async (after) => {
      const { items, next } = await audit.reservations({ after, limit: 2 });
      return { keys: items.map(({ key }) => key), next };
    });
    expect([products, reservations]).toEqual([['A', 'B', 'C'], ids]);
  });

  test('F-44 keeps the newest checkpoint of a product, and none of another count', async () => {
    const key = tenantKey(freshTenant(), 'A');
    const progress: AuditProgress = { version: 1, count: 'one', at: '2026-11-20T08:00:00.000Z' };
    const checkpoint: Checkpoint = { ...sums, count: 'one', at: '2026-11-21T08:00:00.000Z', upTo: '000000000002' };
    const kept = async (given = progress) => (await audit.checkpoints([key], given)).get(key);
    const empty = { onHand: 0, reserved: 0, reservedByHand: 0, hadGoods: false, upTo: '' };
    expect(await kept()).toEqual({ ...empty, count: 'one', at: '2026-11-20T08:00:00.000Z' });
    await audit.saveCheckpoint(key, checkpoint);
    await audit.saveCheckpoint(key, { ...checkpoint, onHand: 99, at: '2026-11-20T09:00:00.000Z' });
    expect(await kept()).toEqual(checkpoint);
    expect(await kept({ ...progress, at: '2026-11-22T08:00:00.000Z' })).toEqual({
      ...checkpoint,
      at: '2026-11-22T08:00:00.000Z',
    });
    expect(await kept({ ...progress, count: 'two' })).toMatchObject({ ...empty, count: 'two' });
  });

  test('F-44 writes how far it has come once, with the sums that belong to it', async () => {
    const key = tenantKey(freshTenant(), 'A');
    const before = await audit.progress();
    const next: AuditProgress = {
      version: (before?.version ?? 0) + 1,
      count: key,
      at: '2026-11-20T08:00:00.000Z',
      counting: { after: 'x' },
    };
    const one = new Map([[key, { ...sums, count: key, at: next.at, upTo: '' }]]);
    expect(await audit.saveCount(next, one)).toBe(true);
    expect(
      await audit.saveCount(next, new Map([[key, { ...sums, onHand: 99, count: key, at: next.at, upTo: '' }]])),
    ).toBe(false);
    expect(await audit.progress()).toEqual(next);
    expect((await audit.checkpoints([key], next)).get(key)).toMatchObject({ onHand: 5 });
    expect(await audit.saveProgress({ ...next, version: next.version + 1, counting: undefined })).toBe(true);
    expect(await audit.saveProgress({ ...next, version: next.version + 1 })).toBe(false);
    expect((await audit.progress())?.counting).toBeUndefined();
  });
};

/** What every audit store promises, whatever it is made of. */
export const auditStoreContract = (name: string, open: () => AuditHarness): void => {
  describe(`audit store ${name}`, () => suite(open()));
};
