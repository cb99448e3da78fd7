import { tokenByApi, totpCodeOf } from '../../../../scripts/lib/people/second-factor';

const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // of RFC 6238, "12345678901234567890"

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('F-36 at second %d the code is that of RFC 6238: %s', (second, code) =>
  expect(totpCodeOf(seed, second * 1000)).toBe(code),
);

test.each(['not base 32!', '0189'])('F-36 %p is refused as a secret', (secret) =>
  expect(() => totpCodeOf(secret)).toThrow('TOTP_SECRET: must be base 32'),
);

const person = { tenant: 'default', email: 'staff@example.com', role: 'staff' } as const;

/** An API that answers in this order, and notes what it is sent. */
const answering = (...answers: readonly (readonly [number, object])[]) => {
  const sent: { path: string; body: unknown; key: string | null }[] = [];
  const given: typeof fetch = async (url, init) => {
    const key = new Headers(init?.headers).get('x-storefront-key');
    sent.push({ path: new URL(String(url)).pathname, body: JSON.parse(String(init?.body)), key });
    const [status, body] = answers[sent.length - 1] ?? [500, {}];
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': status < 300 ? 'application/json' : 'application/problem+json' },
    });
  };
  return { sent, fetch: given };
};

const problem = (title: string, status: number) =>
  [status, { type: `urn:problem:${title}`, title, status, detail: '…' }] as const;
const loggedIn = [200, { tokenType: 'Bearer', idToken: 'a.b.c', expiresIn: 3600, refreshToken: 'r' }] as const;
const logIn = { apiUrl: 'https://api.example.com/prod', person, password: 'Correct-horse-1' };

describe('F-36 npm run token on AWS', () => {
  test('logs in by the API of the shop, with the code that it is given', async () => {
    const api = answering(loggedIn);
    const token = await tokenByApi({ ...logIn, storefrontKey: 'key-of-shop-a', totpCode: '492039', fetch: api.fetch });
    expect([token, api.sent]).toEqual([
      'a.b.c',
      [
        {
          path: '/prod/auth/log-in',
          body: { email: 'staff@example.com', password: 'Correct-horse-1', totpCode: '492039' },
          key: 'key-of-shop-a',
        },
      ],
    ]);
  });

  test('makes the code of a secret that it is given', async () => {
    const api = answering(loggedIn);
    await tokenByApi({ ...logIn, totpSecret: seed, fetch: api.fetch });
    expect(api.sent[0]?.body).toMatchObject({ totpCode: expect.stringMatching(/^\d{6}$/) });
  });

  test.each([
    ['TotpCodeRequired', 401, 'give its code as TOTP_CODE=123456, or its secret as TOTP_SECRET='],
    ['InvalidCredentials', 401, 'POST /auth/log-in: 401'],
  ])('says what is missing when the API answers %s', async (title, status, message) => {
    const api = answering(problem(title, status));
    await expect(tokenByApi({ ...logIn, fetch: api.fetch })).rejects.toThrow(message);
  });
});
