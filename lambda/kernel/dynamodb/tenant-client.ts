import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { serviceUrl } from '../aws/aws-endpoint';
import { sendSigned } from '../aws/signed-request';
import type { Route } from '../http/route';
import { jitteredBackoff, retry } from '../retry';
import type { Tenant } from '../tenant';
import { ttlCache } from '../ttl-cache';
import { documentClient } from './dynamodb';

/** The variables of a function whose construct uses `allowForTenant`. */
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
  if (value === undefined) throw new Error(`the response of AssumeRole has no ${name}`);
  return value;
};

/** Parses the credentials from the XML response of AssumeRole. Throws when a field is missing. */
export const credentialsFrom = (xml: string): TenantCredentials => ({
  accessKeyId: field(xml, 'AccessKeyId'),
  secretAccessKey: field(xml, 'SecretAccessKey'),
  sessionToken: field(xml, 'SessionToken'),
  expiration: new Date(field(xml, 'Expiration')),
});

/** Returns the form body of AssumeRole, with a session tagged with the tenant. */
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
 * Assumes the function's tenant role for one tenant: the credentials give access to no other tenant's items. It is a
 * plain signed request, since the SDK's client would add 38 KB to the bundle.
 */
const assumeTenantRole = (role: TenantRole, tenant: Tenant): Promise<TenantCredentials> => {
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

/** Returns document clients that each access the items of one tenant only; they share their connections. */
export const tenantClients = (role: TenantRole): ((tenant: Tenant) => DynamoDBDocumentClient) => {
  const { requestHandler } = new DynamoDBClient({}).config;
  return (tenant) =>
    documentClient(new DynamoDBClient({ requestHandler, credentials: () => assumeTenantRole(role, tenant) }));
};

/**
 * Returns routes whose stores can access the items of the caller's tenant only. IAM refuses even a query that forgets
 * the tenant.
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
 * In `lib/`, `table.allowForTenant(handler, 'dynamodb:GetItem', …)` replaces `allow`: it creates the role and sets the
 * variables. Rows that do not belong to one tenant need a client and permissions of their own.
 */
export const tenantRoutes = <Name extends string>(
  clientOf: (tenant: Tenant) => DynamoDBDocumentClient,
  routesOf: (db: DynamoDBDocumentClient) => Readonly<Record<Name, Route>>,
): Readonly<Record<Name, Route>> => {
  const made = ttlCache<Readonly<Record<Name, Route>>>({ entries: maxTenants });

  const routesFor = (tenant: Tenant): Readonly<Record<Name, Route>> => {
    const known = made.get(tenant) ?? routesOf(clientOf(tenant));
    made.set(tenant, known);
    return known;
  };

  const names = Object.keys(routesOf(documentClient())) as Name[];
  const routeOf =
    (name: Name): Route =>
    (request) =>
      routesFor(request.caller.tenant)[name](request);
  return Object.fromEntries(names.map((name) => [name, routeOf(name)])) as Record<Name, Route>;
};
