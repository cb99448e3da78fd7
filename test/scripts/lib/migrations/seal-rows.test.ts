import { StoredSealed } from '../../../../lambda/contracts/values/sealed';
import { type Change, hasNewFact } from '../../../../lambda/kernel/events/stream-relay';
import { trustedTenant } from '../../../../lambda/kernel/tenant';
import { orderStore } from '../../../../lambda/order/order.store';
import { openPersonal, sealPersonal } from '../../../../lambda/order/personal/personal';
import { isPlainRow } from '../../../../scripts/lib/migrations/sealer';
import { interrupted, memoryDynamoDb } from '../../../support/dynamodb/memory-dynamodb';
import { memoryKeyRing } from '../../../support/key-ring';
import { placedOrder } from '../../../support/orders';
import {
  address,
  deliveredOfBefore,
  hasPlain,
  mailOfBefore,
  orderOfBefore,
  put,
  returnOfBefore,
  rowMigration,
  rowsOf,
  userOfBefore,
} from './before';

const tenant = trustedTenant('shop-a');
const all = { cursor: undefined, dryRun: false };

const cases: [service: string, subject: string, row: Record<string, unknown>, opened: Record<string, unknown>][] = [
  [
    'order',
    'order~ORD-000001',
    orderOfBefore(),
    { customerEmail: 'taro@example.com', shippingAddress: JSON.stringify(address) },
  ],
  ['return', 'order~ORD-000001', returnOfBefore, { customerEmail: 'taro@example.com', reason: 'サイズが合わない' }],
  ['return', 'order~ORD-000001', deliveredOfBefore, { customerEmail: 'taro@example.com' }],
  ['notification', 'order~ORD-000001', mailOfBefore, { recipient: 'taro@example.com' }],
  [
    'identity',
    'user~u-1',
    userOfBefore,
    {
      email: 'taro@example.com',
      displayName: '太郎',
      firstName: '太郎',
      lastName: '山田',
      phoneNumber: '+81312345678',
      address: JSON.stringify(address),
      avatar: 'https://example.com/taro.png',
      preferences: '{"newsletter":true,"size":42}',
    },
  ],
];

describe.each(cases)('S1-31 a row of %s about %s', (service, subject, row, opened) => {
  const { table } = rowsOf(service);

  test('is sealed where it was plain, opens as it was, and keeps all else, its version too', async () => {
    const { db, table: stored } = memoryDynamoDb();
    const keys = memoryKeyRing({ db });
    await put(db, table, row);
    expect(await rowMigration(service, db, keys).page(all)).toEqual({ seen: 1, found: 1, next: undefined });
    const [sealed = {}] = stored(table).all();
    expect(hasPlain(sealed)).toBe(false);
    for (const [name, text] of Object.entries(opened)) {
      const field = rowsOf(service).fields[name] ?? '';
      expect(await keys.open(StoredSealed.parse(sealed[name]), { tenant, subject, field })).toBe(text);
    }
    const others = Object.fromEntries(Object.entries(row).filter(([name]) => !(name in opened)));
    expect(sealed).toEqual({
      ...others,
      ...Object.fromEntries(Object.keys(opened).map((name) => [name, sealed[name]])),
    });
  });

  test('is counted and left alone by a dry run, and left alone once it is sealed', async () => {
    const { db, table: stored } = memoryDynamoDb();
    const keys = memoryKeyRing({ db });
    await put(db, table, row);
    const migration = rowMigration(service, db, keys);
    expect(await migration.page({ cursor: undefined, dryRun: true })).toEqual({ seen: 1, found: 1 });
    expect(stored(table).all()).toEqual([row]);
    await migration.page(all);
    const sealed = structuredClone(stored(table).all());
    expect(await migration.page(all)).toEqual({ seen: 1, found: 0 });
    expect(stored(table).all()).toEqual(sealed);
  });
});

test('the order service opens an order that was migrated', async () => {
  const { db } = memoryDynamoDb();
  const keys = memoryKeyRing({ db });
  const order = placedOrder({ tenant });
  await put(db, 'orders', {
    ...order,
    tenant: undefined,
    orderId: 'shop-a#ORD-000001',
    customerEmail: 'taro@example.com',
  });
  await rowMigration('order', db, keys).page(all);
  const read = await orderStore('orders', db).get({ tenant, orderId: 'ORD-000001' });
  expect(read && (await openPersonal(keys, read)).customerEmail).toBe('taro@example.com');
});

test('text in the plain form of a function that read a row of before is sealed, too', async () => {
  const { db, table } = memoryDynamoDb();
  const plain = `plain.${Buffer.from('taro@example.com').toString('base64url')}`;
  await put(db, 'orders', orderOfBefore('ORD-000001', { customerEmail: plain, shippingAddress: undefined }));
  expect(await rowMigration('order', db).page(all)).toEqual({ seen: 1, found: 1 });
  expect(table('orders').all()[0]?.customerEmail).toMatch(/^sealed\.order~ORD-000001\.0\./);
});

test('rows that are about nobody are not counted: claims, counters, deleted users', async () => {
  const { db } = memoryDynamoDb();
  await put(db, 'orders', { orderId: 'shop-a#COUNTER', createdAt: '-', lastNumber: 20 });
  await put(db, 'users', { userId: 'shop-a#u-1', tenant: 'shop-a', createdAt: '2026-11-21T08:00:00.000Z', version: 2 });
  expect(await rowMigration('order', db).page(all)).toEqual({ seen: 0, found: 0 });
  expect(await rowMigration('identity', db).page(all)).toEqual({ seen: 0, found: 0 });
});

test('what an erased order left plain somewhere is sealed for nobody', async () => {
  const { db, table } = memoryDynamoDb();
  const keys = memoryKeyRing({ db });
  await keys.destroy(tenant, { keys: 'order~ORD-000001', number: 0 });
  await put(db, 'notifications', mailOfBefore);
  expect(await rowMigration('notification', db, keys).page(all)).toEqual({ seen: 1, found: 1 });
  const recipient = StoredSealed.parse(table('notifications').all()[0]?.recipient);
  expect(recipient).toMatch(/^sealed\./);
  const place = { tenant, subject: 'order~ORD-000001', field: 'customerEmail' };
  expect(await memoryKeyRing({ db }).open(recipient, place)).toBeUndefined();
});

test('an order that changes between reading and writing keeps its change, and is sealed', async () => {
  const memory = memoryDynamoDb();
  await put(memory.db, 'orders', orderOfBefore());
  let changes = 0;
  const db = interrupted(memory.db, {
    before: async ({ constructor: { name } }) => {
      if (name !== 'UpdateCommand' || changes > 0) return;
      changes += 1;
      await put(memory.db, 'orders', orderOfBefore('ORD-000001', { version: 4, status: 'CANCELLED' }));
    },
  });
  await rowMigration('order', db, memoryKeyRing({ db: memory.db })).page(all);
  const [order = {}] = memory.table('orders').all();
  expect(order).toMatchObject({ version: 4, status: 'CANCELLED' });
  expect(hasPlain(order)).toBe(false);
});

test('no relay tells of a sealed row: neither its version nor its fact is new', async () => {
  const changes: Change[] = [];
  const { db } = memoryDynamoDb({
    onChange: (_table, before, after) => {
      if (before !== undefined && after !== undefined) changes.push({ before, after });
    },
  });
  for (const [service, , row] of cases) {
    await put(db, rowsOf(service).table, row);
    await rowMigration(service, db).page(all);
  }
  expect(changes.map(({ before, after }) => [after.version === before?.version, after.fact === undefined])).toEqual([
    [true, false],
    [true, false],
    [true, true],
    [true, true],
    [true, false],
  ]);
  expect(changes.filter(hasNewFact)).toEqual([]);
});

test('S1-31 an order that the running system has sealed stays as it is, also as its stream shows it', async () => {
  const { db, table } = memoryDynamoDb();
  const keys = memoryKeyRing({ db });
  const order = placedOrder({ tenant });
  const personal = { customerEmail: 'taro@example.com', shippingAddress: { ...address, street: '1-1', city: '東京' } };
  await orderStore('orders', db).place({ ...order, ...sealPersonal(await keys.next(tenant), order, personal) });
  const [row = {}] = table('orders').all();
  expect(row.customerEmail).toBeInstanceOf(Uint8Array);
  expect(await rowMigration('order', db, keys).page(all)).toEqual({ seen: 1, found: 0, next: undefined });
  expect(table('orders').all()).toEqual([row]);
  const text = (value: unknown) => Buffer.from(value as Uint8Array).toString('base64');
  const inStream = { ...row, customerEmail: text(row.customerEmail), shippingAddress: text(row.shippingAddress) };
  expect(isPlainRow(inStream, rowsOf('order'))).toBe(false);
  const stored = await orderStore('orders', db).get(order);
  expect(stored && (await openPersonal(keys, stored))).toMatchObject({ customerEmail: 'taro@example.com' });
});
