import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { discoveredKeys, remoteKeys, tokenVerifier } from '../../lambda/identity/authorizer/token.gateway';

let server: Server;
let asked: string[] = [];
let wrongIssuer = false;
let broken = false;
let issuer = '';
let token = '';

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }];
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.statusCode = broken ? 503 : 200;
    const discovery = { issuer: wrongIssuer ? 'https://evil.example.com' : issuer, jwks_uri: `${issuer}/certs` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url.endsWith('openid-configuration') ? discovery : { keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const claims = { iss: issuer, aud: 'us', sub: 'ada' };
  token = await new SignJWT(claims)
    .setIssuedAt()
    .setExpirationTime('1h')
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
    .sign(privateKey);
});

afterAll(() => server.close());

beforeEach(() => {
  asked = [];
  wrongIssuer = false;
  broken = false;
});

const rule = () => ({ issuer, audience: 'us' });
const unknownKid = `${Buffer.from('{"alg":"RS256","kid":"key-9"}').toString('base64url')}.e30.AAAA`;

test("the issuer's keys are fetched once for many tokens", async () => {
  const verify = tokenVerifier(rule(), remoteKeys(`${issuer}/certs`));
  for (let n = 0; n < 5; n += 1) expect(await verify(token)).toHaveProperty('claims');
  expect(asked).toEqual(['/certs']);
});

test('tokens with unknown keys cannot make us fetch again and again', async () => {
  const verify = tokenVerifier(rule(), remoteKeys(`${issuer}/certs`));
  await verify(token);
  for (let n = 0; n < 5; n += 1) expect(await verify(unknownKid)).toEqual({ refusal: 'ERR_JWKS_NO_MATCHING_KEY' });
  expect(asked).toEqual(['/certs']);
});

test("the issuer's discovery document says where its keys are", async () => {
  const verify = tokenVerifier(rule(), discoveredKeys(issuer));
  expect(await verify(token)).toHaveProperty('claims');
  expect(await verify(token)).toHaveProperty('claims');
  expect(asked).toEqual(['/.well-known/openid-configuration', '/certs']);
});

test('a discovery document of another issuer is a fault', async () => {
  wrongIssuer = true;
  await expect(tokenVerifier(rule(), discoveredKeys(issuer))(token)).rejects.toThrow('names another issuer');
});

test('keys that cannot be fetched are a fault, and fetched when they can be', async () => {
  broken = true;
  const verify = tokenVerifier(rule(), discoveredKeys(issuer));
  await expect(verify(token)).rejects.toThrow('503');
  broken = false;
  expect(await verify(token)).toHaveProperty('claims');
});
