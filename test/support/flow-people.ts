import { randomUUID } from 'node:crypto';
import { createClient } from '../../clients/order-system';
import type { Role } from '../../lambda/contracts/api/routes';
import { type Accounts, enrol, findAccounts, seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { openTenant } from '../../scripts/lib/people/sign-in';
import type { System } from '../../scripts/lib/system/system';
import { apiUrl, documentedFetch, endpoint } from './flow';

const system: System = { endpoint, region: 'us-east-1', apiUrl, topicArns: {}, queueUrls: {}, tableNames: [] };

/** Where the people of the flow tests sign in. */
export const accounts = async (): Promise<Accounts> => {
  const found = await findAccounts(system);
  if (found === undefined) throw new Error('the stack keeps no accounts');
  return found;
};

/** Opens a shop of its own by the API, as a platform admin does; answers with its tenant. */
export const openTenantByApi = async (): Promise<string> => {
  const tenant = `t-${randomUUID().slice(0, 8)}`;
  await openTenant(system, await accounts(), tenant);
  return tenant;
};

/** The API as somebody uses it who has logged in; a name of its own for each. */
export const signedIn = async (tenant: string, role: Role, name = randomUUID().slice(0, 8)) => {
  const email = `${name}@example.com`;
  const own = await accounts();
  await enrol(own, { tenant, role, email }, seedPassword);
  const token = await tokenOf(own, { tenant, role, email }, seedPassword);
  return { email, token, client: createClient({ baseUrl: apiUrl, token, fetch: documentedFetch }) };
};

export type Person = Awaited<ReturnType<typeof signedIn>>;
