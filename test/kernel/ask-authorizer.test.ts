import { authorizerResponse } from '../../lambda/identity/authorizer/authorizer-response';
import { invokeFunction } from '../../lambda/kernel/aws/signed-request';
import { askAuthorizer } from '../../lambda/kernel/http/ask-authorizer';
import type { Caller } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';

const ask = askAuthorizer(invokeFunction('authorize'));
const staff: Caller = { tenant: trustedTenant('shop-a'), userId: 'u-1', email: 'a@example.com', roles: ['staff'] };

const answering = (body: unknown, headers: Record<string, string> = {}, status = 200) => {
  const sent = jest.spyOn(globalThis, 'fetch');
  sent.mockResolvedValue(new Response(JSON.stringify(body), { status, headers }));
  return sent;
};

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

test('a good token names its user', async () => {
  const sent = answering(authorizerResponse(staff, 'direct'));
  expect(await ask('Bearer good')).toMatchObject(staff);
  expect(sent.mock.calls[0]?.[0]).toBe(
    'https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/authorize/invocations',
  );
  expect(JSON.parse(String(sent.mock.calls[0]?.[1]?.body))).toMatchObject({
    headers: { authorization: 'Bearer good' },
  });
});

test('a token that is good for nothing names nobody, and is no fault', async () => {
  answering(authorizerResponse(undefined, 'direct'));
  expect(await ask('Bearer bad')).toBeUndefined();
});

test.each([
  ['the authorizer fails', {}, { 'x-amz-function-error': 'Unhandled' }, 200],
  ['Lambda fails', {}, {}, 500],
  ['the answer is none', {}, {}, 200],
] as const)(
  'when %s, nobody is let in and nobody is told that the token is wrong',
  async (_when, body, headers, status) => {
    answering(body, headers, status);
    await expect(ask('Bearer good')).rejects.toThrow();
  },
);
