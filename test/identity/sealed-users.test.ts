import { subjectOf } from '../../lambda/contracts/values/sealed';
import { changeProfile, newUser, personalFields, type User, userEvent } from '../../lambda/identity/users/user';
import { userStore } from '../../lambda/identity/users/user.store';
import { userFromRow } from '../../lambda/identity/users/user-row';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { memoryKeyRing, memoryKeyService } from '../support/key-ring';
import { at, hanako, shopA, storedUser } from './people';

const address = { street: '神南1-2-3', city: '渋谷区', postalCode: '150-0041', country: 'JP', name: '山田 花子' };
const profile = {
  firstName: '花子',
  lastName: '山田',
  phoneNumber: '+81312345678',
  address,
  preferences: { newsletter: true, size: 3 },
  avatar: 'https://example.com/hanako.png',
};

/** Hanako with all that a user may tell of themselves. */
const whole = (): User => {
  const decision = changeProfile(newUser(hanako, at()), profile, {}, at(1));
  if (!decision.accepted) throw new Error('refused');
  return { ...decision.fact, version: 1, fact: { type: 'UserProfileCreated' } };
};

const table = () => {
  const { db, table: named } = memoryDynamoDb();
  const keyService = memoryKeyService();
  const ring = () => memoryKeyRing({ db, keyService });
  const rows = named('users');
  return { db, ring, rows, store: () => userStore('users', db, ring()) };
};

const key = { tenant: shopA, userId: hanako.userId };

describe('B-20 what is kept about a user', () => {
  test('is sealed in the row and in its event, each field of it, and opened for whoever reads the user', async () => {
    const { rows, store } = table();
    await store().create(whole());
    const row = rows.get({ userId: 'shop-a#hanako-1' }) as Record<string, unknown>;
    const event = userEvent(userFromRow(row));
    expect(JSON.stringify([row, event])).not.toMatch(/hanako@|花子|山田|神南|8131|newsletter|png/);
    for (const field of personalFields)
      expect([field, row[field]]).toEqual([field, expect.stringMatching(/^sealed\./)]);
    expect(JSON.parse(JSON.stringify(await store().get(key)))).toEqual(JSON.parse(JSON.stringify(whole())));
  });

  test('of before sealing is read as it was, and sealed by the next change', async () => {
    const { rows, store } = table();
    const before = JSON.parse(JSON.stringify({ ...whole(), tenant: 'shop-a', userId: 'shop-a#hanako-1' }));
    rows.put(before);
    const user = await store().get(key);
    expect(user).toMatchObject({ email: hanako.email, ...profile });
    const changed = changeProfile(user as User, { firstName: 'Hanako' }, {}, at(2));
    if (changed.accepted) await store().save(changed.fact);
    expect(JSON.stringify(rows.get({ userId: 'shop-a#hanako-1' }))).not.toMatch(/Hanako|hanako@|神南/);
  });

  test('is gone with the key: the user is read without it, and nothing more of it is stored', async () => {
    const { ring, rows, store } = table();
    await store().create(whole());
    await ring().destroy(shopA, { keys: subjectOf.user(hanako.userId), number: 0 });
    const user = await store().get(key);
    expect(personalFields.map((field) => user?.[field])).toEqual(personalFields.map(() => undefined));
    expect(user).toMatchObject({ status: 'ACTIVE', version: 1 });
    await store().save({ ...whole(), version: 2 });
    const row = rows.get({ userId: 'shop-a#hanako-1' }) as Record<string, unknown>;
    expect(personalFields.filter((field) => row[field] !== undefined)).toEqual([]);
  });

  test('who signs up again with the same address is somebody else', async () => {
    const { ring, store } = table();
    await store().create(whole());
    await ring().destroy(shopA, { keys: subjectOf.user(hanako.userId), number: 0 });
    await store().create({ ...whole(), userId: 'hanako-2' });
    expect((await store().get({ ...key, userId: 'hanako-2' }))?.email).toBe(hanako.email);
    expect((await store().get(key))?.email).toBeUndefined();
  });

  test('is not stored and not shown while the keys cannot be read', async () => {
    const { db, rows, store } = table();
    const down = async () => Promise.reject(new Error('KMS is down'));
    const failing = userStore('users', db, memoryKeyRing({ db, keyService: { generate: down, unwrap: down } }));
    await expect(failing.create(whole())).rejects.toThrow('KMS is down');
    expect(rows.get({ userId: 'shop-a#hanako-1' })).toBeUndefined();
    await store().create(whole());
    await expect(failing.get(key)).rejects.toThrow('KMS is down');
    await expect(failing.list({ tenant: shopA, limit: 5 })).rejects.toThrow('KMS is down');
  });

  test('an event of before is told as the newest version', () => {
    expect(userEvent(storedUser(whole()))?.type).toBe('UserProfileCreated.v2');
  });
});
