import { StorefrontKey } from '../../contracts/api/request-headers';
import { Credential } from '../../kernel/http/ask-authorizer';
import { type Caller, guest, type TenantTerms } from '../../kernel/http/caller';
import { defaultTenant, type Tenant, trustedTenant } from '../../kernel/tenant';
import { isTokenValid, needsTotp, newUser, type User, type UserAccess, type UserKey } from '../users/user';
import { roleNames } from '../users/user-row';
import { type ClaimNames, type Identity, identityFrom } from './identity';

export type AuthorizeDeps = {
  /** Returns the claims of a token, or why it is invalid. */
  readonly verify: (token: string) => Promise<{ claims: unknown } | { refusal: string }>;
  readonly names: ClaimNames;
  readonly userOf: (key: UserKey) => Promise<UserAccess | undefined>;
  /** Like `userOf`, without a cache. */
  readonly freshUserOf: (key: UserKey) => Promise<UserAccess | undefined>;
  /** Returns false when the user already exists. */
  readonly createUser: (user: User) => Promise<boolean>;
  readonly tenantOf: (storefrontKey: string) => Promise<Tenant | undefined>;
  readonly termsOf: (tenant: Tenant) => Promise<TenantTerms>;
  /** Whether every role but customer needs an authenticator app. */
  readonly totpRequired: boolean;
  readonly now: () => Date;
};

/** The credentials of a request. */
export type Credentials = {
  readonly authorization?: string | undefined;
  readonly storefrontKey?: string | undefined;
  readonly requestId: string;
};

export type AuthorizerDecision = { readonly caller: Caller } | { readonly refusal: string };

const bearer = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

const evaluateGuest = async (deps: AuthorizeDeps, storefrontKey: string | undefined): Promise<AuthorizerDecision> => {
  if (storefrontKey === undefined) return { caller: guest(defaultTenant, await deps.termsOf(defaultTenant)) };
  const tenant = StorefrontKey.safeParse(storefrontKey).success ? await deps.tenantOf(storefrontKey) : undefined;
  if (tenant === undefined) return { refusal: 'unknown storefront key' };
  return { caller: guest(tenant, await deps.termsOf(tenant)) };
};

/** Returns the user of a token, and creates it on its first request. */
const knownUser = async (
  deps: AuthorizeDeps,
  identity: Identity,
  requestId: string,
): Promise<UserAccess | undefined> => {
  const known = await deps.userOf(identity);
  if (known !== undefined) return known;
  const user = newUser(identity, { now: deps.now(), correlationId: requestId, actor: identity.userId });
  return (await deps.createUser(user)) ? user : deps.userOf(identity);
};

/** Whether the user has the second factor that its roles need. Bypasses the cache for an app that was just set up. */
const hasSecondFactor = async (
  { totpRequired, freshUserOf }: AuthorizeDeps,
  user: UserAccess,
  { roles }: Pick<Identity, 'roles'>,
) =>
  !totpRequired ||
  !needsTotp(roles) ||
  user.totpSince !== undefined ||
  (await freshUserOf(user))?.totpSince !== undefined;

const evaluateToken = async (deps: AuthorizeDeps, token: string, requestId: string): Promise<AuthorizerDecision> => {
  const verified = await deps.verify(token);
  if ('refusal' in verified) return verified;
  const identity = identityFrom(verified.claims, deps.names);
  if (identity === undefined) return { refusal: 'no tenant' };
  const user = await knownUser(deps, identity, requestId);
  if (user === undefined || !isTokenValid(user, identity)) return { refusal: 'not let in' };
  if (!(await hasSecondFactor(deps, user, identity))) return { refusal: 'no second factor' };
  const { tenant, userId, email, roles, sessionId } = identity;
  return { caller: { tenant, userId, email, roles, sessionId, ...(await deps.termsOf(tenant)) } };
};

/**
 * Identifies the caller: the user of the token, or without one a guest in the shop of the storefront key. An invalid
 * token is refused; it never falls back to a guest.
 */
export const authorize =
  (deps: AuthorizeDeps) =>
  async ({ authorization, storefrontKey, requestId }: Credentials): Promise<AuthorizerDecision> => {
    if (authorization === undefined) return evaluateGuest(deps, storefrontKey);
    const [, token] = bearer.exec(authorization) ?? [];
    return token === undefined ? { refusal: 'malformed' } : evaluateToken(deps, token, requestId);
  };

/**
 * Decides whether an accepted credential is still valid; `fresh` bypasses the cache. Throws when it cannot be parsed.
 */
export const evaluateValidity =
  (deps: AuthorizeDeps) =>
  async (given: unknown, fresh = false): Promise<AuthorizerDecision> => {
    const { userId, issuedAt = 0, ...credential } = Credential.parse(given);
    if (userId === undefined) return evaluateGuest(deps, credential.storefrontKey);
    const tenant = trustedTenant(credential.tenant);
    const user = await (fresh ? deps.freshUserOf : deps.userOf)({ tenant, userId });
    if (user === undefined || !isTokenValid(user, { ...credential, issuedAt })) return { refusal: 'not let in' };
    const roles = roleNames(user.roles);
    if (!(await hasSecondFactor(deps, user, { roles }))) return { refusal: 'no second factor' };
    return { caller: { tenant, userId, roles, ...(await deps.termsOf(tenant)) } };
  };
