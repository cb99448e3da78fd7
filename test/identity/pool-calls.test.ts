import { callPool } from '../../lambda/identity/sign-in/pool-calls.gateway';

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

const answering = (...answers: (Response | Error)[]) => {
  const sent = jest.spyOn(globalThis, 'fetch');
  for (const answer of answers)
    if (answer instanceof Error) sent.mockRejectedValueOnce(answer);
    else sent.mockResolvedValueOnce(answer);
  return sent;
};

const ada = { UserPoolId: 'us-east-1_pool', Username: 'default/ada@example.com' };
const refusal = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers });
const busy = () => refusal(400, '{"__type":"TooManyRequestsException","message":"Rate exceeded"}');

test('what an admin may do is signed with the function’s own credentials', async () => {
  const sent = answering(new Response('{"UserStatus":"CONFIRMED","UserCreateDate":1.7E9}'));
  expect(await callPool('AdminGetUser', ada)).toMatchObject({ UserStatus: 'CONFIRMED' });
  const [url, init] = sent.mock.calls[0] ?? [];
  expect(url).toBe('https://cognito-idp.us-east-1.amazonaws.com/');
  expect(init?.body).toBe('{"UserPoolId":"us-east-1_pool","Username":"default/ada@example.com"}');
  const headers = new Headers(init?.headers);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(headers.get('x-amz-target')).toBe('AWSCognitoIdentityProviderService.AdminGetUser');
  expect(headers.get('authorization')).toMatch(/Credential=test\/\d{8}\/us-east-1\/cognito-idp\/aws4_request/);
});

test('what a password or a token proves is sent without credentials', async () => {
  const sent = answering(new Response('{}'));
  expect(await callPool('RevokeToken', { ClientId: 'c', Token: 't' })).toEqual({});
  const headers = new Headers(sent.mock.calls[0]?.[1]?.headers);
  expect(headers.get('x-amz-target')).toBe('AWSCognitoIdentityProviderService.RevokeToken');
  expect(headers.has('authorization')).toBe(false);
});

test('an operation that answers nothing gives nothing', async () => {
  answering(new Response(''));
  expect(await callPool('AdminDisableUser', ada)).toEqual({});
});

test.each([
  ['by its type', refusal(400, '{"__type":"UserNotFoundException","message":"User does not exist."}')],
  ['with its namespace', refusal(400, '{"__type":"com.amazonaws.cognito#UserNotFoundException"}')],
  ['by a header', refusal(400, '{}', { 'x-amzn-errortype': 'UserNotFoundException:http://internal.amazon.com/' })],
])('a refusal has Cognito’s own name, told %s', async (_how, response) => {
  const sent = answering(response);
  await expect(callPool('AdminGetUser', ada)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  expect(sent).toHaveBeenCalledTimes(1);
});

test('a user pool that is busy, fails or cannot be reached is asked again', async () => {
  const sent = answering(busy(), new TypeError('fetch failed'), new Response('{"UserStatus":"CONFIRMED"}'));
  expect(await callPool('AdminGetUser', ada)).toEqual({ UserStatus: 'CONFIRMED' });
  expect(sent).toHaveBeenCalledTimes(3);
});

test('three failures are enough', async () => {
  const sent = answering(refusal(503, '<html>'), refusal(500, ''), busy());
  await expect(callPool('AdminGetUser', ada)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  expect(sent).toHaveBeenCalledTimes(3);
});

test('one that does not answer in time is not waited for again', async () => {
  const sent = answering(Object.assign(new Error('timed out'), { name: 'TimeoutError' }));
  await expect(callPool('AdminGetUser', ada)).rejects.toThrow('timed out');
  expect(sent).toHaveBeenCalledTimes(1);
});
