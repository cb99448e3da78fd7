import { roles } from '../../../lambda/contracts/routes';
import { CommandError } from '../command';
import { call } from '../system/order-api';
import type { System } from '../system/system';
import { type Accounts, enrol, seedEmails, seedPassword, tokenOf } from './accounts';

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
