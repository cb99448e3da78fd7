import type * as z from 'zod';
import { issueWords } from '../../lambda/contracts/api/issue-words';
import { type Role, roles } from '../../lambda/contracts/api/routes';
import { Email } from '../../lambda/contracts/values/email';
import { TenantId } from '../../lambda/contracts/values/text';
import { CommandError, command, UsageError } from '../lib/command';
import {
  type Accounts,
  enrol,
  enrolNew,
  findAccounts,
  type Person,
  seedEmails,
  seedPassword,
  tokenOf,
} from '../lib/people/accounts';
import { tokenByApi } from '../lib/people/second-factor';
import { openTenant } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { print, printError } from '../lib/terminal';

const help = `
npm run --silent token -- --role ROLE [--tenant TENANT] [--email EMAIL]
                          [--aws [--stage STAGE] [--storefront-key KEY]]

Prints a bearer token, alone on standard output:
  TOKEN=$(npm run --silent token -- --role staff)
  curl -H "Authorization: Bearer $TOKEN" …

On the local stage the user and the tenant are made where they are missing, and every seed user has the password
${seedPassword}, also for POST /auth/log-in. A token is good for one hour.

  --role ROLE       ${roles.join(', ')}
  --tenant TENANT   whose user it is (default: default)
  --email EMAIL     whose token it is (default: ${roles.map((role) => seedEmails[role]).join(', ')})
  --aws             works on the stack on AWS, with the credentials of the environment. A user who is there already
                    keeps the password: give it as PASSWORD in the environment. A new one gets a random one
                    In prod staff and admins need an authenticator app: one is set up where there is none, and its
                    secret printed once. Later, give a code as TOTP_CODE or that secret as TOTP_SECRET
  --storefront-key KEY  a key of TENANT's shop, with --aws and another tenant than default
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const options = {
  role: { type: 'string' },
  tenant: { type: 'string' },
  email: { type: 'string' },
  'storefront-key': { type: 'string' },
  ...whereOptions,
} as const;

const check = (name: string, schema: z.ZodType<string>, value: string): string => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${name} "${value}": ${parsed.error.issues.map(issueWords).join('; ')}. See --help.`);
};

const roleFrom = (given: string | undefined): Role => {
  const role = roles.find((known) => known === given);
  if (role !== undefined) return role;
  throw new UsageError(
    `--role${given === undefined ? '' : ` "${given}"`}: must be one of ${roles.join(', ')}. See --help.`,
  );
};

const passwordOnAws = async (accounts: Accounts, person: Person): Promise<string> => {
  const { PASSWORD } = process.env;
  if (PASSWORD) return PASSWORD;
  const fresh = await enrolNew(accounts, person);
  if (fresh === undefined)
    throw new CommandError(`${person.email} is a user of ${person.tenant} already: give the password as PASSWORD=…`);
  printError(`${person.email} is new. Keep the password, it is shown once: ${fresh}`);
  return fresh;
};

const tokenOnAws = async ({ apiUrl }: System, accounts: Accounts, person: Person, storefrontKey?: string) => {
  if (person.tenant !== 'default' && storefrontKey === undefined)
    throw new UsageError(`--tenant ${person.tenant}: needs --storefront-key, a key of its shop. See --help.`);
  const { TOTP_CODE: totpCode, TOTP_SECRET: totpSecret } = process.env;
  const password = await passwordOnAws(accounts, person);
  return tokenByApi({ apiUrl, person, password, storefrontKey, totpCode, totpSecret });
};

command({ help, options }, async (given) => {
  if (given['storefront-key'] !== undefined && !given.aws)
    throw new UsageError('--storefront-key: goes with --aws. See --help.');
  const role = roleFrom(given.role);
  const tenant = check('--tenant', TenantId, given.tenant ?? 'default');
  const person = { role, tenant, email: check('--email', Email, given.email ?? seedEmails[role]) };
  const system = await findSystem(given);
  const accounts = await findAccounts(system);
  if (accounts === undefined)
    throw new CommandError('The accounts of this system are not its own (-c auth): get a token where they are kept.');
  if (given.aws) return print(await tokenOnAws(system, accounts, person, given['storefront-key']));
  await openTenant(system, accounts, tenant);
  await enrol(accounts, person, seedPassword);
  printError(`${person.email}, ${role} of ${tenant}; password ${seedPassword}`);
  print(await tokenOf(accounts, person, seedPassword));
});
