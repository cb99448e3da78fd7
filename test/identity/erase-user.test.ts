import { eraseUser } from '../../lambda/identity/users/erase-user';
import { newUser } from '../../lambda/identity/users/user';
import { userStore } from '../../lambda/identity/users/user.store';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { memoryKeyRing } from '../support/key-ring';

const tenant = trustedTenant('shop-a');
const now = () => new Date('2026-11-22T08:00:00.000Z');
const email = 'taro@example.com';

const open = async () => {
  const { db } = memoryDynamoDb();
  const users = userStore('users', db, memoryKeyRing({ db }));
  const moment = { now: now(), correlationId: 'correlation-1', actor: 'user-1', network: undefined };
  const identity = {
    tenant,
    userId: 'user-1',
    email,
    emailVerified: true,
    displayName: '太郎',
    roles: ['customer'] as const,
  };
  await users.create(newUser(identity, moment));
  const deleted: string[] = [];
  let isDown = false;
  const directory = {
    setStatus: async (account: { readonly email: string }) => {
      if (isDown) throw new Error('it is down');
      deleted.push(account.email);
    },
  };
  const erase = eraseUser({ users, directory, newId: () => 'correlation-2', now });
  const down = (value: boolean) => {
    isDown = value;
  };
  return { users, deleted, erase, down };
};

const request = { tenantId: 'shop-a', userId: 'user-1' };

test('B-20 the account and the profile of a user are deleted, once', async () => {
  const { users, deleted, erase } = await open();
  expect(await erase(request)).toEqual({ erased: true });
  const user = await users.get({ tenant, userId: 'user-1' });
  expect(user).toMatchObject({ status: 'DELETED', version: 2 });
  expect(JSON.stringify(user)).not.toMatch(/taro|太郎/);
  expect(await erase(request)).toEqual({ erased: true });
  expect(deleted).toEqual([email]);
  expect((await users.get({ tenant, userId: 'user-1' }))?.version).toBe(2);
});

test('B-20 a user pool that fails leaves the profile, so that the account is found again', async () => {
  const { users, deleted, erase, down } = await open();
  down(true);
  await expect(erase(request)).rejects.toThrow('it is down');
  expect(await users.get({ tenant, userId: 'user-1' })).toMatchObject({ status: 'ACTIVE', email });
  down(false);
  await erase(request);
  expect(deleted).toEqual([email]);
});

test('B-20 P8 a user that there is not, also of another shop, is erased already', async () => {
  const { users, deleted, erase } = await open();
  expect(await erase({ ...request, tenantId: 'shop-b' })).toEqual({ erased: true });
  expect(await erase({ ...request, userId: 'nobody' })).toEqual({ erased: true });
  expect(deleted).toEqual([]);
  expect(await users.get({ tenant, userId: 'user-1' })).toMatchObject({ status: 'ACTIVE' });
});
