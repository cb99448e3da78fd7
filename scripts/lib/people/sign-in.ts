import { createClient } from '../../../clients/order-system';
import type { Role } from '../../../lambda/contracts/routes';
import { CommandError } from '../command';
import type { System } from '../system/system';
import { enrol, findAccounts, seedEmails, seedPassword, tokenOf } from './accounts';
import { openTenant } from './seed-users';

/** Somebody's token. On AWS it is the one in the environment, as TOKEN; on the local stage a seed user's. */
export const tokenFor = async (system: System, tenant: string, role: Role): Promise<string> => {
  if (process.env.TOKEN) return process.env.TOKEN;
  const accounts = await findAccounts(system);
  if (system.endpoint === undefined || accounts === undefined)
    throw new CommandError(`A token of role ${role} is needed: TOKEN=… in the environment. See npm run token.`);
  const person = { tenant, role, email: seedEmails[role] };
  await openTenant(system, accounts, tenant);
  await enrol(accounts, person, seedPassword);
  return tokenOf(accounts, person, seedPassword);
};

/** The API as somebody of a tenant uses it. */
export const clientFor = async (system: System, tenant: string, role: Role) =>
  createClient({ baseUrl: system.apiUrl, token: await tokenFor(system, tenant, role) });

export type SignedIn = Awaited<ReturnType<typeof clientFor>>;
