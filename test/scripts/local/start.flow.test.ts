import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTimeToLiveCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { projectFolder } from '../../../scripts/lib/folders';
import { freePort } from '../../support/flow-system';

/** A fresh checkout with its dependencies installed, and with or without its local AWS. */
const checkout = ({ installed }: { installed: boolean }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const name of [
    'bin',
    'clients',
    'docs/openapi.json',
    'lib',
    'lambda',
    'scripts',
    'cdk.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, '.local'));
  if (installed) symlinkSync(join(projectFolder, '.local', 'venv'), join(folder, '.local', 'venv'));
  return folder;
};

const { PATH, HOME } = process.env; // and nothing else: a newcomer has no AWS variables

const npm = (cwd: string, args: string[], env: NodeJS.ProcessEnv = {}, input = '') => {
  const options = { cwd, env: { PATH, HOME, ...env }, input, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('npm', args, options);
  return { status, output: stdout + stderr };
};

const Outputs = z.strictObject({
  endpoint: z.url(),
  region: z.string(),
  apiUrl: z.url(),
  liveUrl: z.url(),
  storefrontUrl: z.url().optional(),
  topicArns: z.record(z.string(), z.string()),
  queueUrls: z.record(z.string(), z.url()),
  tableNames: z.array(z.string()),
});

describe('npm start, npm run status, npm stop', () => {
  let folder: string;
  let port: number;
  let first: ReturnType<typeof npm>;

  beforeAll(async () => {
    folder = checkout({ installed: true });
    port = await freePort();
    first = npm(folder, ['start', '--', '--port', String(port)]);
  }, 240_000);

  afterAll(() => {
    npm(folder, ['stop']);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a fresh checkout comes up on one command, and one real order goes all the way', () => {
    expect(first).toEqual({ status: 0, output: expect.stringContaining('confirmed') });
    const journey = ['accepted', 'reserved', 'billed', 'mailed', 'confirmed'];
    for (const stop of journey) expect(first.output).toMatch(new RegExp(stop));
    expect(first.output).toContain(`http://127.0.0.1:${port}/_aws/execute-api/ordersystem/local`);
    expect(first.output).toContain('curl');
    for (const page of ['/docs', '/mailbox', '/dashboard']) expect(first.output).toContain(page);
  });

  test('other tools find the system in .local/outputs.json, and it runs on', async () => {
    const outputs = Outputs.parse(JSON.parse(readFileSync(join(folder, '.local', 'outputs.json'), 'utf8')));
    expect(Object.keys(outputs.topicArns)).toEqual(expect.arrayContaining(['inventory-events', 'order-events']));
    expect(Object.keys(outputs.queueUrls)).toEqual(
      expect.arrayContaining(['billing-queue', 'inventory-queue', 'notification-queue', 'order-processing-dlq']),
    );
    expect(outputs.tableNames).toEqual(expect.arrayContaining(['billing', 'inventory', 'notifications', 'orders']));
    expect((await fetch(`${outputs.apiUrl}/health`)).status).toBe(200);
  });

  test('running it again changes nothing and deploys nothing', () => {
    const again = npm(folder, ['start', '--', '--port', String(port)]);
    expect(again.status).toBe(0);
    expect(again.output).not.toContain('accepted');
  }, 120_000);

  test('status says what runs', () => {
    const { status, output } = npm(folder, ['run', 'status']);
    expect(status).toBe(0);
    expect(output).toContain(String(port));
    expect(output).toMatch(/none in any of \d+ queues|-queue/);
  });

  const start = () => npm(folder, ['start', '--', '--port', String(port)]);
  const url = (path: string) => `http://127.0.0.1:${port}/_aws/execute-api/ordersystem/local${path}`;

  test('routes that are added or removed are deployed, and the orders stay', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({
      customerEmail: 'hanako@example.com',
      items: [{ productId: 'PROD-001', quantity: 1 }],
    });
    const placed = await fetch(url('/orders'), { method: 'POST', headers, body });
    const { orderId, trackingToken } = (await placed.json()) as { orderId: string; trackingToken: string };
    const statuses = async () => {
      const tracked = fetch(url(`/orders/${orderId}`), { headers: { 'x-tracking-token': trackingToken } });
      return [(await tracked).status, (await fetch(url('/openapi-too.json'))).status];
    };
    const file = join(folder, 'lambda', 'contracts', 'api', 'routes.ts');
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace("'/openapi.json'", "'/openapi-too.json'"));
    expect(start()).toMatchObject({ status: 0 });
    expect(await statuses()).toEqual([200, 200]);
    writeFileSync(file, source);
    expect(npm(folder, ['run', 'cdklocal', '--', 'deploy', '--require-approval', 'never'])).toMatchObject({
      status: 0,
      output: expect.stringContaining(`API             ${url('')}`),
    });
    expect(await statuses()).toEqual([200, 404]);
  }, 400_000);

  test('a second app of the checkout is deployed, patched, shown, and asked about before it loses data', async () => {
    const file = join(folder, 'lib', 'storefront.stack.ts');
    const carts =
      "new Table(this, 'Carts', { tableName: 'carts-of-test', timeToLiveAttribute: 'expiresAt', " +
      "partitionKey: { name: 'cartId', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST, " +
      'removalPolicy: RemovalPolicy.DESTROY });';
    const withCarts = readFileSync(file, 'utf8').replace('new SalesService(', `${carts}\n    new SalesService(`);
    const imported =
      "import { RemovalPolicy } from 'aws-cdk-lib';\n" +
      "import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';";
    writeFileSync(file, `${imported}\n${withCarts}`);
    expect(start()).toMatchObject({ status: 0, output: expect.stringContaining('StorefrontStack is deployed') });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'carts-of-test' }));
    expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
    expect(npm(folder, ['run', 'status']).output).toContain('StorefrontStack UPDATE_COMPLETE');
    await client.send(new PutItemCommand({ TableName: 'carts-of-test', Item: { cartId: { S: 'cart-1' } } }));
    writeFileSync(file, readFileSync(file, 'utf8').replace('carts-of-test', 'baskets-of-test'));
    const { status, output } = start();
    expect(status).toBe(1);
    expect(output).toContain('table carts-of-test must be made anew');
    expect(output).toContain('Nothing was deployed.');
  }, 400_000);

  test('F-43 destroy asks, and removes nothing without a yes', () => {
    const destroy = (input: string) => npm(folder, ['run', 'destroy'], {}, input);
    expect(destroy('n\n')).toMatchObject({ status: 0, output: expect.stringContaining('Nothing was removed.') });
    expect(destroy('').status).toBe(1);
    expect(npm(folder, ['run', 'status']).output).toContain('OrderSystemStack UPDATE_COMPLETE');
    expect(destroy('y\n')).toMatchObject({
      status: 0,
      output: expect.stringContaining('OrderSystemStack removed from'),
    });
    expect(npm(folder, ['run', 'status']).output).toContain('OrderSystemStack is not deployed');
  }, 120_000);

  test('stop ends it, and says so when there is nothing to end', async () => {
    expect(npm(folder, ['stop']).status).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/_ministack/health`)).rejects.toThrow();
    expect(npm(folder, ['stop']).output).toContain('No local AWS');
  });
});

describe('npm start says what to do', () => {
  test('when another program has the port', async () => {
    const server = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const folder = checkout({ installed: true });
    const { status, output } = npm(folder, ['start', '--', '--port', String(port)]);
    server.close();
    rmSync(folder, { recursive: true, force: true });
    expect(status).toBe(1);
    expect(output).toContain(`Port ${port} is taken`);
    expect(output).toContain('--port');
  }, 60_000);

  test('when there is no Python', () => {
    const folder = checkout({ installed: false });
    const tools = mkdtempSync(join(tmpdir(), 'tools-'));
    for (const tool of ['bash', 'sh', 'dirname', 'env', 'node', 'npm']) {
      symlinkSync(realpathSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim()), join(tools, tool));
    }
    const { status, output } = npm(folder, ['start'], { PATH: tools });
    for (const made of [folder, tools]) rmSync(made, { recursive: true, force: true });
    expect(status).toBe(1);
    expect(output).toContain('needs Python 3.10 or newer');
    expect(output).toContain('AWS_ENDPOINT_URL');
  }, 60_000);

  test.each([
    ['--port', 'x'],
    ['--port', '70000'],
    ['--nonsense', 'x'],
  ])(
    'when the arguments are %s %s',
    (...args) => {
      const { status, output } = npm(projectFolder, ['start', '--', ...args]);
      expect(status).toBe(2);
      expect(output).toContain(args[0]);
      expect(output).toContain('--help');
    },
    60_000,
  );
});
