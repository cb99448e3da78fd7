import type { CreateTenantRequest, UpdateTenantRequest } from '../../contracts/api/tenant-api';
import type { TenantSummary } from '../../contracts/events/tenant-events';
import { defaultSelling } from '../../contracts/values/selling';
import { accept, type Decision, reject } from '../../kernel/decision';
import { defaultLimits, type Origin, type TenantTerms } from '../../kernel/http/caller';
import { conflict, retryOnConflict } from '../../kernel/retry';
import type { Tenant } from '../../kernel/tenant';
import type { Expectation, Moment } from '../users/user';

/** A storefront key as stored: only its hash. */
export type StorefrontKey = { readonly keyId: string; readonly hash: string; readonly createdAt: string };

type TenantFact = 'TenantCreated' | 'TenantUpdated' | 'StorefrontKeysChanged';

/** A tenant: the settings of its shop, and its storefront keys. */
export type TenantAccount = Omit<TenantSummary, 'tenantId'> & {
  readonly tenant: Tenant;
  readonly storefrontKeys: readonly StorefrontKey[];
  /** Hash of the request that created the tenant, which makes a repeated request idempotent. */
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

/** Returns the first version of a tenant. */
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

const maxKeys = 2; // the one in use and its replacement

export type KeyRejection = 'too-many-keys' | 'unknown-key';

/** Adds a storefront key. Two may be valid at once, so that one can replace the other. Rejects a third. */
export const addStorefrontKey = (
  account: TenantAccount,
  key: StorefrontKey,
  moment: Moment,
): Decision<TenantAccount, KeyRejection> =>
  account.storefrontKeys.length >= maxKeys
    ? reject('too-many-keys')
    : accept(next(account, { storefrontKeys: [...account.storefrontKeys, key] }, 'StorefrontKeysChanged', moment));

/** Removes a storefront key. Rejects an unknown one. */
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

/** Returns the settings that every caller of the tenant carries; the defaults for an unknown tenant. */
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

/** A version to write. `write` returns false when the stored version has changed. */
export type Write = {
  readonly account: TenantAccount;
  readonly write: (account: TenantAccount) => Promise<boolean>;
};

/** Loads a tenant, decides and writes. Retries with a fresh read when it was changed in the meantime. */
export const changeTenant = async <Reason>(
  tenants: Tenants,
  tenant: Tenant,
  decide: (account: TenantAccount) => Decision<Write, Reason>,
): Promise<Decision<Write, Reason | 'unknown'>> =>
  retryOnConflict({ onExhausted: 'the tenant was changed concurrently on every attempt' }, async () => {
    const account = await tenants.get(tenant);
    if (account === undefined) return reject('unknown');
    const decision = decide(account);
    return !decision.accepted || (await decision.fact.write(decision.fact.account)) ? decision : conflict;
  });
