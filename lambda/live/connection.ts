import type { Credential } from '../kernel/http/ask-authorizer';
import type { Caller } from '../kernel/http/caller';
import type { Scope } from '../kernel/http/http';
import { type Tenant, tenantKey } from '../kernel/tenant';

/** How long API Gateway keeps a connection at most. */
const longestMs = 2 * 60 * 60 * 1000;

/** A client that is connected, as its credentials were verified to be. */
export type Connection = {
  readonly connectionId: string;
  readonly tenant: Tenant;
  /** Missing for a guest. */
  readonly userId?: string | undefined;
  /** `tenant` is everything of the tenant, `own` what belongs to the user, or has its tracking token sent. */
  readonly scope: Scope;
  /** Nothing is sent to it from then on. */
  readonly validUntil: string;
  /** What it was opened with. Missing in rows from before it was kept. */
  readonly credential?: Credential | undefined;
};

/** What a connection follows: one order, all of its tenant, or whether its own user is let in yet. */
export type Target = { readonly orderId: string } | { readonly feed: true } | { readonly userId: string };

/** One connection that follows something. */
export type Subscription = Pick<Connection, 'connectionId' | 'validUntil' | 'credential'> & {
  /** Begins with the tenant of the connection's credentials, which no frame can name. */
  readonly subject: string;
};

/** The key of what is followed: `shop-a#ORD-000001`, `shop-a#FEED` or `shop-a#USER#<user ID>`. */
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

/** What a connection of a user follows without asking: its user's own access. Returns undefined for a guest's. */
export const ownSubscription = (connection: Connection): Subscription | undefined =>
  connection.userId === undefined ? undefined : subscriptionOf(connection, { userId: connection.userId });

export const isValid = ({ validUntil }: Pick<Connection, 'validUntil'>, now: Date): boolean =>
  now.toISOString() < validUntil;

/** The times that a verified token says, in seconds since 1970. */
const timesOf = (token: string): Partial<Record<'exp' | 'iat' | 'auth_time', number>> => {
  const [, payload = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const times = typeof claims === 'object' && claims !== null ? Object.entries(claims) : [];
  return Object.fromEntries(
    times.filter(([name, at]) => ['exp', 'iat', 'auth_time'].includes(name) && typeof at === 'number'),
  );
};

/** What a caller's connection is opened with, to be asked about as long as it stays. */
export const credentialOf = (
  { tenant, userId, sessionId }: Caller,
  { token, storefrontKey }: { readonly token?: string | undefined; readonly storefrontKey?: string | undefined },
): Credential => {
  if (userId === undefined || token === undefined) return { tenant, storefrontKey };
  const { iat, auth_time } = timesOf(token);
  return { tenant, userId, sessionId, issuedAt: iat, loggedInAt: auth_time };
};

/** Until when a connection is sent anything: no longer than the token it was made with is good. */
export const validUntil = (token: string | undefined, now: Date): string => {
  const longest = now.getTime() + longestMs;
  const expiry = token === undefined ? undefined : timesOf(token).exp;
  return new Date(Math.min(longest, expiry === undefined ? longest : expiry * 1000)).toISOString();
};
