import {
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { eventually } from './flow';
import { accounts, openTenantByApi, signedIn } from './flow-people';
import type { Victim } from './victim';

/** Somebody who tries to learn of the victim's or to change it. */
export type Attacker = {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether what the victim's shop shows to its guests may be seen. */
  readonly maySeeShop: boolean;
  /** Whether the credentials are good for nothing at all. */
  readonly refused: boolean;
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A token of the victim itself whose time is over: the pool gives it two seconds. */
const expiredToken = async ({ tenant, customer }: Victim): Promise<string> => {
  const { pool, poolId, clientId, clientSecret } = await accounts();
  const client = { UserPoolId: poolId, ClientId: clientId };
  const person = { tenant, role: 'customer', email: customer.email } as const;
  const short = { IdTokenValidity: 2, TokenValidityUnits: { IdToken: 'seconds' as const } };
  const usual = { IdTokenValidity: 60, TokenValidityUnits: { IdToken: 'minutes' as const } };
  await pool.send(new UpdateUserPoolClientCommand({ ...client, ...short }));
  try {
    return await tokenOf({ pool, poolId, clientId, clientSecret }, person, seedPassword);
  } finally {
    await pool.send(new UpdateUserPoolClientCommand({ ...client, ...usual }));
  }
};

/** A token of the victim itself that the same pool has signed for another application. */
const tokenForAnother = async ({ tenant, customer }: Victim): Promise<string> => {
  const { pool, poolId } = await accounts();
  const settings = {
    ClientName: 'another',
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH' as const],
  };
  const { UserPoolClient } = await pool.send(new CreateUserPoolClientCommand({ UserPoolId: poolId, ...settings }));
  const { ClientId: clientId = '', ClientSecret: clientSecret = '' } = UserPoolClient ?? {};
  try {
    const person = { tenant, role: 'customer', email: customer.email } as const;
    return await tokenOf({ pool, poolId, clientId, clientSecret }, person, seedPassword);
  } finally {
    await pool.send(new DeleteUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId }));
  }
};

/** The key of a third shop: whom its guests sign up there, nobody else sees. */
const guestKey = async (): Promise<string> => {
  const tenant = await openTenantByApi();
  const { client } = await signedIn(tenant, 'tenant-admin');
  const { status, body } = await client.createStorefrontKey({ params: { tenantId: tenant } });
  if (status === 201) return body.storefrontKey;
  throw new Error(`no storefront key: ${JSON.stringify(body)}`);
};

/** Everybody who is neither the victim nor works for its shop. */
export const attackersOf = async (victim: Victim): Promise<Attacker[]> => {
  const tenant = await openTenantByApi();
  const expired = await expiredToken(victim);
  const foreign = await tokenForAnother(victim);
  const [sibling, customer, staff, admin] = await Promise.all([
    signedIn(victim.tenant, 'customer'),
    signedIn(tenant, 'customer'),
    signedIn(tenant, 'staff'),
    signedIn(tenant, 'tenant-admin'),
  ]);
  const stranger = { maySeeShop: false, refused: false };
  const forged = { maySeeShop: false, refused: true };
  return [
    { name: 'another customer of the shop', headers: bearer(sibling.token), maySeeShop: true, refused: false },
    { name: "another shop's customer", headers: bearer(customer.token), ...stranger },
    { name: "another shop's staff", headers: bearer(staff.token), ...stranger },
    { name: "another shop's admin", headers: bearer(admin.token), ...stranger },
    { name: 'nobody in particular', headers: {}, ...stranger },
    { name: "another shop's guest", headers: { 'x-storefront-key': await guestKey() }, ...stranger },
    { name: 'an expired token', headers: bearer(expired), ...forged },
    { name: 'a token for another application', headers: bearer(foreign), ...forged },
  ];
};

/** Waits until a token is refused everywhere: it is remembered for a while. */
export const untilRefused = ({ headers }: Attacker, ask: (headers: Attacker['headers']) => Promise<number>) =>
  eventually('the token is refused', async () => (await ask(headers)) === 401, 120_000);
