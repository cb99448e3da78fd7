import type { CreateTenantRequest, UpdateTenantRequest } from '../../contracts/tenant-api';
import type { TenantEvent, TenantSummary } from '../../contracts/tenant-events';
import { accept, type Decision, reject } from '../../kernel/decision';
import { defaultLimits, defaultSelling, type Origin, type TenantTerms } from '../../kernel/http/caller';
import type { Tenant } from '../../kernel/tenant';
import type { Expectation, Moment } from '../users/user';
import { isStorefrontRow, type StorefrontRow, storefrontFromRow, tenantFromRow } from './tenant.store';

/** A storefront key as it is known after it was shown: by its hash. */
export type StorefrontKey = { readonly keyId: string; readonly hash: string; readonly createdAt: string };

export type TenantFact = 'TenantCreated' | 'TenantUpdated' | 'StorefrontKeysChanged';

/** A tenant: how its shop is run, and the keys that open it. */
export type TenantAccount = Omit<TenantSummary, 'tenantId'> & {
  readonly tenant: Tenant;
  readonly storefrontKeys: readonly StorefrontKey[];
  /** Of the request that opened the shop: the same one sent again opens nothing more. */
  readonly requestHash: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly correlationId: string;
  readonly fact: { readonly type: TenantFact } & Origin;
};

type Change = Partial<TenantAccount>;

const next = (account: TenantAccount, change: Change, type: TenantFact, moment: Moment): TenantAccount => ({
  ...account,
  ...change,
  version: account.version + 1,
  updatedAt: moment.now.toISOString(),
  correlationId: moment.correlationId,
  fact: { type, actor: moment.actor, network: moment.network },
});

/** A shop that is open from now on. */
export const openTenant = (
  tenant: Tenant,
  settings: Omit<CreateTenantRequest, 'tenantId' | 'admin'>,
  requestHash: string,
  { now, correlationId, actor, network }: Moment,
): TenantAccount => ({
  ...settings,
  tenant,
  status: 'ACTIVE',
  storefrontKeys: [],
  requestHash,
  createdAt: now.toISOString(),
  updatedAt: now.toISOString(),
  version: 1,
  correlationId,
  fact: { type: 'TenantCreated', actor, network },
});

export type UpdateRejection = 'version-mismatch' | 'precondition-failed';

/** Suspends, resumes or configures a tenant. */
export const updateTenant = (
  account: TenantAccount,
  { backorderHours, ...change }: Omit<UpdateTenantRequest, 'expectedVersion'>,
  { expectedVersion, ifMatch }: Expectation,
  moment: Moment,
): Decision<TenantAccount, UpdateRejection> => {
  if (ifMatch !== undefined && ifMatch !== account.version) return reject('precondition-failed');
  if (expectedVersion !== undefined && expectedVersion !== account.version) return reject('version-mismatch');
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Change;
  const hours = backorderHours === undefined ? account.backorderHours : (backorderHours ?? undefined);
  return accept(next(account, { ...given, backorderHours: hours }, 'TenantUpdated', moment));
};

const maxKeys = 2; // the one in use and the one that takes its place

export type KeyRejection = 'too-many-keys' | 'unknown-key';

/** Adds a storefront key, so that it can take the place of another one while both are good. */
export const addStorefrontKey = (
  account: TenantAccount,
  key: StorefrontKey,
  moment: Moment,
): Decision<TenantAccount, KeyRejection> =>
  account.storefrontKeys.length >= maxKeys
    ? reject('too-many-keys')
    : accept(next(account, { storefrontKeys: [...account.storefrontKeys, key] }, 'StorefrontKeysChanged', moment));

/** Takes a storefront key away. */
export const dropStorefrontKey = (
  account: TenantAccount,
  keyId: string,
  moment: Moment,
): Decision<{ account: TenantAccount; key: StorefrontKey }, KeyRejection> => {
  const key = account.storefrontKeys.find((one) => one.keyId === keyId);
  if (key === undefined) return reject('unknown-key');
  const storefrontKeys = account.storefrontKeys.filter((one) => one !== key);
  return accept({ account: next(account, { storefrontKeys }, 'StorefrontKeysChanged', moment), key });
};

/** What each caller of the tenant brings with it. A tenant that nobody has opened yet has the defaults. */
export const termsOf = (account: TenantAccount | undefined): Required<TenantTerms> => ({
  limits: account?.limits ?? defaultLimits,
  selling:
    account === undefined
      ? defaultSelling
      : {
          currency: account.currency,
          standardTaxBps: account.taxRatesBps.standard,
          reducedTaxBps: account.taxRatesBps.reduced,
        },
  suspended: account?.status === 'SUSPENDED',
  payments: account?.payments ?? 'offline',
});

export type Tenants = { readonly get: (tenant: Tenant) => Promise<TenantAccount | undefined> };

/** What to write, and how. `write` answers false when somebody else wrote first. */
export type Write = {
  readonly account: TenantAccount;
  readonly write: (account: TenantAccount) => Promise<boolean>;
};

const maxTries = 8;

/** Loads a tenant, decides and writes; decides again when somebody else wrote first. */
export const changeTenant = async <Reason>(
  tenants: Tenants,
  tenant: Tenant,
  decide: (account: TenantAccount) => Decision<Write, Reason>,
): Promise<Decision<Write, Reason | 'unknown'>> => {
  for (let tried = 0; tried < maxTries; tried += 1) {
    const account = await tenants.get(tenant);
    if (account === undefined) return reject('unknown');
    const decision = decide(account);
    if (!decision.accepted || (await decision.fact.write(decision.fact.account))) return decision;
  }
  throw new Error(`the tenant was changed by others ${maxTries} times`);
};

type Written = Pick<TenantAccount, 'version' | 'updatedAt' | 'correlationId'> & { readonly fact: Origin };

const envelope = (tenant: string, subject: string, { version, updatedAt, correlationId, fact }: Written) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${subject}:${version}`,
  source: '/tenants',
  subject,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: correlationId,
  actor: fact.actor,
  network: fact.network,
});

const keyEvent = (row: StorefrontRow): TenantEvent => {
  const { keyTenant, keyId, hash, version, fact } = row;
  const data = { tenantId: keyTenant, keyId, hash, version };
  return { ...envelope(keyTenant, keyId, row), type: `${fact.type}.v1`, data };
};

const accountEvent = (account: TenantAccount): TenantEvent | undefined => {
  const { tenant, version, fact, name, status, currency, taxRatesBps, backorders, backorderHours, limits, payments } =
    account;
  if (fact.type === 'StorefrontKeysChanged') return undefined; // the key's own row tells of it
  const settings = { name, status, currency, taxRatesBps, backorders, backorderHours, limits, payments };
  return {
    ...envelope(tenant, tenant, account),
    type: `${fact.type}.v1`,
    data: { tenantId: tenant, version, ...settings },
  };
};

/** The event that the newest fact of a tenant or a storefront key stands for; nothing when it is not for others. */
export const tenantEvent = (image: Record<string, unknown>): TenantEvent | undefined =>
  isStorefrontRow(image) ? keyEvent(storefrontFromRow(image)) : accountEvent(tenantFromRow(image));
