import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Email } from '../../contracts/email';
import { type Role, roles } from '../../contracts/routes';
import { freeText, TenantId, UserId } from '../../contracts/text';
import { type Tenant, trustedTenant } from '../../kernel/tenant';

/** What the issuer's tokens call a user's tenant and roles. */
export type ClaimNames = { readonly tenant: string; readonly roles: string };

/** Whom a verified token names. */
export type Identity = {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly email?: string | undefined;
  readonly emailVerified: boolean;
  readonly displayName?: string | undefined;
  readonly roles: readonly Role[];
  /** The log-in that the token comes from, where its issuer says so. */
  readonly sessionId?: string | undefined;
  /** In seconds since 1970. */
  readonly issuedAt: number;
  /** The same of the log-in that the token comes from. @default the issuer does not say so: when the token was issued */
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

/** A claim by its name, which may hold dots (`https://shop.example/tenant`), or by a path (`realm_access.roles`). */
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

/** A list, or one text with blanks between. What is no role of ours says nothing; whoever has none is a customer. */
const rolesFrom = (value: unknown): Role[] => {
  const names: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  const known = roles.filter((role) => names.filter(isRole).includes(role));
  return known.length === 0 ? ['customer'] : known;
};

/** An issuer's subject as our IDs are written: itself, or a hash where it has other characters (`auth0|1`). */
const userIdOf = (iss: string, sub: string): string =>
  UserId.safeParse(sub).success ? sub : `u-${createHash('sha256').update(`${iss}\n${sub}`).digest('hex').slice(0, 40)}`;

/** Whom the claims of a verified token name; nobody when they name no tenant. */
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
