import { invokeFunction } from '../../lambda/kernel/aws/signed-request';
import { atEndpoint } from '../support/aws-endpoint';

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

const answering = (response: Response) => jest.spyOn(globalThis, 'fetch').mockResolvedValueOnce(response);

test('P20 a function is invoked by its name where AWS answers, signed for the own region', async () => {
  const sent = answering(new Response('{"short":[]}'));
  expect(await invokeFunction('tell-order')({ ask: 'check-stock' })).toEqual({ short: [] });
  const [url, init] = sent.mock.calls[0] ?? [];
  expect(url).toBe('https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/tell-order/invocations');
  expect(init).toMatchObject({ method: 'POST', body: '{"ask":"check-stock"}' });
  const authorization = new Headers(init?.headers).get('authorization');
  expect(authorization).toMatch(/Credential=test\/\d{8}\/us-east-1\/lambda\/aws4_request/);
});

test('P20 a function of a local AWS is invoked where that answers in the caller’s own network', async () => {
  const sent = answering(new Response('null'));
  const endpoint = 'http://172.17.0.2:4566';
  expect(await atEndpoint(endpoint, () => invokeFunction('tell-order')({}))).toBeNull();
  expect(sent.mock.calls[0]?.[0]).toBe(`${endpoint}/2015-03-31/functions/tell-order/invocations`);
});

test.each([
  ['cannot be invoked', new Response('{}', { status: 403 }), 'the function tell-order failed with 403'],
  [
    'throws',
    new Response('{"errorMessage":"hush-hush"}', { headers: { 'x-amz-function-error': 'Unhandled' } }),
    'the function tell-order failed with 200',
  ],
])('one that %s has no answer, and its words are not repeated', async (_what, response, message) => {
  answering(response);
  await expect(invokeFunction('tell-order')({})).rejects.toThrow(new Error(message));
});

test('it is waited for as long as the caller says', async () => {
  const timeout = jest.spyOn(AbortSignal, 'timeout');
  answering(new Response('{}'));
  await invokeFunction('tell-order', 28_000)({});
  answering(new Response('{}'));
  await invokeFunction('tell-order')({});
  expect(timeout.mock.calls).toEqual([[28_000], [5_000]]);
});
