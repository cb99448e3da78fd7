import { isLoopback, mayBeAsked, orOnHost } from './outbound-address';

/** Who keeps the accounts and signs the tokens. */
export type Auth =
  | { readonly kind: 'cognito' }
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly audience: string;
      /** Where the issuer's public keys are. @default where its discovery document says */
      readonly jwksUri?: string | undefined;
      /** The claim, or the path to it, that names a user's tenant. */
      readonly tenantClaim: string;
      /** The claim, or the path to it, that names a user's roles. */
      readonly rolesClaim: string;
    }
  | { readonly kind: 'none' };

/** What `-c name=value` said, unchecked. */
export type GivenAuth = {
  readonly auth?: unknown;
  readonly issuer?: unknown;
  readonly audience?: unknown;
  readonly jwksUri?: unknown;
  readonly tenantClaim?: unknown;
  readonly rolesClaim?: unknown;
};

const kinds = ['cognito', 'oidc', 'none'];

const wrong = (name: string, given: unknown, rule: string): Error => new Error(`-c ${name}=${given}: ${rule}`);

const parsedUrl = (name: string, given: unknown): URL => {
  const url = String(given);
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  throw wrong(name, given, 'must be a URL such as https://login.example.com/');
};

/** Tokens are as safe as the way on which their keys come. */
const secureUrl = (name: string, given: unknown, stage: string): string => {
  if (mayBeAsked(parsedUrl(name, given), stage)) return String(given);
  throw wrong(name, given, `must be https${orOnHost(stage)}`);
};

/** Where the keys are said, the issuer is never asked: it may be whatever tokens of a provider on this machine name. */
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
  if (issuer === undefined) throw new Error('-c auth=oidc needs an issuer: -c issuer=https://login.example.com/');
  if (audience === undefined || audience === '')
    throw new Error('-c auth=oidc needs to know whom tokens are for: -c audience=<your client ID>');
  return {
    kind: 'oidc',
    issuer: issuerOf(given, stage),
    audience: String(audience),
    jwksUri: jwksUri === undefined ? undefined : secureUrl('jwksUri', jwksUri, stage),
    tenantClaim: claimName('tenantClaim', tenantClaim, 'tenant'),
    rolesClaim: claimName('rolesClaim', rolesClaim, 'roles'),
  };
};

/** Settles who keeps the accounts. Throws an error that says what to type when values are wrong or do not fit together. */
export const readAuth = ({ auth = 'cognito', ...given }: GivenAuth, stage: string): Auth => {
  if (!kinds.includes(String(auth))) throw wrong('auth', auth, `must be one of ${kinds.join(', ')}`);
  if (auth === 'oidc') return oidc(given, stage);
  const [stray] = Object.entries(given).filter(([, value]) => value !== undefined);
  if (stray !== undefined) throw wrong(stray[0], stray[1], 'goes with -c auth=oidc alone');
  if (auth === 'cognito') return { kind: 'cognito' };
  if (stage !== 'local')
    throw wrong('auth', auth, `nobody could sign in; only the local stage goes without, not ${stage}`);
  return { kind: 'none' };
};
