import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { subjectOf } from '../../../../lambda/contracts/values/sealed';
import { repeatErasures } from '../../../../scripts/lib/privacy/repeat-erasures';
import { delivered, email, openShop, tenant } from '../../../privacy/person';

const owned = { ownerId: 'user-1', customerId: 'user-1', ...delivered };

/** A shop in which a user was erased, before the table of keys went back to what it was then. */
const restored = async () => {
  const shop = openShop();
  await shop.keys.named(tenant, subjectOf.user('user-1'));
  await shop.place('ORD-000001', owned);
  await shop.place('ORD-000002', { ...delivered, ownerId: 'user-2' });
  const { Items = [] } = await shop.memory.db.send(new ScanCommand({ TableName: 'subject-keys' }));
  expect(await shop.run(await shop.request({ kind: 'user', userId: 'user-1' }))).toBe('erased');
  expect(await shop.read('ORD-000001')).toEqual({});
  for (const row of Items) shop.memory.table('subject-keys').put(row as never);
  expect(await shop.read('ORD-000001')).toMatchObject({ customerEmail: email });
  const repeat = {
    db: shop.memory.db,
    erasures: 'erasures',
    keys: 'subject-keys',
    dryRun: false,
    now: () => new Date(),
  };
  return { shop, repeat };
};

test('B-20 what a restore brings back is destroyed again, and nothing else', async () => {
  const { shop, repeat } = await restored();
  const reported: number[] = [];
  const done = await repeatErasures(repeat, (subjects) => reported.push(subjects));
  expect([done, reported]).toEqual([{ subjects: 2, keys: 3, back: 2 }, [1, 2]]); // nothing was sealed under the order's name
  expect(await shop.read('ORD-000001')).toEqual({});
  expect(await shop.newKeys().named(tenant, subjectOf.user('user-1'))).toBeUndefined();
  expect(await shop.read('ORD-000002')).toMatchObject({ customerEmail: email });
  expect(await repeatErasures(repeat, () => undefined)).toEqual({ subjects: 2, keys: 3, back: 0 });
});

test('B-20 a dry run counts, and destroys nothing', async () => {
  const { shop, repeat } = await restored();
  const done = await repeatErasures({ ...repeat, dryRun: true }, () => undefined);
  expect(done).toEqual({ subjects: 2, keys: 3, back: 2 });
  expect(await shop.read('ORD-000001')).toMatchObject({ customerEmail: email });
});

test('B-20 of one tenant alone, if asked', async () => {
  const { shop, repeat } = await restored();
  const none = { subjects: 0, keys: 0, back: 0 };
  expect(await repeatErasures({ ...repeat, tenant: 'shop-b' }, () => undefined)).toEqual(none);
  expect(await shop.read('ORD-000001')).toMatchObject({ customerEmail: email });
  expect((await repeatErasures({ ...repeat, tenant }, () => undefined)).back).toBe(2);
});
