import { spawn, spawnSync } from 'node:child_process';
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
import { DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { projectFolder } from '../../../scripts/lib/folders';
import { awsEnvironment, cdklocal, freePort, noteCheckout } from '../../support/flow-system';

/** A fresh checkout with its dependencies installed, and with or without its local AWS. */
const checkout = ({ installed }: { installed: boolean }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  noteCheckout(folder);
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

type Ended = { readonly status: number | null; readonly output: string };
type Typed = { readonly cwd?: string; readonly env: NodeJS.ProcessEnv; readonly input?: string };

/** Runs a program as somebody does who types it; while it runs, connections that are kept open are looked after. */
const run = (program: string, args: readonly string[], { input = '', ...options }: Typed): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn(program, args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.on('error', fail);
    child.on('close', (status) => done({ status, output }));
    child.stdin.on('error', () => undefined).end(input); // it may end without reading
  });

const npm = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') =>
  run('npm', args, { cwd, env: { PATH, HOME, ...env }, input });

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
  let first: Ended;

  beforeAll(async () => {
    folder = checkout({ installed: true });
    port = await freePort();
    first = await npm(folder, ['start', '--', '--port', String(port)]);
  }, 240_000);

  afterAll(async () => {
    await npm(folder, ['stop']);
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

  test('running it again changes nothing and deploys nothing', async () => {
    const again = await npm(folder, ['start', '--', '--port', String(port)]);
    expect(again.status).toBe(0);
    expect(again.output).not.toContain('accepted');
  }, 120_000);

  test('status says what runs', async () => {
    const { status, output } = await npm(folder, ['run', 'status']);
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
    expect(await start()).toMatchObject({ status: 0 });
    expect(await statuses()).toEqual([200, 200]);
    writeFileSync(file, source);
    expect(await npm(folder, ['run', 'cdklocal', '--', 'deploy', '--require-approval', 'never'])).toMatchObject({
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
    expect(await start()).toMatchObject({ status: 0, output: expect.stringContaining('StorefrontStack is deployed') });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'carts-of-test' }));
    expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
    expect((await npm(folder, ['run', 'status'])).output).toContain('StorefrontStack UPDATE_COMPLETE');
    await client.send(new PutItemCommand({ TableName: 'carts-of-test', Item: { cartId: { S: 'cart-1' } } }));
    writeFileSync(file, readFileSync(file, 'utf8').replace('carts-of-test', 'baskets-of-test'));
    const { status, output } = await start();
    expect(status).toBe(1);
    expect(output).toContain('table carts-of-test must be made anew');
    expect(output).toContain('Nothing was deployed.');
  }, 400_000);

  test('F-43 destroy asks, and removes nothing without a yes', async () => {
    const destroy = (input: string) => npm(folder, ['run', 'destroy'], {}, input);
    expect(await destroy('n\n')).toMatchObject({ status: 0, output: expect.stringContaining('Nothing was removed.') });
    expect((await destroy('')).status).toBe(1);
    expect((await npm(folder, ['run', 'status'])).output).toContain('OrderSystemStack UPDATE_COMPLETE');
    expect(await destroy('y\n')).toMatchObject({
      status: 0,
      output: expect.stringContaining('OrderSystemStack removed from'),
    });
    expect((await npm(folder, ['run', 'status'])).output).toContain('OrderSystemStack is not deployed');
  }, 120_000);

  describe('the fan-out core alone, on the local AWS that is empty again', () => {
    const environment = () => ({ ...process.env, ...awsEnvironment(`http://127.0.0.1:${port}`) });
    const coreOut = () => ['--output', join(folder, 'core.out')];

    const tables = async () => {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
      return (await client.send(new ListTablesCommand({}))).TableNames;
    };

    test('S0-55 cdklocal deploy --require-approval never deploys it', async () => {
      const core = ['deploy', '--context', 'services=core', '--require-approval', 'never', ...coreOut()];
      await cdklocal(core, awsEnvironment(`http://127.0.0.1:${port}`), join(folder, 'core.log'));
      expect(await tables()).toEqual(
        expect.arrayContaining(['billing', 'inventory', 'notifications', 'orders', 'reservations']),
      );
    }, 180_000);

    test.each([
      ['S0-46', 'seed-data.sh'],
      ['S0-46', 'check-resources.sh'],
      ['S0-01', 'test-order-api.sh'],
      ['S0-39', 'test-parallel-processing.sh'],
      ['S0-25 S0-42', 'test-error-scenarios.sh'],
      ['S0-10', 'verify-phase3.sh'],
      ['S0-43 S0-44', 'test-summary.sh'],
      ['S0-45', 'manage-dlq.sh', 'list'],
    ])(
      '%s %s passes',
      async (_promise, name, ...args) => {
        const { SYSTEM_OUTPUTS: _, ...env } = environment();
        const { status, output } = await run('bash', [join(projectFolder, 'scripts', name), ...args], { env });
        if (status !== 0) throw new Error(`${name} ended with ${status}:\n${output}`);
        expect(output).not.toMatch(/^✗/m);
      },
      180_000,
    );
  });

  test('stop ends it, and says so when there is nothing to end', async () => {
    expect((await npm(folder, ['stop'])).status).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/_ministack/health`)).rejects.toThrow();
    expect((await npm(folder, ['stop'])).output).toContain('No local AWS');
  });
});

describe('npm start says what to do', () => {
  test('when another program has the port', async () => {
    const server = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const folder = checkout({ installed: true });
    const { status, output } = await npm(folder, ['start', '--', '--port', String(port)]);
    server.close();
    rmSync(folder, { recursive: true, force: true });
    expect(status).toBe(1);
    expect(output).toContain(`Port ${port} is taken`);
    expect(output).toContain('--port');
  }, 60_000);

  test('when there is no Python', async () => {
    const folder = checkout({ installed: false });
    const tools = mkdtempSync(join(tmpdir(), 'tools-'));
    for (const tool of ['bash', 'sh', 'dirname', 'env', 'node', 'npm']) {
      symlinkSync(realpathSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim()), join(tools, tool));
    }
    const { status, output } = await npm(folder, ['start'], { PATH: tools });
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
    async (...args) => {
      const { status, output } = await npm(projectFolder, ['start', '--', ...args]);
      expect(status).toBe(2);
      expect(output).toContain(args[0]);
      expect(output).toContain('--help');
    },
    60_000,
  );
});
