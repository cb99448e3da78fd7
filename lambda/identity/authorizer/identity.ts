import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Role, roles } from '../../contracts/api/routes';
import { Email } from '../../contracts/values/email';
import { freeText, TenantId, UserId } from '../../contracts/values/text';
import { type Tenant, trustedTenant } from '../../kernel/tenant';

/** The names of the claims that hold a user's tenant and roles. */
export type ClaimNames = { readonly tenant: string; readonly roles: string };

/** The identity in a verified token. */
export type Identity = {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly email?: string | undefined;
  readonly emailVerified: boolean;
  readonly displayName?: string | undefined;
  readonly roles: readonly Role[];
  /** The log-in that the token comes from, where its issuer says so. */
  readonly sessionId?: string | undefined;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds of the log-in that the token comes from. @default `issuedAt`, when the issuer does not provide it */
  readonly loggedInAt?: number | undefined;
};

const Claims = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  iat: z.number(),
  email: Email.optional().catch(undefined),
  email_verified: z.boolean().catch(false),
  name: freeText(100).optional().catch(undefined),
  origin_jti: z.string().max(64).optional().catch(undefined),
  sid: z.string().max(64).optional().catch(undefined),
  auth_time: z.number().optional().catch(undefined),
});

/**
 * Returns a claim by its name, which may hold dots (`https://shop.example/tenant`), or by path (`realm_access.roles`).
 */
const claim = (claims: Readonly<Record<string, unknown>>, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
};

const isRole = (name: unknown): name is Role => roles.some((role) => role === name);

/** Parses roles from a list or a space-separated text. Unknown roles are ignored; without a known one: customer. */
const rolesFrom = (value: unknown): Role[] => {
  const names: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  const known = roles.filter((role) => names.filter(isRole).includes(role));
  return known.length === 0 ? ['customer'] : known;
};

/** Returns the issuer's subject as a user ID, hashed when it has characters that an ID cannot have (`auth0|1`). */
const userIdOf = (iss: string, sub: string): string =>
  UserId.safeParse(sub).success ? sub : `u-${createHash('sha256').update(`${iss}\n${sub}`).digest('hex').slice(0, 40)}`;

/** Returns the identity in the claims of a verified token, undefined without a tenant. */
export const identityFrom = (claims: unknown, names: ClaimNames): Identity | undefined => {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return undefined;
  const tenant = TenantId.safeParse(claim(parsed.data, names.tenant));
  if (!tenant.success) return undefined;
  const { iss, sub, iat, email, email_verified, name, origin_jti, sid, auth_time } = parsed.data;
  return {
    tenant: trustedTenant(tenant.data),
    userId: userIdOf(iss, sub),
    email: email?.toLowerCase(),
    emailVerified: email_verified,
    displayName: name,
    roles: rolesFrom(claim(parsed.data, names.roles)),
    sessionId: origin_jti ?? sid,
    issuedAt: iat,
    loggedInAt: auth_time === undefined ? undefined : Math.min(auth_time, iat),
  };
};
