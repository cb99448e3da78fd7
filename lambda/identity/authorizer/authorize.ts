import { StorefrontKey } from '../../contracts/request-headers';
import { Credential } from '../../kernel/http/ask-authorizer';
import { type Caller, guest, type TenantTerms } from '../../kernel/http/caller';
import { defaultTenant, type Tenant, trustedTenant } from '../../kernel/tenant';
import { isTokenValid, needsTotp, newUser, type User, type UserKey } from '../users/user';
import { roleNames } from '../users/user.store';
import { type ClaimNames, type Identity, identityFrom } from './identity';

export type AuthorizeDeps = {
  /** The claims of a token, or why it is good for nothing. */
  readonly verify: (token: string) => Promise<{ claims: unknown } | { refusal: string }>;
  readonly names: ClaimNames;
  readonly userOf: (key: UserKey) => Promise<User | undefined>;
  /** The same, not from a cache. */
  readonly freshUserOf: (key: UserKey) => Promise<User | undefined>;
  /** False when somebody else was first. */
  readonly createUser: (user: User) => Promise<boolean>;
  readonly tenantOf: (storefrontKey: string) => Promise<Tenant | undefined>;
  readonly termsOf: (tenant: Tenant) => Promise<TenantTerms>;
  /** Whether whoever is more than a customer must have set up an authenticator app. */
  readonly totpRequired: boolean;
  readonly now: () => Date;
};

/** What a request carries to say who sends it. */
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

/** The user whom a token names; whoever comes for the first time is known from now on. */
const knownUser = async (deps: AuthorizeDeps, identity: Identity, requestId: string): Promise<User | undefined> => {
  const known = await deps.userOf(identity);
  if (known !== undefined) return known;
  const user = newUser(identity, { now: deps.now(), correlationId: requestId, actor: identity.userId });
  return (await deps.createUser(user)) ? user : deps.userOf(identity);
};

/** Whoever has just set up an authenticator app is let in at once, whatever is cached. */
const hasFactors = async (
  { totpRequired, freshUserOf }: AuthorizeDeps,
  user: User,
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
  if (!(await hasFactors(deps, user, identity))) return { refusal: 'no second factor' };
  const { tenant, userId, email, roles, sessionId } = identity;
  return { caller: { tenant, userId, email, roles, sessionId, ...(await deps.termsOf(tenant)) } };
};

/**
 * Tells who calls: whom the token names, or a guest in the shop of the storefront key. A token that is good for nothing
 * is refused, and never makes a guest of its sender.
 */
export const authorize =
  (deps: AuthorizeDeps) =>
  async ({ authorization, storefrontKey, requestId }: Credentials): Promise<AuthorizerDecision> => {
    if (authorization === undefined) return evaluateGuest(deps, storefrontKey);
    const [, token] = bearer.exec(authorization) ?? [];
    return token === undefined ? { refusal: 'malformed' } : evaluateToken(deps, token, requestId);
  };

/** Tells whether a credential that was accepted before is good yet; `fresh` reads its user anew. Throws when it is none. */
export const evaluateValidity =
  (deps: AuthorizeDeps) =>
  async (given: unknown, fresh = false): Promise<AuthorizerDecision> => {
    const { userId, issuedAt = 0, ...credential } = Credential.parse(given);
    if (userId === undefined) return evaluateGuest(deps, credential.storefrontKey);
    const tenant = trustedTenant(credential.tenant);
    const user = await (fresh ? deps.freshUserOf : deps.userOf)({ tenant, userId });
    if (user === undefined || !isTokenValid(user, { ...credential, issuedAt })) return { refusal: 'not let in' };
    const roles = roleNames(user.roles);
    if (!(await hasFactors(deps, user, { roles }))) return { refusal: 'no second factor' };
    return { caller: { tenant, userId, roles, ...(await deps.termsOf(tenant)) } };
  };
