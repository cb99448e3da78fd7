import { createHash, randomUUID } from 'node:crypto';
import {
  addStorefrontKey,
  dropStorefrontKey,
  openTenant,
  type TenantAccount,
  updateTenant,
} from '../../lambda/identity/tenants/tenant';
import type { TenantStore } from '../../lambda/identity/tenants/tenant.store';
import { trustedTenant } from '../../lambda/kernel/tenant';

const at = { now: new Date(Date.UTC(2026, 10, 21, 8)), correlationId: 'request-1' };
const settings = {
  name: '花屋',
  currency: 'JPY',
  taxRatesBps: { standard: 1000, reduced: 800 },
  backorders: 'allowed' as const,
  limits: { tenantPerMinute: 6000, callerPerMinute: 1200 },
  payments: 'offline' as const,
};
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

/** What the store of tenants does. */
export const tenantStoreContract = (name: string, make: () => TenantStore) => {
  describe(`${name}: a store of tenants`, () => {
    const tenants = make();
    const opened = async (): Promise<TenantAccount> => {
      const account = openTenant(trustedTenant(`t-${randomUUID().slice(0, 8)}`), settings, 'hash', at);
      expect(await tenants.create(account)).toBe(true);
      return account;
    };
    const newKey = () => {
      const key = `sk-${randomUUID()}`;
      const hash = createHash('sha256').update(key).digest('hex');
      return { key, row: { keyId: `key-${hash.slice(0, 12)}`, hash, createdAt: at.now.toISOString() } };
    };
    const withKey = async (account: TenantAccount, row: ReturnType<typeof newKey>['row']): Promise<TenantAccount> => {
      const decision = addStorefrontKey(account, row, at);
      if (!decision.accepted) throw new Error(decision.reason);
      expect(await tenants.saveWithKey(decision.fact, row)).toBe(true);
      return decision.fact;
    };

    test('gives back what it was given, and opens a tenant once', async () => {
      const account = await opened();
      expect(plain(await tenants.get(account.tenant))).toEqual(plain(account));
      expect(await tenants.create({ ...account, name: 'B' })).toBe(false);
    });

    test('refuses a change that builds on an older version', async () => {
      const account = await opened();
      const decision = updateTenant(account, { status: 'SUSPENDED' }, {}, at);
      const changed = decision.accepted ? decision.fact : account;
      expect([await tenants.save(changed), await tenants.save(changed)]).toEqual([true, false]);
      expect((await tenants.get(account.tenant))?.status).toBe('SUSPENDED');
    });

    test('a storefront key opens its shop from when it is made until it is deleted, while another one goes on', async () => {
      const [one, other] = [newKey(), newKey()];
      const account = await opened();
      const both = await withKey(await withKey(account, one.row), other.row);
      expect([await tenants.ofStorefront(one.key), await tenants.ofStorefront(other.key)]).toEqual([
        account.tenant,
        account.tenant,
      ]);
      const dropped = dropStorefrontKey(both, one.row.keyId, at);
      if (!dropped.accepted) throw new Error(dropped.reason);
      expect(await tenants.saveWithoutKey(dropped.fact.account, dropped.fact.key)).toBe(true);
      expect([await tenants.ofStorefront(one.key), await tenants.ofStorefront(other.key)]).toEqual([
        undefined,
        account.tenant,
      ]);
    });

    test('a key is not made when somebody else changed the tenant first', async () => {
      const { key, row } = newKey();
      const account = await opened();
      const decision = addStorefrontKey({ ...account, version: 7 }, row, at);
      if (!decision.accepted) throw new Error(decision.reason);
      expect(await tenants.saveWithKey(decision.fact, row)).toBe(false);
      expect(await tenants.ofStorefront(key)).toBeUndefined();
    });

    test('an unknown key opens nothing', async () => expect(await tenants.ofStorefront('unknown')).toBeUndefined());

    test('lists every tenant by its name, page by page, and no keys', async () => {
      const account = await opened();
      await withKey(account, newKey().row);
      const names: string[] = [];
      let after: string | undefined;
      do {
        const page: Awaited<ReturnType<TenantStore['list']>> = await tenants.list({ limit: 2, after });
        names.push(...page.items.map(({ tenant }) => tenant));
        after = page.next;
      } while (after !== undefined);
      expect(names).toContain(account.tenant);
      expect(names).toEqual([...new Set(names)].sort());
      expect(names.join()).not.toContain('#');
    });
  });
};
