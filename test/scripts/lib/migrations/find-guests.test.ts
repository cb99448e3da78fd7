import { trustedTenant } from '../../../../lambda/kernel/tenant';
import { findGuests } from '../../../../scripts/lib/migrations/find-guests';
import { memoryDynamoDb } from '../../../support/dynamodb/memory-dynamodb';
import { memoryKeyRing } from '../../../support/key-ring';
import { orderOfBefore, put, rowMigration } from './before';

const tenant = trustedTenant('shop-a');
const all = { cursor: undefined, dryRun: false };

const shop = async () => {
  const { db, table } = memoryDynamoDb();
  const keys = memoryKeyRing({ db });
  await put(db, 'orders', orderOfBefore('ORD-000001'));
  await put(db, 'orders', orderOfBefore('ORD-000002', { customerEmail: 'Taro@Example.com' }));
  await put(db, 'orders', orderOfBefore('ORD-000003', { ownerId: 'u-1' }));
  await put(db, 'orders', { orderId: 'shop-a#COUNTER', createdAt: '-', lastNumber: 3 });
  await rowMigration('order', db, keys).page(all);
  return { keys, migration: findGuests({ tables: { db, called: (name) => name }, keys }), table };
};

test('B-20 orders of guests get the keyed hash of their address, in any spelling; those of users do not', async () => {
  const { keys, migration, table } = await shop();
  expect(await migration.page({ ...all, dryRun: true })).toEqual({ seen: 2, found: 2 });
  expect(await migration.page(all)).toEqual({ seen: 2, found: 2 });
  const hash = `shop-a#${await keys.hash(tenant, 'contact', 'taro@example.com')}`;
  const rows = table('orders').all();
  const contactOf = (orderId: string) => rows.find((row) => row.orderId === `shop-a#${orderId}`)?.contactKey;
  expect(['ORD-000001', 'ORD-000002', 'ORD-000003', 'COUNTER'].map(contactOf)).toEqual([
    hash,
    hash,
    undefined,
    undefined,
  ]);
  expect(rows.filter(({ version }) => version === 3)).toHaveLength(3);
  expect(await migration.page(all)).toEqual({ seen: 2, found: 0 });
});

test('B-20 an erased order is not found again', async () => {
  const { keys, migration } = await shop();
  await keys.destroy(tenant, { keys: 'order~ORD-000001', number: 0 });
  expect(await migration.page(all)).toEqual({ seen: 2, found: 1 });
  expect(await migration.page(all)).toEqual({ seen: 2, found: 0 });
});
