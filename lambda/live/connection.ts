import type { Reach } from '../kernel/policy';
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
  readonly reach: Reach;
  /** Nothing is sent to it from then on. */
  readonly validUntil: string;
};

/** What a connection follows: one order, or all of its tenant. */
export type Target = { readonly orderId: string } | { readonly feed: true };

/** One connection that follows something. */
export type Subscription = Pick<Connection, 'connectionId' | 'validUntil'> & {
  /** Begins with the tenant of the connection's credentials, which no frame can name. */
  readonly subject: string;
};

/** The key of what is followed: `shop-a#ORD-000001` or `shop-a#FEED`. */
export const subjectOf = (tenant: Tenant, target: Target): string =>
  tenantKey(tenant, 'feed' in target ? 'FEED' : target.orderId);

export const subscriptionOf = ({ connectionId, tenant, validUntil }: Connection, target: Target): Subscription => ({
  connectionId,
  validUntil,
  subject: subjectOf(tenant, target),
});

export const isValid = ({ validUntil }: Pick<Connection, 'validUntil'>, now: Date): boolean =>
  now.toISOString() < validUntil;

/** When a verified token expires, by its claim `exp`; nothing when it does not say so. */
const expiryOf = (token: string): number | undefined => {
  const [, payload = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
  return typeof exp === 'number' ? exp * 1000 : undefined;
};

/** Until when a connection is sent anything: no longer than the token it was made with is good. */
export const validUntil = (token: string | undefined, now: Date): string => {
  const longest = now.getTime() + longestMs;
  const expiry = token === undefined ? undefined : expiryOf(token);
  return new Date(Math.min(longest, expiry ?? longest)).toISOString();
};
