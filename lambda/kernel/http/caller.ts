import { isIPv4, isIPv6 } from 'node:net';
import * as z from 'zod';
import type { Payments } from '../../contracts/values/payment-status';
import { type Selling, SellingText, sellingFrom, sellingText } from '../../contracts/values/selling';
import { type Tenant, trustedTenant } from '../tenant';
import type { Incoming } from './request';

/** How many requests a minute a tenant and each of its callers may send. */
export type Limits = { readonly tenantPerMinute: number; readonly callerPerMinute: number };

/** The limits of a tenant without its own. */
export const defaultLimits: Limits = { tenantPerMinute: 6000, callerPerMinute: 1200 };

/** The sender of a request, as verified by the authorizer, never taken from a body. */
export type Caller = {
  readonly tenant: Tenant;
  /** Missing for a guest. */
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
  readonly roles: readonly string[];
  /** The log-in that the token comes from, where its issuer says so. */
  readonly sessionId?: string | undefined;
  /** @default `defaultLimits` */
  readonly limits?: Limits | undefined;
  /** @default `defaultSelling` */
  readonly selling?: Selling | undefined;
  /** Whether the tenant is suspended. @default false */
  readonly suspended?: boolean | undefined;
  /** How the tenant's shop is paid. @default 'offline' */
  readonly payments?: Payments | undefined;
};

/** The settings of a tenant that every caller carries. */
export type TenantTerms = Pick<Caller, 'limits' | 'selling' | 'suspended' | 'payments'>;

/** Returns a caller without a token, of the tenant of a storefront key. */
export const guest = (tenant: Tenant, terms: TenantTerms = {}): Caller => ({ tenant, roles: [], ...terms });

export const isGuest = ({ userId }: Caller): boolean => userId === undefined;

/** The authorizer's context: API Gateway passes on flat strings only. */
const AuthorizerContext = z.object({
  tenant: z.string().min(1),
  userId: z.string().optional(),
  email: z.string().optional(),
  /** Separated by spaces. */
  roles: z.string(),
  sessionId: z.string().optional(),
  /** The limits of the tenant and of one caller, separated by a space. */
  limits: z
    .string()
    .regex(/^\d+ \d+$/)
    .optional(),
  selling: SellingText.optional(),
  suspended: z.literal('true').optional(),
  payments: z.literal('online').optional(),
});

const present = (text: string | undefined) => (text === '' ? undefined : text);

const limitsFrom = (limits: string | undefined): Limits | undefined => {
  const [tenantPerMinute, callerPerMinute] = limits?.split(' ').map(Number) ?? [];
  return tenantPerMinute === undefined || callerPerMinute === undefined
    ? undefined
    : { tenantPerMinute, callerPerMinute };
};

/**
 * Parses the caller from the authorizer's context. Throws when no authorizer ran, so that no route is open by mistake.
 */
export const callerFrom = (context: unknown): Caller => {
  const { tenant, userId, email, roles, sessionId, limits, selling, suspended, payments } =
    AuthorizerContext.parse(context);
  return {
    tenant: trustedTenant(tenant),
    userId: present(userId),
    email: present(email),
    roles: roles.split(' ').filter((role) => role !== ''),
    sessionId: present(sessionId),
    limits: limitsFrom(limits),
    selling: selling === undefined ? undefined : sellingFrom(selling),
    suspended: suspended === 'true',
    payments: payments ?? 'offline',
  };
};

/** The opposite of `callerFrom`. */
export const authorizerContext = (caller: Caller): z.input<typeof AuthorizerContext> => {
  const { tenant, userId, email, roles, sessionId, limits, selling, suspended, payments } = caller;
  return {
    tenant,
    roles: roles.join(' '),
    ...(userId === undefined ? {} : { userId }),
    ...(email === undefined ? {} : { email }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(limits === undefined ? {} : { limits: `${limits.tenantPerMinute} ${limits.callerPerMinute}` }),
    ...(selling === undefined ? {} : { selling: sellingText(selling) }),
    ...(suspended === true ? { suspended: 'true' } : {}),
    ...(payments === 'online' ? { payments } : {}),
  };
};

/** The authorizer's context for an address over its rate limit: the caller is not identified. */
export const limitedContext = (retryAfter: string) => ({ retryAfter });

/** Returns whether the authorizer has counted the address, with the seconds to wait when it is over its rate limit. */
export const countedFrom = (context: unknown): { readonly counted: boolean; readonly retryAfter?: number } => {
  if (typeof context !== 'object' || context === null) return { counted: false };
  if ('retryAfter' in context) return { counted: true, retryAfter: Number(context.retryAfter) };
  return { counted: 'tenant' in context };
};

/** Who made a change, and from which network, as stored with facts. */
export type Origin = { readonly actor?: string | undefined; readonly network?: string | undefined };

/** The origin in a row. Older rows lack it. */
export const originColumns = { actor: z.string().optional(), network: z.string().optional() };

const shortest = (group: string): string => Number.parseInt(group, 16).toString(16);

/** Returns the eight groups of an IPv6 address, in lower case and without leading zeros. */
export const groupsOf = (address: string): string[] => {
  const [left = [], right] = address.split('::').map((side) => (side === '' ? [] : side.split(':').map(shortest)));
  if (right === undefined) return left;
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
};

/** Returns the network of an address, an IPv4 /24 or an IPv6 /48; undefined when it is not an IP address. */
export const networkOf = (address: string): string | undefined => {
  const mapped = address.replace(/^::ffff:/i, '');
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return undefined;
  return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
};

/** Returns the origin of the facts that a request causes. Only the network of the address is stored. */
export const actorOf = ({ caller, sourceIp }: Pick<Incoming, 'sourceIp'> & { readonly caller: Caller }) => ({
  actor: caller.userId ?? 'guest',
  network: networkOf(sourceIp),
});
