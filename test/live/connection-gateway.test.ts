import { connectionGateway } from '../../lambda/live/connection.gateway';

const gateway = connectionGateway({ apiId: 'live', stage: 'prod' });

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

const answering = (...statuses: number[]) => {
  const sent = jest.spyOn(globalThis, 'fetch');
  for (const status of statuses) sent.mockResolvedValueOnce(new Response(status === 204 ? null : '{}', { status }));
  return sent;
};

test('S2-30 a frame is posted to its connection, signed', async () => {
  const sent = answering(200);
  expect(await gateway.send('L0SM9cOFvHcCIhw=', { type: 'pong' })).toBe('sent');
  const [url, init] = sent.mock.calls[0] ?? [];
  expect(url).toBe('https://live.execute-api.us-east-1.amazonaws.com/prod/@connections/L0SM9cOFvHcCIhw%3D');
  expect(init).toMatchObject({ method: 'POST', body: '{"type":"pong"}' });
  expect(new Headers(init?.headers).get('authorization')).toMatch(
    /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/execute-api\/aws4_request/,
  );
});

test('F-34 a connection is closed by a signed DELETE, and one that is gone is closed already', async () => {
  const sent = answering(204, 410);
  await gateway.disconnect('L0SM9cOFvHcCIhw=');
  await gateway.disconnect('L0SM9cOFvHcCIhw=');
  expect(sent).toHaveBeenCalledTimes(2);
  const [url, init] = sent.mock.calls[0] ?? [];
  expect(url).toBe('https://live.execute-api.us-east-1.amazonaws.com/prod/@connections/L0SM9cOFvHcCIhw%3D');
  expect(init).toMatchObject({ method: 'DELETE', body: null });
  expect(new Headers(init?.headers).get('authorization')).toMatch(/\/us-east-1\/execute-api\/aws4_request/);
});

test('F-34 a connection that API Gateway does not close is tried three times', async () => {
  answering(500, 429, 204);
  await gateway.disconnect('c-1');
  answering(500, 500, 500);
  await expect(gateway.disconnect('c-1')).rejects.toThrow('API Gateway did not close the connection: status 500');
});

test('a connection that is gone is no fault, and not asked again', async () => {
  const sent = answering(410);
  expect(await gateway.send('c-1', { type: 'pong' })).toBe('gone');
  expect(sent).toHaveBeenCalledTimes(1);
});

test('what API Gateway cannot take now is sent again, three times at most', async () => {
  answering(429, 500, 200);
  expect(await gateway.send('c-1', { type: 'pong' })).toBe('sent');
  answering(500, 500, 500);
  await expect(gateway.send('c-1', { type: 'pong' })).rejects.toThrow('API Gateway did not send the frame: status 500');
});
