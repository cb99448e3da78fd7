import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../../../scripts/lib/command';
import { clientOptions, findSystem, readOutputs, systemFrom } from '../../../../scripts/lib/system/system';
import { startFakeAws } from '../../local/fake-aws';
import { startFakeMiniStack } from '../../local/fake-ministack';

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const outputs = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'us-east-1',
  apiUrl: 'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local/',
  topicArns: { 'order-events': 'arn:aws:sns:us-east-1:000000000000:order-events' },
  queueUrls: { 'inventory-queue': 'http://127.0.0.1:4566/000000000000/inventory-queue' },
  tableNames: ['orders'],
};
let files = 0;
const file = (content: unknown) => {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const localFolder = (content?: unknown) => {
  const local = mkdtempSync(join(folder, 'local-'));
  if (content !== undefined) cpSync(file(content), join(local, 'outputs.json'));
  return local;
};

describe('the outputs file', () => {
  test('is read, and its API URL ends without a slash', () => {
    expect(readOutputs(file({ ...outputs, more: 1 })).apiUrl).toBe(
      'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local',
    );
  });

  test.each([
    ['{', 'is not JSON. Run "npm start" again: it writes the file anew.'],
    ['null', 'the whole: must be an object. Run "npm start" again: it writes the file anew.'],
    [
      { ...outputs, endpoint: 'localhost' },
      'endpoint: must be a web address such as https://example.com/. Run "npm start" again: it writes the file anew.',
    ],
    [{ ...outputs, queueUrls: { a: 1 } }, 'queueUrls.a: must be text'],
    [{ ...outputs, tableNames: undefined }, 'tableNames: is missing'],
  ])('%j is refused with what is wrong', (content, message) => {
    expect(() => readOutputs(file(content))).toThrow(message);
  });

  test('that is not there is named', () => {
    expect(() => readOutputs(join(folder, 'none.json'))).toThrow('none.json: cannot be read. Run "npm start" first.');
  });
});

describe('finding the system', () => {
  let server: Server;
  const listening = (answer: { status: number; body: unknown }) =>
    new Promise<string>((resolve) => {
      server = createServer((_, response) => {
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(answer.body));
      });
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  const close = () => new Promise((resolve) => server.close(resolve));

  test('says to start it when the file is stale and nothing answers', async () => {
    const endpoint = await listening({ status: 200, body: {} });
    await close();
    const path = file({ ...outputs, endpoint });
    await expect(findSystem({}, { SYSTEM_OUTPUTS: path })).rejects.toThrow(
      `${path} says that the system is at ${endpoint}, but nothing answers there. Run "npm start" first.`,
    );
  });

  test('says to start it when the endpoint answers but has lost the system', async () => {
    const endpoint = await listening({
      status: 400,
      body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'no table' },
    });
    const found = findSystem({}, { SYSTEM_OUTPUTS: file({ ...outputs, endpoint }) });
    await expect(found).rejects.toThrow(`The order system is not deployed at ${endpoint}. Run "npm start" first.`);
    await close();
  });

  test('says to start it when nothing answers at AWS_ENDPOINT_URL', async () => {
    const endpoint = await listening({ status: 200, body: {} });
    await close();
    await expect(findSystem({}, { AWS_ENDPOINT_URL: endpoint })).rejects.toThrow(
      `Nothing answers at ${endpoint}. Run "npm start" first.`,
    );
  });

  const page = { status: 200, type: 'text/html', body: '<!doctype html><title>Mails</title><p>none</p>' };

  test.each([page, { ...page, status: 404 }, { ...page, body: 'ok' }, { status: 200, body: '{}' }])(
    'F-15 says when what answers at AWS_ENDPOINT_URL is another program: %j',
    async (reply) => {
      const { endpoint, close: end } = await startFakeAws(() => reply);
      await expect(findSystem({}, { AWS_ENDPOINT_URL: endpoint }).finally(end)).rejects.toThrow(
        new CommandError(`AWS_ENDPOINT_URL=${endpoint}: what answers there is no local AWS.`),
      );
    },
  );

  test('F-15 says when what answers where the file says is another program', async () => {
    const { endpoint, close: end } = await startFakeAws(() => page);
    const found = findSystem({}, { SYSTEM_OUTPUTS: file({ ...outputs, endpoint }) });
    await expect(found.finally(end)).rejects.toThrow(
      new CommandError(`${endpoint}: what answers there is no local AWS.`),
    );
  });

  test('F-15 says when what answers speaks http alone', async () => {
    const { endpoint, close: end } = await startFakeAws(() => page);
    const secure = endpoint.replace('http:', 'https:');
    await expect(findSystem({}, { AWS_ENDPOINT_URL: secure }).finally(end)).rejects.toThrow(
      new CommandError(`AWS_ENDPOINT_URL=${secure} speaks no https; try ${endpoint}.`),
    );
  });

  test('gives what the file says when the system answers', async () => {
    const endpoint = await listening({ status: 200, body: { Table: { TableName: 'orders' } } });
    const { queueUrls } = await findSystem({}, { SYSTEM_OUTPUTS: file({ ...outputs, endpoint }) });
    expect(queueUrls).toEqual({ 'inventory-queue': 'http://127.0.0.1:4566/000000000000/inventory-queue' });
    await close();
  });

  test.each([['{'], [{ ...outputs, queueUrls: undefined }]])(
    'at AWS_ENDPOINT_URL needs no file: %j is passed over',
    async (content) => {
      const local = localFolder(content);
      const endpoint = await listening({ status: 200, body: {} });
      await close();
      await expect(findSystem({}, { AWS_ENDPOINT_URL: endpoint }, local)).rejects.toThrow(
        `Nothing answers at ${endpoint}. Run "npm start" first.`,
      );
      await expect(findSystem({}, {}, local)).rejects.toThrow('Run "npm start" again: it writes the file anew.');
    },
  );

  test('asks the local AWS that was started from here when no file names another', async () => {
    const local = localFolder();
    const own = await startFakeMiniStack(local, 'refuses');
    await expect(findSystem({}, {}, local).finally(own.stop)).rejects.toThrow(`at ${own.endpoint}`);
  });

  test('asks the local AWS that was started from here, whatever a file says of another', async () => {
    const local = localFolder(outputs);
    const own = await startFakeMiniStack(local, 'refuses');
    await expect(findSystem({}, {}, local).finally(own.stop)).rejects.toThrow(`at ${own.endpoint}`);
  });

  test('looks in the region of cdklocal, whatever AWS_REGION says', async () => {
    const { endpoint, signedFor, close: end } = await startFakeAws(() => ({ status: 400, body: '{}' }));
    await expect(findSystem({}, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1' })).rejects.toThrow();
    await end();
    expect(signedFor[0]).toBe('cloudformation'); // of calls that are signed for us-east-1
  });

  test('refuses an AWS_ENDPOINT_URL that is none', async () => {
    await expect(findSystem({}, { AWS_ENDPOINT_URL: 'localhost:4566' })).rejects.toThrow('http:// or https://');
  });

  test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_SQS'])(
    'on AWS is refused while %s names a local one',
    async (name) => {
      await expect(findSystem({ aws: true }, { [name]: 'http://127.0.0.1:4566' })).rejects.toThrow(
        `${name} leads to http://127.0.0.1:4566, and --aws means AWS: unset it.`,
      );
    },
  );
});

test('a stage is asked for on AWS alone', async () => {
  await expect(findSystem({ stage: 'dev' }, {})).rejects.toThrow('--stage: goes with --aws');
});

describe('a stack’s resources', () => {
  const resource = (type: string, id: string, stack = 'OrderSystemStack') => ({
    stack,
    type,
    id,
    logicalId: 'X',
    status: 'CREATE_COMPLETE',
  });
  const resources = [
    resource('AWS::SNS::Topic', 'arn:aws:sns:us-east-1:000000000000:order-events'),
    resource('AWS::SQS::Queue', 'http://localhost:4590/000000000000/billing-queue'),
    resource('AWS::DynamoDB::GlobalTable', 'billing'),
    resource('AWS::ApiGateway::RestApi', 'ordersystem'),
    resource('AWS::ApiGateway::Stage', 'local'),
    resource('AWS::Lambda::Function', 'f'),
  ];

  test('become a local system at its endpoint', () => {
    expect(
      systemFrom(resources, { apiUrl: 'https://aws/' }, { endpoint: 'http://127.0.0.1:4590', region: 'us-east-1' }),
    ).toEqual({
      endpoint: 'http://127.0.0.1:4590',
      region: 'us-east-1',
      apiUrl: 'http://127.0.0.1:4590/_aws/execute-api/ordersystem/local',
      topicArns: { 'order-events': 'arn:aws:sns:us-east-1:000000000000:order-events' },
      queueUrls: { 'billing-queue': 'http://127.0.0.1:4590/000000000000/billing-queue' },
      tableNames: ['billing'],
    });
  });

  test('S2-30 name the local WebSocket API, when the stack has one', () => {
    const live = [resource('AWS::ApiGatewayV2::Api', 'orderlive'), resource('AWS::ApiGatewayV2::Stage', 'local')];
    const where = { endpoint: 'http://127.0.0.1:4590', region: 'us-east-1' };
    const { liveUrl } = systemFrom([...resources, ...live], { apiUrl: '' }, where);
    expect(liveUrl).toBe('ws://127.0.0.1:4590/_aws/execute-api/orderlive/local');
  });

  test('A3 of dev are known by their bare names, whatever they are called there', () => {
    const dev = resources.map((one) => ({
      ...one,
      id: one.id.replace(/(order-events|billing-queue|billing)$/, 'dev-$1'),
    }));
    const where = { region: 'eu-west-1', stage: 'dev' } as const;
    const { topicArns, queueUrls, tableNames } = systemFrom(dev, { apiUrl: 'https://aws/dev' }, where);
    expect(topicArns).toEqual({ 'order-events': 'arn:aws:sns:us-east-1:000000000000:dev-order-events' });
    expect(queueUrls).toEqual({ 'billing-queue': 'http://localhost:4590/000000000000/dev-billing-queue' });
    expect(tableNames).toEqual(['billing']);
  });

  test('name the storefront’s API beside the own one, when it is deployed', () => {
    const storefront = [
      resource('AWS::ApiGateway::RestApi', 'storefront', 'StorefrontStack'),
      resource('AWS::ApiGateway::Stage', 'local', 'StorefrontStack'),
    ];
    const where = { endpoint: 'http://127.0.0.1:4590', region: 'us-east-1' };
    const { apiUrl, storefrontUrl } = systemFrom([...storefront, ...resources], { apiUrl: '' }, where);
    expect(apiUrl).toBe('http://127.0.0.1:4590/_aws/execute-api/ordersystem/local');
    expect(storefrontUrl).toBe('http://127.0.0.1:4590/_aws/execute-api/storefront/local');
  });

  test('become a system on AWS with the stack’s own URLs', () => {
    const urls = { apiUrl: 'https://x.amazonaws.com/prod/', liveUrl: 'wss://y.amazonaws.com/prod' };
    const { apiUrl, liveUrl, queueUrls } = systemFrom(resources, urls, { region: 'eu-west-1' });
    expect([apiUrl, liveUrl]).toEqual(['https://x.amazonaws.com/prod', 'wss://y.amazonaws.com/prod']);
    expect(queueUrls['billing-queue']).toBe('http://localhost:4590/000000000000/billing-queue');
  });
});

test('a local AWS is never sent real credentials', () => {
  const local = { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' };
  const keyFor = (AWS_ACCESS_KEY_ID: string) =>
    clientOptions(local, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: 's3cret' });
  expect(keyFor('AKIAIOSFODNN7EXAMPLE')).toMatchObject({
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  expect(keyFor('000000000042')).toMatchObject({
    credentials: { accessKeyId: '000000000042', secretAccessKey: 'test' },
  });
  expect(clientOptions({ region: 'eu-west-1' }, {})).toEqual({ region: 'eu-west-1' });
});
