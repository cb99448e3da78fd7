import { currentSecret } from '../../lambda/kernel/aws/secret';

const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:cursor';

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

const answering = (...answers: (Response | Error)[]) => {
  const sent = jest.spyOn(globalThis, 'fetch');
  for (const answer of answers)
    if (answer instanceof Error) sent.mockRejectedValueOnce(answer);
    else sent.mockResolvedValueOnce(answer);
  return sent;
};

const read = async (): Promise<string> => (await currentSecret(arn, String)).current();

const holding = (SecretString: string) => new Response(JSON.stringify({ SecretString }));
const refusal = (status: number) => new Response('{"__type":"…","Message":"hush-hush"}', { status });

test('a secret is asked for by its ARN, signed for the function’s own region', async () => {
  const sent = answering(holding('key'));
  expect(await read()).toBe('key');
  const [url, init] = sent.mock.calls[0] ?? [];
  expect([url, init?.body]).toEqual(['https://secretsmanager.us-east-1.amazonaws.com/', `{"SecretId":"${arn}"}`]);
  const headers = new Headers(init?.headers);
  expect(headers.get('x-amz-target')).toBe('secretsmanager.GetSecretValue');
  expect(headers.get('authorization')).toMatch(/Credential=test\/\d{8}\/us-east-1\/secretsmanager\/aws4_request/);
});

test('a function that starts while Secrets Manager is busy asks again', async () => {
  const sent = answering(refusal(500), new TypeError('fetch failed'), holding('key'));
  expect(await read()).toBe('key');
  expect(sent).toHaveBeenCalledTimes(3);
});

test('three refusals are enough, and their words are not repeated', async () => {
  const sent = answering(refusal(400), refusal(400), refusal(400));
  const error: unknown = await read().catch((thrown: unknown) => thrown);
  expect(String(error)).toBe('Error: a secret cannot be read: Secrets Manager answered 400');
  expect(sent).toHaveBeenCalledTimes(3);
});

test('one that does not answer in time is not waited for again', async () => {
  const sent = answering(Object.assign(new Error('timed out'), { name: 'TimeoutError' }));
  await expect(read()).rejects.toThrow('timed out');
  expect(sent).toHaveBeenCalledTimes(1);
});
