import { gunzipSync, gzipSync } from 'node:zlib';
import { filesOf, linesOf, startOf } from '../../../../lambda/archive/archive-events';
import { AnyEvent } from '../../../../lambda/contracts/events/event';
import { type Archive, readArchive, type Wanted } from '../../../../scripts/lib/events/archive';
import { orderCancelled, orderPlaced } from '../../../support/order-events';

/** An archive in memory, written as its consumer writes it: each batch on its own. */
const archiveOf = (...batches: unknown[][]): Archive & { readonly reads: string[] } => {
  const objects = new Map<string, Buffer>();
  const reads: string[] = [];
  batches.forEach((batch, index) => {
    for (const file of filesOf(batch.map((event) => AnyEvent.parse(event))))
      objects.set(`${file.folder}/${startOf(file)}-${index}.ndjson.gz`, gzipSync(linesOf(file)));
  });
  return {
    reads,
    keys: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    read: async (key) => {
      reads.push(key);
      return gunzipSync(objects.get(key) ?? '')
        .toString('utf8')
        .split('\n')
        .filter(Boolean);
    },
  };
};

const idsOf = async (archive: Archive, wanted: Wanted): Promise<string[]> => {
  const ids: string[] = [];
  for await (const events of readArchive(archive, wanted)) ids.push(...events.map(({ id, type }) => `${id} ${type}`));
  return ids;
};

const november = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const placed = (orderId: string, time: string, tenant = 'default') =>
  orderPlaced(orderId, {}, { time, tenantid: tenant, id: `${tenant}/${orderId}:1` });

const archive = () =>
  archiveOf(
    [placed('ORD-000002', '2026-11-21T08:05:00.000Z'), placed('ORD-000001', '2026-11-21T08:00:00.000Z')],
    [orderCancelled('ORD-000001'), placed('ORD-000001', '2026-11-22T08:00:00.000Z', 'shop-a')],
    [placed('ORD-000001', '2026-11-21T08:00:00.000Z')], // delivered again
  );

test('S2-39 a day to a day: every event once, however often it was delivered, the oldest first', async () => {
  expect(await idsOf(archive(), { period: november })).toEqual([
    'default/ORD-000001:1 OrderPlaced.v2',
    'default/ORD-000002:1 OrderPlaced.v2',
    'shop-a/ORD-000001:1 OrderPlaced.v2',
    'default/ORD-000001:3 OrderCancelled.v2',
  ]);
});

test.each<[string, Wanted, string[]]>([
  [
    'one order of one tenant',
    { tenant: 'default', about: 'ORD-000001' },
    ['default/ORD-000001:1', 'default/ORD-000001:3'],
  ],
  ['the same order of another tenant', { tenant: 'shop-a', about: 'ORD-000001' }, ['shop-a/ORD-000001:1']],
  ['an order that nobody has', { tenant: 'default', about: 'ORD-000009' }, []],
  ['one type', { period: november, type: 'OrderCancelled.v2' }, ['default/ORD-000001:3']],
  ['one tenant', { period: november, tenant: 'shop-a' }, ['shop-a/ORD-000001:1']],
  [
    'a time: its beginning is in it, its end is not',
    { period: { from: '2026-11-21T08:00:00.000Z', to: '2026-11-21T08:05:00.000Z' } },
    ['default/ORD-000001:1'],
  ],
  [
    'an order in a time',
    {
      tenant: 'default',
      about: 'ORD-000001',
      period: { from: '2026-11-22T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' },
    },
    ['default/ORD-000001:3'],
  ],
])('S2-39 reads %s', async (_what, wanted, expected) => {
  expect((await idsOf(archive(), wanted)).map((id) => id.split(' ')[0])).toEqual(expected);
});

test('an order is found without reading what is about others', async () => {
  const orders = Array.from({ length: 64 }, (_, n) =>
    placed(`ORD-${String(n + 1).padStart(6, '0')}`, '2026-11-21T08:00:00.000Z'),
  );
  const many = archiveOf(...orders.map((event) => [event]));
  await idsOf(many, { tenant: 'default', about: 'ORD-000001' });
  expect(many.reads.length).toBeLessThan(16); // of 128 files
  expect(many.reads.every((key) => key.startsWith('by-subject/'))).toBe(true);
});

test('a type is found without reading others', async () => {
  const many = archive();
  await idsOf(many, { period: november, type: 'OrderCancelled.v2' });
  expect(many.reads.map((key) => key.split('/').slice(0, 3).join('/'))).toEqual([
    'by-day/2026-11-24/OrderCancelled.v2',
  ]);
});

test.each(['OrderCancelled.v2', 'OrderCancelled.v1'])(
  'events of before are found as %s, migrated or not',
  async (type) => {
    const { data, ...cancelled } = orderCancelled('ORD-000001');
    const before = archiveOf([
      { ...cancelled, type: 'OrderCancelled.v1', data: { ...data, customerEmail: 'a@example.com' } },
    ]);
    expect(await idsOf(before, { period: november, type })).toEqual(['default/ORD-000001:3 OrderCancelled.v1']);
    const read = async () => [JSON.stringify({ ...cancelled, data })]; // rewritten under the name of before
    expect(await idsOf({ ...before, read }, { period: november, type })).toEqual([
      'default/ORD-000001:3 OrderCancelled.v2',
    ]);
  },
);

test('a file that holds something else is named', async () => {
  const broken = { keys: async () => ['by-day/2026-11-21/x'], read: async () => ['{"id":"x"}'] };
  await expect(idsOf(broken, { period: november })).rejects.toThrow(
    'by-day/2026-11-21/x: holds something that is no event',
  );
});
