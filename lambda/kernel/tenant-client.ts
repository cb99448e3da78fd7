import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from './dynamodb';
import type { Route } from './http';
import type { Tenant } from './tenant';
import { assumeTenantRole, type TenantRole } from './tenant-role';

const maxTenants = 100; // per function: their credentials stay in memory until they expire

/** Document clients that each reach one tenant's items alone; all of them share their connections. */
export const tenantClients = (role: TenantRole): ((tenant: Tenant) => DynamoDBDocumentClient) => {
  const { requestHandler } = new DynamoDBClient({}).config;
  return (tenant) =>
    documentClient(new DynamoDBClient({ requestHandler, credentials: () => assumeTenantRole(role, tenant) }));
};

/**
 * Routes whose stores reach one tenant's items alone: the caller's. Even a query that forgets the tenant finds nothing of
 * another one, because IAM refuses it.
 *
 * ```ts
 * const clientOf = tenantClients(readEnv(tenantRoleEnv));
 * export const handler = serve(
 *   routes,
 *   tenantRoutes(clientOf, (db) => ({ getOrder: getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, db) }) })),
 *   edgeOf(readEnv(edgeEnv), documentClient()),
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
