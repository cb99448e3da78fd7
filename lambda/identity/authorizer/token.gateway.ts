import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { hostUrl } from '../../kernel/aws/aws-endpoint';

/** The issuer whose tokens are accepted. */
export type Issuer = {
  readonly issuer: string;
  /** The audience of the tokens: our client ID. */
  readonly audience: string;
  /** The required value of the claim `token_use`. @default the issuer does not set the claim */
  readonly tokenUse?: string | undefined;
};

const algorithms = ['RS256', 'ES256'];
const types = [undefined, 'jwt', 'at+jwt']; // excludes other uses, such as logout tokens and proofs of possession
const clockToleranceSeconds = 30;
const maxLength = 8192;
const fetchTimeoutMs = 3_000;

/** Errors of the token itself. Any other is a fault, such as keys that cannot be fetched. */
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

/**
 * Fetches the issuer's public keys on demand and caches them for ten minutes; an unknown key refetches once per 30 s.
 */
export const remoteKeys = (jwksUri: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(hostUrl(jwksUri)), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    timeoutDuration: fetchTimeoutMs,
  });

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Returns the URL of the issuer's keys, by its discovery document. Throws when that cannot be read or does not match.
 */
const discover = async (issuer: string): Promise<string> => {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(hostUrl(url), { signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (!response.ok) throw new Error(`the issuer's discovery document cannot be read: status ${response.status}`);
  const document = Discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new Error('the discovery document names another issuer');
  return document.jwks_uri;
};

/** Like `remoteKeys`, with the URL from the issuer's discovery document, read at the first token. */
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
 * Verifies tokens of one issuer: signature, algorithm, issuer, audience, use and time. Returns the claims, or why the
 * token is invalid. Throws when it cannot be verified, such as when the keys are unavailable.
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
