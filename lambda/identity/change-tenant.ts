import { type Decision, reject } from '../kernel/decision';
import type { Tenant } from '../kernel/tenant';
import type { TenantAccount } from './tenant-account';

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
