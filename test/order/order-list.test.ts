import { defaultTenant } from '../../lambda/kernel/tenant';
import { type IndexEntry, listKeysOf, mergePages, sourcesOf } from '../../lambda/order/lists/order-list';
import { placedOrder } from '../support/orders';

const now = new Date('2026-11-21T09:00:00.000Z');
const states = [
  [{ status: 'PENDING', stockStatus: 'PENDING' }, 'OPEN'],
  [{ status: 'PENDING', stockStatus: 'RESERVED' }, 'OPEN'],
  [{ status: 'PENDING', stockStatus: 'BACKORDERED' }, 'PENDING'],
  [{ status: 'PENDING', stockStatus: 'PENDING', dueAttempts: 1 }, 'PENDING'],
  [{ status: 'CONFIRMED', stockStatus: 'RESERVED' }, 'OPEN'],
  [{ status: 'PROCESSING', stockStatus: 'RESERVED' }, 'PROCESSING'],
  [{ status: 'SHIPPED', stockStatus: 'DEDUCTED' }, 'SHIPPED'],
  [{ status: 'DELIVERED', stockStatus: 'DEDUCTED' }, 'DELIVERED'],
  [{ status: 'CANCELLED', stockStatus: 'BACKORDERED' }, 'CANCELLED'],
  [{ status: 'RETURNED', stockStatus: 'DEDUCTED' }, 'RETURNED'],
] as const;

test.each(states)(
  'S4-36 an order that is %j is listed from %s, where whoever asks for its status looks',
  (state, name) => {
    const { listKey, ownerKey } = listKeysOf(placedOrder({ ...state, ownerId: undefined }));
    expect([listKey, ownerKey]).toEqual([`default#${name}`, undefined]);
    const of = sourcesOf({ tenant: defaultTenant, status: state.status }, now);
    expect(of.map(({ partition }) => partition)).toContain(listKey);
    expect(sourcesOf({ tenant: defaultTenant }, now).map(({ partition }) => partition)).toContain(listKey);
  },
);

test('S4-36 an order of a user is listed as theirs, too', () => {
  expect(listKeysOf(placedOrder({ ownerId: 'u-1' }))).toMatchObject({ ownerKey: 'default#u-1' });
  expect(sourcesOf({ tenant: defaultTenant, ownerId: 'u-1', status: 'SHIPPED' }, now)).toEqual([
    { index: 'byCustomer', partition: 'default#u-1' },
  ]);
});

test('S4-36 pending orders are looked for among those of the last 15 minutes that nobody has decided', () => {
  const [, fresh] = sourcesOf({ tenant: defaultTenant, status: 'PENDING' }, now);
  expect(fresh).toEqual({ index: 'byTenant', partition: 'default#OPEN', since: '2026-11-21T08:45:00.000Z' });
});

describe('merging what several partitions gave', () => {
  const entry = (minute: number, orderId = `ORD-00000${minute}`): IndexEntry => ({
    createdAt: `2026-11-21T08:0${minute}:00.000Z`,
    orderId,
  });
  const ids = ({ entries }: { entries: readonly IndexEntry[] }) =>
    entries.map(({ orderId }) => orderId.at(-1)).join('');

  test('S4-36 nothing is listed that is older than what a partition has not given yet', () => {
    const read = [
      { entries: [entry(9), entry(6), entry(5)], more: true }, // the last time may be there in part
      { entries: [entry(8), entry(7), entry(4)], more: false },
    ];
    expect(ids(mergePages(read, undefined, 10))).toBe('9876');
    expect(mergePages(read, undefined, 10).more).toBe(true);
    expect(ids(mergePages(read, entry(8), 10))).toBe('76');
  });

  test('S4-36 of several partitions that have more, the one that was read least far decides', () => {
    const read = [
      { entries: [entry(9), entry(3), entry(2)], more: true },
      { entries: [entry(8), entry(7), entry(6)], more: true },
      { entries: [entry(5)], more: false },
    ];
    expect(ids(mergePages(read, undefined, 10))).toBe('987');
  });

  test('S4-36 a page that ends with the last entry says that there are no more', () => {
    const read = [{ entries: [entry(3), entry(2), entry(1)], more: false }];
    expect(mergePages(read, undefined, 3)).toEqual({ entries: [entry(3), entry(2), entry(1)], more: false });
    expect(mergePages(read, undefined, 2)).toEqual({ entries: [entry(3), entry(2)], more: true });
    expect(mergePages([{ entries: [], more: false }], undefined, 2)).toEqual({ entries: [], more: false });
  });
});
