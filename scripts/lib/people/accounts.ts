import { createHmac, randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Role } from '../../../lambda/contracts/api/routes';
import { CommandError } from '../command';
import { clientOptions, resourcesOf, type System } from '../system/system';

/** The accounts of a deployed system: its user pool and the client that signs people in. */
export type Accounts = {
  readonly pool: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** Somebody who may sign in. */
export type Person = { readonly tenant: string; readonly email: string; readonly role: Role };

/** What every seed user of the local stage signs in with. */
export const seedPassword = 'Seed-user-1!';

/** Who each role is in the seeds. */
export const seedEmails: Readonly<Record<Role, string>> = {
  customer: 'customer@example.com',
  staff: 'staff@example.com',
  'tenant-admin': 'admin@example.com',
  'platform-admin': 'platform@example.com',
};

/** Returns undefined when the stack keeps no accounts: `-c auth=oidc` and `-c auth=none`. */
export const findAccounts = async (system: System): Promise<Accounts | undefined> => {
  const resources = await resourcesOf(system);
  const idOf = (type: string) => resources.find((resource) => resource.type === type)?.id;
  const [poolId, clientId] = [idOf('AWS::Cognito::UserPool'), idOf('AWS::Cognito::UserPoolClient')];
  if (poolId === undefined || clientId === undefined) return undefined;
  const pool = new CognitoIdentityProviderClient(clientOptions(system));
  const command = new DescribeUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId });
  const { UserPoolClient } = await pool.send(command);
  return { pool, poolId, clientId, clientSecret: UserPoolClient?.ClientSecret ?? '' };
};

const maxUserName = 128; // of a user pool

const userNameOf = ({ tenant, email }: Person): string => {
  const name = `${tenant}/${email.toLowerCase()}`;
  if (name.length > maxUserName) throw new CommandError(`${email}: too long for a seed user`);
  return name;
};

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** Makes the account, unless there is one. Returns whether it is new. */
const create = async ({ pool, poolId }: Accounts, person: Person): Promise<boolean> => {
  const UserAttributes = [
    { Name: 'email', Value: person.email.toLowerCase() },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'custom:tenant', Value: person.tenant },
  ];
  const named = { UserPoolId: poolId, Username: userNameOf(person) };
  try {
    await pool.send(new AdminCreateUserCommand({ ...named, UserAttributes, MessageAction: 'SUPPRESS' }));
    return true;
  } catch (error) {
    if (isNamed(error, 'UsernameExistsException')) return false;
    throw error;
  }
};

/** Makes sure that somebody with this password and role exists. */
export const enrol = async (accounts: Accounts, person: Person, password: string): Promise<void> => {
  const named = { UserPoolId: accounts.poolId, Username: userNameOf(person) };
  await create(accounts, person);
  await accounts.pool.send(new AdminSetUserPasswordCommand({ ...named, Password: password, Permanent: true }));
  await accounts.pool.send(new AdminAddUserToGroupCommand({ ...named, GroupName: person.role }));
};

/** The same on AWS, where no password is replaced. Returns the password, or undefined when the account is older. */
export const enrolNew = async (accounts: Accounts, person: Person): Promise<string | undefined> => {
  if (!(await create(accounts, person))) return undefined;
  const password = `aA1!${randomBytes(24).toString('base64url')}`;
  await enrol(accounts, person, password);
  return password;
};

const askPool = ({ pool, clientId, clientSecret }: Accounts, person: Person, password: string) => {
  const USERNAME = userNameOf(person);
  const SECRET_HASH = createHmac('sha256', clientSecret).update(`${USERNAME}${clientId}`).digest('base64');
  const AuthParameters = { USERNAME, PASSWORD: password, SECRET_HASH };
  return pool.send(new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
};

const setAppOf = ({ pool, poolId }: Accounts, person: Person, Enabled: boolean) => {
  const named = { UserPoolId: poolId, Username: userNameOf(person) };
  const SoftwareTokenMfaSettings = { Enabled, PreferredMfa: Enabled };
  return pool.send(new AdminSetUserMFAPreferenceCommand({ ...named, SoftwareTokenMfaSettings }));
};

/** The authenticator app of a user of the local stage is somebody else's: it is left out for this once. */
const askWithoutApp = async (accounts: Accounts, person: Person, password: string) => {
  await setAppOf(accounts, person, false);
  try {
    return await askPool(accounts, person, password);
  } finally {
    await setAppOf(accounts, person, true);
  }
};

/** Logs in a user of the local stage. Returns the ID token, which is the bearer token of the API. */
export const tokenOf = async (accounts: Accounts, person: Person, password: string): Promise<string> => {
  try {
    const first = await askPool(accounts, person, password);
    const hasApp = first.ChallengeName === 'SOFTWARE_TOKEN_MFA';
    const { AuthenticationResult } = hasApp ? await askWithoutApp(accounts, person, password) : first;
    if (AuthenticationResult?.IdToken) return AuthenticationResult.IdToken;
    throw new CommandError(`${person.email} must first set a password: POST /auth/forgot-password.`);
  } catch (error) {
    if (!isNamed(error, 'NotAuthorizedException')) throw error;
    throw new CommandError(`${person.email} of ${person.tenant}: wrong password, or the user is disabled.`);
  }
};
