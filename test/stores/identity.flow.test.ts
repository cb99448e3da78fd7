import { tenantStore } from '../../lambda/identity/tenants/tenant.store';
import { userStore } from '../../lambda/identity/users/user.store';
import { leaseStore } from '../../lambda/kernel/http/rate-limit.store';
import { db } from '../support/flow';
import { tenantStoreContract } from './tenant-store.contract';
import { userStoreContract } from './user-store.contract';

userStoreContract('DynamoDB', () => userStore('users', db));
tenantStoreContract('DynamoDB', () => tenantStore('tenants', db));

test('S3-52 the leases of one window are never more than its limit', async () => {
  const { lease } = leaseStore('rate-limits', db);
  const bucket = `t-test#${Date.now()}`;
  const asked = { bucket, block: 20, limit: 100, expiresAt: new Date(Date.now() + 60_000) };
  const granted = await Promise.all(Array.from({ length: 9 }, () => lease(asked)));
  expect(granted.filter(Boolean)).toHaveLength(5);
});
