import type { Scope } from '../contracts/api/routes';
import type { Credential } from '../kernel/http/ask-authorizer';
import type { Caller } from '../kernel/http/caller';
import { type Tenant, tenantKey } from '../kernel/tenant';

/** The longest lifetime of a connection at API Gateway. */
const longestMs = 2 * 60 * 60 * 1000;

/** A connected client, identified by its verified credentials. */
export type Connection = {
  readonly connectionId: string;
  readonly tenant: Tenant;
  /** Missing for a guest. */
  readonly userId?: string | undefined;
  /** `tenant` gives access to the whole tenant, `own` to the user's orders and those whose tracking token it sends. */
  readonly scope: Scope;
  /** No frame is sent from then on. */
  readonly validUntil: string;
  /** The credential that it was opened with. Older rows lack it. */
  readonly credential?: Credential | undefined;
};

/** The target of a subscription: one order, all orders of the tenant, or the access of the connection's own user. */
export type Target = { readonly orderId: string } | { readonly feed: true } | { readonly userId: string };

/** A subscription of one connection. */
export type Subscription = Pick<Connection, 'connectionId' | 'validUntil' | 'credential'> & {
  /** Starts with the tenant of the connection's credential, never with a tenant from a frame. */
  readonly subject: string;
};

/** Returns the key of a target: `shop-a#ORD-000001`, `shop-a#FEED` or `shop-a#USER#<user ID>`. */
export const subjectOf = (tenant: Tenant, target: Target): string => {
  if ('userId' in target) return tenantKey(tenant, `USER#${target.userId}`);
  return tenantKey(tenant, 'feed' in target ? 'FEED' : target.orderId);
};

export const subscriptionOf = (
  { connectionId, tenant, validUntil, credential }: Connection,
  target: Target,
): Subscription => ({
  connectionId,
  validUntil,
  credential,
  subject: subjectOf(tenant, target),
});

/** Returns the implicit subscription to the access of the connection's user, undefined for a guest. */
export const ownSubscription = (connection: Connection): Subscription | undefined =>
  connection.userId === undefined ? undefined : subscriptionOf(connection, { userId: connection.userId });

export const isValid = ({ validUntil }: Pick<Connection, 'validUntil'>, now: Date): boolean =>
  now.toISOString() < validUntil;

/** Returns the times in a verified token, in epoch seconds. */
const timesOf = (token: string): Partial<Record<'exp' | 'iat' | 'auth_time', number>> => {
  const [, payload = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const times = typeof claims === 'object' && claims !== null ? Object.entries(claims) : [];
  return Object.fromEntries(
    times.filter(([name, at]) => ['exp', 'iat', 'auth_time'].includes(name) && typeof at === 'number'),
  );
};

/** Returns the credential of a connection, which is checked again while the connection is open. */
export const credentialOf = (
  { tenant, userId, sessionId }: Caller,
  { token, storefrontKey }: { readonly token?: string | undefined; readonly storefrontKey?: string | undefined },
): Credential => {
  if (userId === undefined || token === undefined) return { tenant, storefrontKey };
  const { iat, auth_time } = timesOf(token);
  return { tenant, userId, sessionId, issuedAt: iat, loggedInAt: auth_time };
};

/** Returns when a connection ends: after two hours, or when its token expires before that. */
export const validUntil = (token: string | undefined, now: Date): string => {
  const longest = now.getTime() + longestMs;
  const expiry = token === undefined ? undefined : timesOf(token).exp;
  return new Date(Math.min(longest, expiry === undefined ? longest : expiry * 1000)).toISOString();
};
