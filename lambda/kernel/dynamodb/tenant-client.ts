import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { serviceUrl } from '../aws/aws-endpoint';
import { sendSigned } from '../aws/signed-request';
import type { Route } from '../http/http';
import { jitteredBackoff, retry } from '../retry';
import type { Tenant } from '../tenant';
import { documentClient } from './dynamodb';

/** What a function's variables hold when its construct has used `allowForTenant`. */
export const tenantRoleEnv = z.object({ TENANT_ROLE_ARN: z.string().min(1) });
export type TenantRole = z.output<typeof tenantRoleEnv>;

export type TenantCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

const field = (xml: string, name: string): string => {
  const [, value] = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml) ?? [];
  if (value === undefined) throw new Error(`the answer to AssumeRole has no ${name}`);
  return value;
};

/** The credentials in an answer of STS. */
export const credentialsFrom = (xml: string): TenantCredentials => ({
  accessKeyId: field(xml, 'AccessKeyId'),
  secretAccessKey: field(xml, 'SecretAccessKey'),
  sessionToken: field(xml, 'SessionToken'),
  expiration: new Date(field(xml, 'Expiration')),
});

/** What STS is asked: the role, for a session that is tagged with the tenant. */
export const assumeRoleForm = (roleArn: string, tenant: Tenant): string =>
  new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: `tenant-${tenant}`,
    'Tags.member.1.Key': 'tenant',
    'Tags.member.1.Value': tenant,
  }).toString();

/**
 * Takes the function's tenant role for one tenant: these credentials scope no item of another one. A signed request, since
 * the SDK's client would add 38 KB to what is loaded.
 */
export const assumeTenantRole = (role: TenantRole, tenant: Tenant): Promise<TenantCredentials> => {
  const attempt = async () => {
    const response = await sendSigned({
      url: serviceUrl('sts'),
      service: 'sts',
      contentType: 'application/x-www-form-urlencoded',
      body: assumeRoleForm(role.TENANT_ROLE_ARN, tenant),
    });
    if (!response.ok) throw new Error(`STS answered AssumeRole with ${response.status}`);
    return credentialsFrom(await response.text());
  };
  return retry(attempt, () => true, { ...jitteredBackoff, attempts: 3 });
};

const maxTenants = 100; // per function: their credentials stay in memory until they expire

/** Document clients that each scope one tenant's items alone; all of them share their connections. */
export const tenantClients = (role: TenantRole): ((tenant: Tenant) => DynamoDBDocumentClient) => {
  const { requestHandler } = new DynamoDBClient({}).config;
  return (tenant) =>
    documentClient(new DynamoDBClient({ requestHandler, credentials: () => assumeTenantRole(role, tenant) }));
};

/**
 * Routes whose stores scope one tenant's items alone: the caller's. Even a query that forgets the tenant finds nothing of
 * another one, because IAM refuses it.
 *
 * ```ts
 * const clientOf = tenantClients(readEnv(tenantRoleEnv));
 * export const handler = serve(
 *   routes,
 *   tenantRoutes(clientOf, (db) => ({ getOrder: getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, db) }) })),
 *   middlewareOf(readEnv(middlewareEnv), documentClient()),
 * );
 * ```
 *
 * In `lib/`, `table.allowForTenant(handler, 'dynamodb:GetItem', …)` takes the place of `allow`: it makes the role and
 * sets the variables. What does not belong to one tenant keeps a client and permissions of its own.
 */
export const tenantRoutes = <Name extends string>(
  clientOf: (tenant: Tenant) => DynamoDBDocumentClient,
  routesOf: (db: DynamoDBDocumentClient) => Readonly<Record<Name, Route>>,
): Readonly<Record<Name, Route>> => {
  const made = new Map<Tenant, Readonly<Record<Name, Route>>>();

  const routesFor = (tenant: Tenant): Readonly<Record<Name, Route>> => {
    const known = made.get(tenant) ?? routesOf(clientOf(tenant));
    made.delete(tenant); // put last again: the one that was not asked for the longest comes first
    made.set(tenant, known);
    const [oldest] = made.keys();
    if (made.size > maxTenants && oldest !== undefined) made.delete(oldest);
    return known;
  };

  const names = Object.keys(routesOf(documentClient())) as Name[];
  const routeOf =
    (name: Name): Route =>
    (request) =>
      routesFor(request.caller.tenant)[name](request);
  return Object.fromEntries(names.map((name) => [name, routeOf(name)])) as Record<Name, Route>;
};
