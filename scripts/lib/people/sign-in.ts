import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { createClient } from '../../../clients/order-system';
import { type Role, roles } from '../../../lambda/contracts/api/routes';
import { CommandError, UsageError } from '../command';
import { call } from '../system/order-api';
import type { System } from '../system/system';
import { tablesOf } from '../system/tables';
import { type Accounts, enrol, findAccounts, seedEmails, seedPassword, tokenOf } from './accounts';

const platformAdmin = { tenant: 'default', email: seedEmails['platform-admin'], role: 'platform-admin' } as const;

/** Opens the shop of a tenant, unless it is open. Nobody but a platform admin may, so one is made first. */
export const openTenant = async (system: System, accounts: Accounts, tenant: string): Promise<void> => {
  await enrol(accounts, platformAdmin, seedPassword);
  const token = await tokenOf(accounts, platformAdmin, seedPassword);
  const { status, body } = await call(system, {
    method: 'POST',
    path: '/tenants',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ tenantId: tenant, name: tenant }),
  });
  if (status !== 201 && status !== 409)
    throw new CommandError(`POST ${system.apiUrl}/tenants: ${status} ${JSON.stringify(body)}`);
};

/** One user of each role in the default tenant. Doing it twice changes nothing. */
export const seedUsers = async (system: System, accounts: Accounts): Promise<void> => {
  await openTenant(system, accounts, 'default');
  for (const role of roles) await enrol(accounts, { tenant: 'default', email: seedEmails[role], role }, seedPassword);
};

/** Throws when nobody has opened a shop of this name. One that the seed has opened may have a storefront key alone. */
const requireTenant = async (system: System, tenant: string): Promise<void> => {
  const { db, called } = tablesOf(system);
  const query = {
    TableName: called('tenants'),
    FilterExpression: 'tenantId = :tenant OR storefrontTenant = :tenant',
    ExpressionAttributeValues: { ':tenant': tenant },
  };
  for await (const { Items = [] } of paginateScan({ client: db }, query)) if (Items.length > 0) return;
  throw new UsageError(`--tenant "${tenant}": there is no such tenant. See --help.`);
};

/** What a demo says: its shop is opened when it is not there. */
type Opening = { readonly opens?: boolean };

/**
 * Returns a token of the role. On AWS it is TOKEN of the environment, on the local stage a seed user's. Throws when the
 * tenant is not there, unless it `opens` the shop, as it does that of the tenant "default".
 */
export const tokenFor = async (
  system: System,
  tenant: string,
  role: Role,
  { opens = tenant === 'default' }: Opening = {},
): Promise<string> => {
  if (process.env.TOKEN) return process.env.TOKEN;
  const accounts = await findAccounts(system);
  if (system.endpoint === undefined || accounts === undefined)
    throw new CommandError(`A token of role ${role} is needed: TOKEN=… in the environment. See npm run token.`);
  const person = { tenant, role, email: seedEmails[role] };
  await (opens ? openTenant(system, accounts, tenant) : requireTenant(system, tenant));
  await enrol(accounts, person, seedPassword);
  return tokenOf(accounts, person, seedPassword);
};

/** The API as somebody of a tenant uses it. */
export const clientFor = async (system: System, tenant: string, role: Role, opening?: Opening) =>
  createClient({ baseUrl: system.apiUrl, token: await tokenFor(system, tenant, role, opening) });

export type SignedIn = Awaited<ReturnType<typeof clientFor>>;
