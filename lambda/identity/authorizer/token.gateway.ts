import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { hostUrl } from '../../kernel/aws/aws-endpoint';

/** Whose tokens are good here. */
export type Issuer = {
  readonly issuer: string;
  /** Whom the tokens are for: our client's ID. */
  readonly audience: string;
  /** What the claim `token_use` must be, where the issuer sets it. @default the issuer does not */
  readonly tokenUse?: string | undefined;
};

const algorithms = ['RS256', 'ES256'];
const types = [undefined, 'jwt', 'at+jwt']; // not those of other uses: logout tokens, proofs of possession
const clockToleranceSeconds = 30;
const maxLength = 8192;
const fetchTimeoutMs = 3_000;

/** What is wrong with the token itself; anything else is a fault, such as keys that cannot be fetched. */
const refusals = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** The issuer's public keys: fetched when they are needed, kept for ten minutes, for an unknown key at most every 30 s. */
export const remoteKeys = (jwksUri: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(hostUrl(jwksUri)), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    timeoutDuration: fetchTimeoutMs,
  });

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Where the issuer's discovery document says that its keys are. */
const discover = async (issuer: string): Promise<string> => {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(hostUrl(url), { signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (!response.ok) throw new Error(`the issuer's discovery document answered ${response.status}`);
  const document = Discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new Error('the discovery document is of another issuer');
  return document.jwks_uri;
};

/** The same, from where the issuer says when the first token comes. */
export const discoveredKeys = (issuer: string): JWTVerifyGetKey => {
  let keys: JWTVerifyGetKey | undefined;
  return async (header, token) => {
    keys ??= remoteKeys(await discover(issuer));
    return keys(header, token);
  };
};

const claimsOf = async (token: string, keys: JWTVerifyGetKey, { issuer, audience }: Issuer): Promise<JWTPayload> => {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience,
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp', 'iat', 'sub'],
  });
  if (!types.includes(protectedHeader.typ?.toLowerCase())) throw new errors.JWTInvalid('typ');
  return payload;
};

export type Verified = { readonly claims: JWTPayload } | { readonly refusal: string };

/**
 * Verifies tokens of one issuer: signature by its own keys, algorithm, issuer, audience, use and time. Answers with the
 * claims, or with why the token is good for nothing; throws when nobody can tell.
 */
export const tokenVerifier =
  (issuer: Issuer, keys: JWTVerifyGetKey) =>
  async (token: string): Promise<Verified> => {
    if (token.length > maxLength) return { refusal: 'too long' };
    try {
      const claims = await claimsOf(token, keys, issuer);
      if (issuer.tokenUse !== undefined && claims.token_use !== issuer.tokenUse) return { refusal: 'token use' };
      return { claims };
    } catch (error) {
      if (refusals.some((refusal) => error instanceof refusal)) return { refusal: (error as errors.JOSEError).code };
      throw error;
    }
  };

export type TokenVerifier = ReturnType<typeof tokenVerifier>;
