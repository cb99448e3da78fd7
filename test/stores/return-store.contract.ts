import { unsealed } from '../../lambda/contracts/values/sealed';
import type { Tenant } from '../../lambda/kernel/tenant';
import type { DeliveredOrder, Return } from '../../lambda/return/return';
import type { ReturnStore } from '../../lambda/return/return.store';
import { deliveredMice, mice, requestedMice } from '../support/returns';
import { freshTenant } from './builders';

export type ReturnHarness = {
  readonly store: ReturnStore;
  /** Waits until the indexes have what was written. */
  readonly settled: () => Promise<void>;
};

/** An order of `quantity` mice, as it is after `returns` returns of one each. */
const ordered = (tenant: Tenant, quantity: number, returns = 0): DeliveredOrder =>
  deliveredMice({ tenant, lines: [mice({ quantity, claimed: returns })], returns, version: 1 + returns });

const returned = (tenant: Tenant, number: number, given: Partial<Return> = {}): Return =>
  requestedMice({
    tenant,
    returnId: `RET-000001-${number}`,
    requestedAt: `2026-12-02T08:00:0${number}.000Z`,
    ...given,
  });

const noting = (open: () => ReturnHarness) => {
  const { store } = open();

  test('S3-22 keeps a delivered order as it is noted first', async () => {
    const order = ordered(freshTenant(), 3);
    await store.note(order);
    await store.note({ ...order, customerEmail: unsealed('somebody@example.com') });
    expect(await store.order(order.tenant, 'ORD-000001')).toEqual(order);
  });

  test('P8 knows neither an order nor a return of another tenant', async () => {
    const [tenant, other] = [freshTenant(), freshTenant()];
    await store.note(ordered(tenant, 3));
    await store.request(returned(tenant, 1), ordered(tenant, 3, 1));
    expect(await store.order(other, 'ORD-000001')).toBeUndefined();
    expect(await store.get(other, 'RET-000001-1')).toBeUndefined();
    expect(await store.get(tenant, 'RET-000001-1')).toEqual(returned(tenant, 1));
  });
};

const requesting = (open: () => ReturnHarness) => {
  const { store } = open();

  test('stores a return together with what it leaves of the order', async () => {
    const tenant = freshTenant();
    await store.note(ordered(tenant, 3));
    expect(await store.request(returned(tenant, 1), ordered(tenant, 3, 1))).toBe('stored');
    expect(await store.order(tenant, 'ORD-000001')).toEqual(ordered(tenant, 3, 1));
  });

  test('stores nothing when another return was first', async () => {
    const tenant = freshTenant();
    await store.note(ordered(tenant, 3));
    await store.request(returned(tenant, 1), ordered(tenant, 3, 1));
    expect(await store.request(returned(tenant, 2), ordered(tenant, 3, 1))).toBe('changed');
    expect(await store.get(tenant, 'RET-000001-2')).toBeUndefined();
    expect(await store.order(tenant, 'ORD-000001')).toEqual(ordered(tenant, 3, 1));
  });

  test('stores one of twenty returns that ask at the same time', async () => {
    const tenant = freshTenant();
    await store.note(ordered(tenant, 1));
    const asked = Array.from({ length: 20 }, () => store.request(returned(tenant, 1), ordered(tenant, 1, 1)));
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(19);
  });

  test('P3 returns who holds a claim, and stores no second return under it', async () => {
    const tenant = freshTenant();
    const claim = { key: 'key-1', requestHash: 'hash-1', expiresAt: new Date('2026-12-09T08:00:00.000Z') };
    await store.note(ordered(tenant, 3));
    expect(await store.claimedBy(tenant, 'key-1')).toBeUndefined();
    await store.request(returned(tenant, 1), ordered(tenant, 3, 1), claim);
    const holder = { requestHash: 'hash-1', returnId: 'RET-000001-1' };
    const again = { ...claim, requestHash: 'hash-2' };
    expect(await store.request(returned(tenant, 2), ordered(tenant, 3, 2), again)).toEqual({ claimedBy: holder });
    expect(await store.claimedBy(tenant, 'key-1')).toEqual(holder);
    expect(await store.claimedBy(freshTenant(), 'key-1')).toBeUndefined();
    expect(await store.get(tenant, 'RET-000001-2')).toBeUndefined();
  });
};

const saving = (open: () => ReturnHarness) => {
  const { store } = open();
  const approved = (tenant: Tenant): Return =>
    returned(tenant, 1, {
      status: 'APPROVED',
      version: 2,
      fact: { type: 'ReturnApproved', previousStatus: 'REQUESTED' },
    });
  const stored = async () => {
    const tenant = freshTenant();
    await store.note(ordered(tenant, 3));
    await store.request(returned(tenant, 1), ordered(tenant, 3, 1));
    return tenant;
  };

  test('S3-27 writes the next version, once', async () => {
    const tenant = await stored();
    expect(await store.save(approved(tenant))).toBe(true);
    expect(await store.save(approved(tenant))).toBe(false);
    expect(await store.get(tenant, 'RET-000001-1')).toEqual(approved(tenant));
  });

  test('writes a return and its order together or not at all', async () => {
    const tenant = await stored();
    const rejected = { ...approved(tenant), status: 'REJECTED' } as const;
    const stale = { ...ordered(tenant, 3), version: 2 };
    expect(await store.save(rejected, stale)).toBe(false);
    expect(await store.get(tenant, 'RET-000001-1')).toMatchObject({ status: 'REQUESTED' });
    expect(await store.save(rejected, { ...ordered(tenant, 3), version: 3 })).toBe(true);
    expect(await store.order(tenant, 'ORD-000001')).toMatchObject({ version: 3, lines: [{ claimed: 0 }] });
  });
};

const listing = (open: () => ReturnHarness) => {
  const { store, settled } = open();
  const five = async () => {
    const tenant = freshTenant();
    await store.note(ordered(tenant, 9));
    for (const number of [1, 2, 3, 4, 5]) {
      const userId = number % 2 === 0 ? 'customer-2' : 'customer-1';
      await store.request(returned(tenant, number, { userId }), ordered(tenant, 9, number));
    }
    await settled();
    return tenant;
  };
  const ids = (items: readonly Return[]) => items.map(({ returnId }) => returnId);

  test('lists the returns of a tenant, newest first, page by page', async () => {
    const tenant = await five();
    const first = await store.list({ tenant, limit: 2 });
    expect(ids(first.items)).toEqual(['RET-000001-5', 'RET-000001-4']);
    const second = await store.list({ tenant, limit: 2, after: first.next });
    expect(ids(second.items)).toEqual(['RET-000001-3', 'RET-000001-2']);
    const last = await store.list({ tenant, limit: 2, after: second.next });
    expect([ids(last.items), last.next]).toEqual([['RET-000001-1'], undefined]);
  });

  test('a page that holds the last return is the last', async () => {
    const tenant = await five();
    expect((await store.list({ tenant, limit: 5 })).next).toBeUndefined();
    expect((await store.list({ tenant: freshTenant(), limit: 5 })).items).toEqual([]);
  });

  test('S3-27 lists those in one status, of a tenant or of a customer', async () => {
    const tenant = await five();
    const fact = { type: 'ReturnApproved', previousStatus: 'REQUESTED' } as const;
    for (const [number, userId] of [
      [1, 'customer-1'],
      [4, 'customer-2'],
    ] as const)
      await store.save(returned(tenant, number, { userId, status: 'APPROVED', version: 2, fact }));
    await settled();
    const approved = { tenant, status: 'APPROVED', limit: 3 } as const;
    expect(ids((await store.list(approved)).items)).toEqual(['RET-000001-4', 'RET-000001-1']);
    const ofOne = { ...approved, userId: 'customer-1' };
    expect(ids((await store.list(ofOne)).items)).toEqual(['RET-000001-1']);
    const requested = { ...ofOne, status: 'REQUESTED', limit: 1 } as const;
    const first = await store.list(requested);
    expect(ids(first.items)).toEqual(['RET-000001-5']);
    const second = await store.list({ ...requested, after: first.next });
    expect([ids(second.items), second.next]).toEqual([['RET-000001-3'], undefined]);
  });

  test('P8 lists the returns of one customer alone', async () => {
    const tenant = await five();
    const { items } = await store.list({ tenant, userId: 'customer-2', limit: 9 });
    expect(ids(items)).toEqual(['RET-000001-4', 'RET-000001-2']);
  });
};

/** What every return store promises, whatever it is made of. */
export const returnStoreContract = (name: string, open: () => ReturnHarness): void => {
  describe(`return store ${name}: delivered orders`, () => noting(open));
  describe(`return store ${name}: requests`, () => requesting(open));
  describe(`return store ${name}: what becomes of a return`, () => saving(open));
  describe(`return store ${name}: lists`, () => listing(open));
};
