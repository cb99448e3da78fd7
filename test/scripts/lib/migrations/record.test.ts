import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trustedTenant } from '../../../../lambda/kernel/tenant';
import { operatorKeyService } from '../../../../scripts/lib/migrations/aws-api';
import { parameterRecords } from '../../../../scripts/lib/migrations/record';
import { begun } from '../../../../scripts/lib/migrations/runner';

const parameters = new Map<string, string>();
const asked: { target: string; input: Record<string, unknown>; authorization: string }[] = [];
let busy = 0;

const answerOf = (action: string, input: Record<string, unknown>): [status: number, answer: object] => {
  if (busy > 0) {
    busy -= 1;
    return [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }];
  }
  if (action === 'GenerateDataKey')
    return [200, { Plaintext: Buffer.alloc(32).toString('base64'), CiphertextBlob: 'd3JhcHBlZA==' }];
  const name = String(input.Name);
  if (action === 'PutParameter') {
    parameters.set(name, String(input.Value));
    return [200, { Version: 1 }];
  }
  const Value = parameters.get(name);
  return Value === undefined
    ? [400, { __type: 'com.amazonaws.ssm#ParameterNotFound' }]
    : [200, { Parameter: { Name: name, Value } }];
};

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const input = await bodyOf(request);
    const target = String(request.headers['x-amz-target']);
    asked.push({ target, input, authorization: String(request.headers.authorization) });
    const [status, answer] = answerOf(target.split('.')[1] ?? '', input);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const name = { service: 'order', number: 1 };
const record = begun({ seen: 3, found: 2 }, new Date('2026-12-01T00:00:00.000Z'));

test('S1-31 a record is a parameter of its service and number, and is missing before', async () => {
  const records = parameterRecords({ endpoint, region: 'us-east-1' });
  expect(await records.read(name)).toBeUndefined();
  await records.write(name, record);
  expect(await records.read(name)).toEqual(record);
  expect([...parameters.keys()]).toEqual(['/order-system/migrations/order/1']);
  expect(await records.read({ service: 'order', number: 2 })).toBeUndefined();
});

test('the stage dev has records of its own', async () => {
  await parameterRecords({ endpoint, region: 'us-east-1', stage: 'dev' }).write(name, record);
  expect([...parameters.keys()]).toContain('/dev-order-system/migrations/order/1');
});

test('a throttled call is repeated', async () => {
  busy = 2;
  const records = parameterRecords({ endpoint, region: 'us-east-1' });
  expect(await records.read(name)).toEqual(record);
  expect(busy).toBe(0);
});

test('KMS is asked with the credentials of the operator, not with those of a function', async () => {
  const { key } = await operatorKeyService({ endpoint, region: 'eu-west-1' }, 'the-key').generate(
    trustedTenant('shop-a'),
  );
  expect(key).toHaveLength(32);
  const last = asked.at(-1);
  expect(last?.input).toMatchObject({ KeyId: 'the-key', EncryptionContext: { tenant: 'shop-a' } });
  expect([last?.target, last?.authorization]).toEqual([
    'TrentService.GenerateDataKey',
    expect.stringContaining('/eu-west-1/kms/aws4_request'),
  ]);
});
