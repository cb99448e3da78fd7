import { randomUUID } from 'node:crypto';
import { changeAccess, changeProfile, newUser, type User, type UserKey } from '../../lambda/identity/users/user';
import type { UserStore } from '../../lambda/identity/users/user.store';
import { trustedTenant } from '../../lambda/kernel/tenant';

const at = (minute: number) => ({ now: new Date(Date.UTC(2026, 10, 21, 8, minute)), correlationId: 'request-1' });
const email = 'hanako@example.com';
const person = { emailVerified: true, email, displayName: undefined, roles: ['customer'] as const };

const accepted = (decision: { accepted: boolean; fact?: User }): User => {
  if (decision.fact === undefined) throw new Error('refused');
  return decision.fact;
};

/** What every store of users does. */
export const userStoreContract = (name: string, make: () => Pick<UserStore, 'get' | 'create' | 'save' | 'list'>) => {
  describe(`${name}: a store of users`, () => {
    const users = make();
    const fresh = (): UserKey => ({ tenant: trustedTenant(`t-${randomUUID().slice(0, 8)}`), userId: randomUUID() });
    const stored = async (key = fresh(), minute = 0) => {
      const user = newUser({ ...key, ...person }, at(minute));
      await users.create(user);
      return user;
    };

    test('S3-01 gives back what it was given, field by field', async () => {
      const user = await stored();
      const profile = { firstName: '花子', preferences: { newsletter: true, size: 3 } };
      const changed = accepted(changeProfile(user, profile, {}, at(1)));
      expect(await users.save(changed)).toBe(true);
      expect(JSON.parse(JSON.stringify(await users.get(user)))).toEqual(JSON.parse(JSON.stringify(changed)));
    });

    test('S3-01 knows a user once: a second one of the same ID is refused', async () => {
      const user = await stored();
      expect(await users.create({ ...user, displayName: 'x' })).toBe(false);
      expect((await users.get(user))?.displayName).toBeUndefined();
    });

    test('refuses a change that builds on an older version', async () => {
      const user = await stored();
      const [one, other] = [at(1), at(2)].map((moment) =>
        accepted(changeAccess(user, { status: 'DISABLED' }, {}, moment)),
      );
      expect(await users.save(one as User)).toBe(true);
      expect(await users.save(other as User)).toBe(false);
    });

    test('refuses a change of a user that is not there', async () => {
      const user = newUser({ ...fresh(), ...person }, at(0));
      expect(await users.save({ ...user, version: 2 })).toBe(false);
    });

    test('P8 knows a user in its own tenant alone', async () => {
      const user = await stored();
      expect(await users.get({ ...user, tenant: fresh().tenant })).toBeUndefined();
    });

    test('P8 lists the users of one tenant page by page, the newest first', async () => {
      const { tenant } = fresh();
      const other = await stored();
      const made = [];
      for (const minute of [1, 2, 3]) made.push(await stored({ tenant, userId: `user-${minute}` }, minute));
      const first = await users.list({ tenant, limit: 2 });
      const second = await users.list({ tenant, limit: 2, after: first.next });
      expect([...first.items, ...second.items].map(({ userId }) => userId)).toEqual(['user-3', 'user-2', 'user-1']);
      expect(first.items).toHaveLength(2);
      expect([...first.items, ...second.items].map(({ tenant: of }) => of)).not.toContain(other.tenant);
    });
  });
};
