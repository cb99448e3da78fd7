import { isAllowedUrl, isLoopback, orOnHost } from './outbound-address';
import { ConfigError } from './settings';

/** The identity provider, which keeps the accounts and signs the tokens. */
export type Auth =
  | { readonly kind: 'cognito' }
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly audience: string;
      /** The URL of the issuer's public keys. @default the one in its discovery document */
      readonly jwksUri?: string | undefined;
      /** The name or path of the claim with a user's tenant. */
      readonly tenantClaim: string;
      /** The name or path of the claim with a user's roles. */
      readonly rolesClaim: string;
    }
  | { readonly kind: 'none' };

/** The values of `-c name=value`, not yet validated. */
export type GivenAuth = {
  readonly auth?: unknown;
  readonly issuer?: unknown;
  readonly audience?: unknown;
  readonly jwksUri?: unknown;
  readonly tenantClaim?: unknown;
  readonly rolesClaim?: unknown;
};

const kinds = ['cognito', 'oidc', 'none'];

const wrong = (name: string, given: unknown, rule: string): Error => new ConfigError(`-c ${name}=${given}: ${rule}`);

const parsedUrl = (name: string, given: unknown): URL => {
  const url = String(given);
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  throw wrong(name, given, 'must be a URL such as https://login.example.com/');
};

/** Requires https, except for the host of a local AWS: tokens are only as safe as the transport of their keys. */
const secureUrl = (name: string, given: unknown, stage: string): string => {
  if (isAllowedUrl(parsedUrl(name, given), stage)) return String(given);
  throw wrong(name, given, `must be https${orOnHost(stage)}`);
};

/** Returns the issuer. With `jwksUri` it is never called, so the local stage accepts one on this machine. */
const issuerOf = ({ issuer, jwksUri }: GivenAuth, stage: string): string =>
  stage === 'local' && jwksUri !== undefined && isLoopback(parsedUrl('issuer', issuer))
    ? String(issuer)
    : secureUrl('issuer', issuer, stage);

const claimName = (name: string, given: unknown, standard: string): string => {
  if (given === undefined) return standard;
  if (typeof given === 'string' && /^\S{1,200}$/.test(given)) return given;
  throw wrong(name, given, 'must be the name of a claim');
};

const oidc = (given: GivenAuth, stage: string): Auth => {
  const { issuer, audience, jwksUri, tenantClaim, rolesClaim } = given;
  if (issuer === undefined) throw new ConfigError('-c auth=oidc needs an issuer: -c issuer=https://login.example.com/');
  if (audience === undefined || audience === '')
    throw new ConfigError('-c auth=oidc needs the audience of the tokens: -c audience=<your client ID>');
  return {
    kind: 'oidc',
    issuer: issuerOf(given, stage),
    audience: String(audience),
    jwksUri: jwksUri === undefined ? undefined : secureUrl('jwksUri', jwksUri, stage),
    tenantClaim: claimName('tenantClaim', tenantClaim, 'tenant'),
    rolesClaim: claimName('rolesClaim', rolesClaim, 'roles'),
  };
};

/**
 * Returns the identity provider. Throws when values are wrong or do not fit together; the message says what to type.
 */
export const readAuth = ({ auth = 'cognito', ...given }: GivenAuth, stage: string): Auth => {
  if (!kinds.includes(String(auth))) throw wrong('auth', auth, `must be one of ${kinds.join(', ')}`);
  if (auth === 'oidc') return oidc(given, stage);
  const [stray] = Object.entries(given).filter(([, value]) => value !== undefined);
  if (stray !== undefined) throw wrong(stray[0], stray[1], 'needs -c auth=oidc');
  if (auth === 'cognito') return { kind: 'cognito' };
  if (stage !== 'local')
    throw wrong('auth', auth, `nobody could sign in; only the local stage goes without, not ${stage}`);
  return { kind: 'none' };
};
