import { createHmac } from 'node:crypto';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { tokenVerifier } from '../../lambda/identity/authorizer/token.gateway';

const issuer = 'https://login.example.com/pool';
const audience = 'order-system';
const rule = { issuer, audience, tokenUse: 'id' };

const makeKeys = async () => {
  const ours = await generateKeyPair('RS256', { extractable: true });
  const curve = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const keys = createLocalJWKSet({
    keys: [
      { ...(await exportJWK(ours.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(curve.publicKey)), kid: 'key-2', alg: 'ES256', use: 'sig' },
    ],
  });
  return { ours, curve, foreign, publicPem: await exportSPKI(ours.publicKey), verify: tokenVerifier(rule, keys) };
};

let made: ReturnType<typeof makeKeys> | undefined;
/** Keys take a while to make: every test has the same. */
const setUp = () => {
  made ??= makeKeys();
  return made;
};

const now = () => Math.floor(Date.now() / 1000);

type Changes = {
  readonly claims?: Record<string, unknown>;
  readonly header?: Partial<JWTHeaderParameters>;
};

const signed = (key: CryptoKey, { claims = {}, header = {} }: Changes = {}) => {
  const payload = {
    iss: issuer,
    aud: audience,
    sub: 'ada',
    token_use: 'id',
    iat: now(),
    exp: now() + 3600,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(key);
};

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('S1-06 S3-05 a token is good', () => {
  test('when the issuer signed it, for us, for this use, and its time has come', async () => {
    const { verify, ours } = await setUp();
    expect(await verify(await signed(ours.privateKey))).toMatchObject({ claims: { sub: 'ada', iss: issuer } });
  });

  test('with a key on a curve too, as type JWT or as an access token, for several audiences, on clocks 30 s apart', async () => {
    const { verify, ours, curve } = await setUp();
    const good = [
      await signed(curve.privateKey, { header: { alg: 'ES256', kid: 'key-2' } }),
      await signed(ours.privateKey, { header: { typ: 'JWT' } }),
      await signed(ours.privateKey, { header: { typ: 'at+jwt' } }),
      await signed(ours.privateKey, { claims: { aud: ['other', audience] } }),
      await signed(ours.privateKey, { claims: { exp: now() - 20 } }),
      await signed(ours.privateKey, { claims: { nbf: now() + 20 } }),
    ];
    for (const token of good) expect(await verify(token)).toHaveProperty('claims');
  });
});

describe('S1-06 P8 a token is refused', () => {
  test.each<[string, Changes, string]>([
    ['that is expired', { claims: { exp: now() - 120 } }, 'ERR_JWT_EXPIRED'],
    ['that has no end', { claims: { exp: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['that is not yet valid', { claims: { nbf: now() + 120 } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of another issuer', { claims: { iss: 'https://login.example.com/other' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of no issuer', { claims: { iss: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['for another audience', { claims: { aud: 'other' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['for no audience', { claims: { aud: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of nobody', { claims: { sub: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['without the time when it was issued', { claims: { iat: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['for another use', { claims: { token_use: 'access' } }, 'token use'],
    ['for no use', { claims: { token_use: undefined } }, 'token use'],
    ['with an unknown kid', { header: { kid: 'key-9' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['of another type', { header: { typ: 'logout+jwt' } }, 'ERR_JWT_INVALID'],
  ])('%s', async (_what, changes, refusal) => {
    const { verify, ours } = await setUp();
    expect(await verify(await signed(ours.privateKey, changes))).toEqual({ refusal });
  });

  test('that somebody else signed under the kid of ours', async () => {
    const { verify, foreign } = await setUp();
    expect(await verify(await signed(foreign.privateKey))).toEqual({
      refusal: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  test('that brings its own key along, by jwk or by jku', async () => {
    const { verify, foreign } = await setUp();
    const jwk = await exportJWK(foreign.publicKey);
    const jku = 'https://evil.example.com/jwks.json';
    for (const header of [{ jwk }, { jku }, { jwk, kid: 'evil' }, { jku, kid: 'evil' }])
      expect(await verify(await signed(foreign.privateKey, { header }))).toHaveProperty('refusal');
  });

  test('that is not signed: alg none', async () => {
    const { verify } = await setUp();
    const claims = { iss: issuer, aud: audience, sub: 'ada', token_use: 'id', iat: now(), exp: now() + 3600 };
    const bare = new UnsecuredJWT(claims).encode();
    const dressed = `${base64url({ alg: 'none', kid: 'key-1' })}.${base64url(claims)}.AAAA`;
    for (const token of [bare, dressed]) expect(await verify(token)).toHaveProperty('refusal');
  });

  test('that was signed with the public key as an HMAC secret: HS256', async () => {
    const { verify, publicPem } = await setUp();
    const claims = { iss: issuer, aud: audience, sub: 'ada', token_use: 'id', iat: now(), exp: now() + 3600 };
    const content = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(claims)}`;
    const signature = createHmac('sha256', publicPem).update(content).digest('base64url');
    expect(await verify(`${content}.${signature}`)).toEqual({ refusal: 'ERR_JOSE_ALG_NOT_ALLOWED' });
  });

  test('whose claims were changed after it was signed', async () => {
    const { verify, ours } = await setUp();
    const [header, , signature] = (await signed(ours.privateKey)).split('.');
    const claims = base64url({ iss: issuer, aud: audience, sub: 'eve', token_use: 'id', iat: now(), exp: now() + 60 });
    expect(await verify(`${header}.${claims}.${signature}`)).toEqual({
      refusal: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  test.each([
    '',
    'x',
    'a.b',
    'a.b.c',
    '..',
    `${base64url({ alg: 'RS256' })}.e30.`,
    'e30.e30.e30.e30',
    `${base64url({ alg: 'RS256', kid: 'key-1', crit: ['ours'], ours: 1 })}.e30.AAAA`,
    `${'x'.repeat(9000)}.y.z`,
  ])('that is malformed: %p', async (token) => {
    const { verify } = await setUp();
    expect(await verify(token)).toHaveProperty('refusal');
  });
});

test('a fault is no refusal: when the keys cannot be fetched, nobody is told that the token is bad', async () => {
  const { ours } = await setUp();
  const verify = tokenVerifier(rule, async () => {
    throw new Error('no route to host');
  });
  await expect(verify(await signed(ours.privateKey))).rejects.toThrow('no route to host');
});
