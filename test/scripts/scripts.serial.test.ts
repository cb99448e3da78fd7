import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { DeadLetter } from '../../scripts/lib/dead-letters/dead-letter';
import { readEffects } from '../../scripts/lib/demo/effects';
import { readStock } from '../../scripts/lib/demo/stock';
import { deadLetterQueueName, queueDepth, queueUrl } from '../../scripts/lib/system/queues';
import { findSystem } from '../../scripts/lib/system/system';
import { localTables } from '../../scripts/lib/system/tables';
import { until } from '../../scripts/lib/wait';

jest.setTimeout(60_000); // a machine that is busy starts a script slowly

const scripts = resolve('scripts');
const elsewhere = mkdtempSync(join(tmpdir(), 'not the project '));
afterAll(() => rmSync(elsewhere, { recursive: true }));

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a script from a folder that is not the project's, without a terminal. */
const bash = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn('bash', [join(scripts, name), ...args], {
      cwd: elsewhere,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, err }));
  });

const succeeds = async (name: string, ...args: string[]): Promise<string> => {
  const { code, out, err } = await bash(name, args);
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${out}${err}`);
  return out;
};

const db = new DynamoDBClient({});
const tables = localTables(db);
const minutes = 60_000;

test('a script runs from any folder, and its exit code is the command’s', async () => {
  expect((await bash('seed-data.sh', ['--help'])).out).toMatch(/^bash scripts\/seed-data\.sh/);
  expect(await bash('seed-data.sh', ['--frobnicate'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--frobnicate: unknown option'),
  });
});

describe('seed-data', () => {
  test('S0-47 puts the stock back to the seed document’s numbers', async () => {
    await succeeds('seed-data.sh');
    const stock = await readStock(tables, 'default', ['PROD-001', 'PROD-002', 'PROD-003', 'PROD-004']);
    expect([...stock.values()].map(({ productId, stock }) => [productId, stock]).sort()).toEqual([
      ['PROD-001', 10],
      ['PROD-002', 50],
      ['PROD-003', 25],
      ['PROD-004', 0],
    ]);
  });

  test('leaves what orders have reserved, and raises the version', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    const key = randomUUID();
    const out = await succeeds('seed-data.sh', '--tenant', tenant, '--storefront-key', key);
    const curl = out.split('\n').find((line) => line.trim().startsWith('curl')) ?? '';
    const { url = '', body = '' } = /(?<url>http\S+).* -d '(?<body>.*)'/.exec(curl)?.groups ?? {};
    const headers = { 'content-type': 'application/json', 'x-storefront-key': key };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201);
    const row = async () => (await readStock(tables, tenant, ['PROD-001'])).get('PROD-001');
    const reserved = await until(async () => ((await row())?.reservedQuantity === 1 ? row() : undefined), {
      timeoutMs: minutes,
    });
    expect(reserved).toMatchObject({ stock: 9, reservedQuantity: 1 });
    await succeeds('seed-data.sh', '--tenant', tenant);
    const after = await row();
    expect(after).toMatchObject({ stock: 10, reservedQuantity: 1, warehouseCode: 'MAIN' });
    expect(Number(after?.version)).toBeGreaterThan(Number(reserved?.version));
  });

  test('writes nothing of a file with one wrong row', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    writeFileSync(
      join(elsewhere, 'bad.csv'),
      'productId,name,price,currency,stock\nP-1,良い,1,JPY,1\nP-2,悪い,x,JPY,1\n',
    );
    const { code, err } = await bash('seed-data.sh', ['--file', 'bad.csv', '--tenant', tenant]);
    expect(err).toContain('--file "bad.csv": nothing was written:\n  row 2, column price');
    expect(code).toBe(1);
    expect((await readStock(tables, tenant, ['P-1'])).size).toBe(0);
  });

  test('F-21 changes nothing that a file does not mention', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    const load = async (...lines: string[]) => {
      writeFileSync(join(elsewhere, 'list.csv'), lines.join('\r\n'));
      await succeeds('seed-data.sh', '--file', 'list.csv', '--tenant', tenant);
    };
    const row = async (table: string) =>
      (await tables.db.send(new GetCommand({ TableName: table, Key: { productId: `${tenant}#P-1` } }))).Item;
    await load('productId;name;price;currency;stock;taxRate;status', 'P-1;お茶;100;JPY;5;8;FALSE', ';;;;;;');
    await load('productId,name,price,currency', 'P-1,お茶,"1,200",JPY');
    const kept = { price: 1200, taxRateBps: 800 };
    expect(await row('products')).toMatchObject({ ...kept, status: false, offSaleBy: 'staff', version: 2 });
    expect(await row('order-products')).toMatchObject({ ...kept, onSale: false });
    expect((await readStock(tables, tenant, ['P-1'])).get('P-1')).toMatchObject({ stock: 5 });
  });

  test('writes nothing in a dry run', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    expect(await succeeds('seed-data.sh', '--tenant', tenant, '--dry-run')).toContain(
      'nothing was written (--dry-run)',
    );
    expect((await readStock(tables, tenant, ['PROD-001'])).size).toBe(0);
  });

  test('does not take another tenant’s storefront key', async () => {
    const key = randomUUID();
    await succeeds('seed-data.sh', '--tenant', `t-${randomUUID().slice(0, 8)}`, '--storefront-key', key);
    const { code, err } = await bash('seed-data.sh', ['--tenant', 'thief', '--storefront-key', key]);
    expect(err).toContain('this key belongs to another tenant already');
    expect(code).toBe(1);
  });
});

test('a script ends with 1 when the system is not as it must be, and names what is wrong', async () => {
  const { 'order-processing-dlq': _, ...queueUrls } = (await findSystem()).queueUrls;
  const outputs = { ...(await findSystem()), queueUrls };
  writeFileSync(join(elsewhere, 'outputs.json'), JSON.stringify(outputs));
  const { code, out } = await bash('check-resources.sh', [], { SYSTEM_OUTPUTS: join(elsewhere, 'outputs.json') });
  expect(out).toContain('1 of 16 checks failed: dead-letter queue order-processing-dlq');
  expect(code).toBe(1);
});

test('S0-46 check-resources lists every resource and finds all that was promised', async () => {
  const out = await succeeds('check-resources.sh');
  expect(out).toMatch(/SNS::Topic +arn:aws:sns:us-east-1:000000000000:order-events/);
  expect(out).toMatch(/16 of 16 checks passed/);
});

test(
  'S0-49 test-order-api orders through the API and shows the curl lines',
  async () => {
    const out = await succeeds('test-order-api.sh');
    expect(out).toContain('curl -s -X POST ');
    expect(out).toContain('17 of 17 checks passed');
  },
  2 * minutes,
);

test(
  'S0-50 S0-39 S0-40 S0-41 test-parallel-processing sends five at once',
  async () => {
    expect(await succeeds('test-parallel-processing.sh')).toContain('8 of 8 checks passed');
  },
  2 * minutes,
);

test(
  'S0-48 verify-phase3 checks the three services',
  async () => {
    const out = await succeeds('verify-phase3.sh');
    expect(out.match(/\d+ of \d+ checks passed/g)).toEqual([
      '9 of 9 checks passed',
      '9 of 9 checks passed',
      '5 of 5 checks passed',
    ]);
  },
  2 * minutes,
);

test(
  'S0-53 S0-43 S0-44 test-summary reproduces the seed document’s figures',
  async () => {
    const out = await succeeds('test-summary.sh', '--lang', 'ja');
    expect(out).toMatch(/Order Processor +10 件 +0 件 +100%/);
    expect(out).toMatch(/Inventory Service +6 件 +4 件 +60%/);
    expect(out).toMatch(/Notification Service +10 件 +0 件 +100%/);
    expect(out).toMatch(/Billing Service +10 件 +0 件 +100%/);
    expect(out).toMatch(/ノートPC +10 個 +7 個 +3 件/);
    expect(out).toMatch(/ワイヤレスマウス +50 個 +45 個 +5 件/);
    expect(out).toMatch(/メカニカルキーボード +25 個 +24 個 +1 件/);
    expect(out).toMatch(/人気商品（在庫切れ） +0 個 +0 個 +4 件/);
  },
  3 * minutes,
);

describe('S0-51 S0-52 test-error-scenarios and manage-dlq', () => {
  let deadLetter: DeadLetter;
  const audit = join(elsewhere, 'audit.jsonl');
  const manage = (...args: string[]) => bash('manage-dlq.sh', args);

  test(
    'a message of short stock ends in the dead-letter queue with the exact text',
    async () => {
      const out = await succeeds('test-error-scenarios.sh');
      expect(out).toContain('9 of 9 checks passed');
      expect(out).toContain('Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1');
      const id = /redrive --id (\S+)/.exec(out)?.[1] ?? '';
      deadLetter = JSON.parse(await succeeds('manage-dlq.sh', 'show', id, '--json'));
      expect(deadLetter).toMatchObject({ messageId: id, consumer: 'inventory', eventType: 'OrderPlaced.v2' });
    },
    3 * minutes,
  );

  test('list shows it in its group', async () => {
    const out = await succeeds('manage-dlq.sh');
    expect(out).toMatch(
      /inventory +OrderPlaced\.v2 +InsufficientStockError: Insufficient stock for 人気商品（在庫切れ）/,
    );
  });

  test('redrive asks first, and without anybody to answer does nothing', async () => {
    const { code, err } = await manage('redrive', '--id', deadLetter.messageId);
    expect(err).toContain('Redrive 1 message? Nobody is there to answer: say --yes.');
    expect(code).toBe(1);
  });

  test('a dry run says where it would go', async () => {
    const { code, out } = await manage('redrive', '--id', deadLetter.messageId, '--dry-run', '--json');
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, deeds: [], plan: [{ route: { to: ['inventory-queue'] } }] });
    expect(code).toBe(0);
  });

  test('delete refuses to work without a reason', async () => {
    const { code, err } = await manage('delete', '--id', deadLetter.messageId, '--yes');
    expect(err).toContain('delete: needs --reason');
    expect(code).toBe(2);
  });

  test(
    'after a restock a redrive completes the order, and the audit file says who did it',
    async () => {
      writeFileSync(
        join(elsewhere, 'restock.csv'),
        'productId,name,price,currency,stock\nPROD-004,人気商品（在庫切れ）,5000,JPY,1\n',
      );
      await succeeds('seed-data.sh', '--file', 'restock.csv');
      await succeeds('manage-dlq.sh', 'redrive', '--id', deadLetter.messageId, '--yes', '--audit-file', 'audit.jsonl');
      const orderId = /(ORD-\d+):/.exec(deadLetter.eventId ?? '')?.[1] ?? '';
      const confirmed = await until(
        async () => ((await readEffects(tables, orderId)).order?.status === 'CONFIRMED' ? true : undefined),
        { timeoutMs: minutes },
      );
      expect(confirmed).toBe(true);
      expect(JSON.parse(readFileSync(audit, 'utf8'))).toMatchObject({
        action: 'redrive',
        messageId: deadLetter.messageId,
        to: ['inventory-queue'],
      });
      await succeeds('seed-data.sh');
    },
    2 * minutes,
  );

  test('a message that is gone is not found any more', async () => {
    const { code, err } = await manage('show', deadLetter.messageId);
    expect(err).toContain(`no message has the ID "${deadLetter.messageId}"`);
    expect(code).toBe(1);
  });

  test(
    'delete with a reason removes a message for good and notes the reason',
    async () => {
      const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
      const system = await findSystem();
      const depth = () => queueDepth(sqs, deadLetterQueueName, queueUrl(system, deadLetterQueueName));
      const deadLetters: DeadLetter[] = JSON.parse(await succeeds('manage-dlq.sh', 'list', '--json'));
      const first = deadLetters.find(({ eventId = '' }) => eventId.startsWith('default/')); // of test-summary
      const { waiting } = await depth();
      const id = first?.messageId ?? '';
      await succeeds(
        'manage-dlq.sh',
        'delete',
        '--id',
        id,
        '--reason',
        'test data',
        '--yes',
        '--audit-file',
        'audit.jsonl',
      );
      expect(await depth()).toMatchObject({ waiting: waiting - 1, inFlight: 0 });
      const [, line = ''] = readFileSync(audit, 'utf8').split('\n');
      expect(JSON.parse(line)).toMatchObject({ action: 'delete', messageId: id, reason: 'test data' });
    },
    minutes,
  );

  test('the parking queue of a relay can be listed, and not be redriven', async () => {
    expect(await succeeds('manage-dlq.sh', 'list', '--queue', 'order-relay-dlq')).toContain(
      'this queue holds no message',
    );
    expect((await manage('redrive', '--all', '--queue', 'order-relay-dlq', '--yes')).code).toBe(2);
  });

  test('a queue that does not exist is named with those that do', async () => {
    const { code, err } = await manage('list', '--queue', 'nothing-dlq');
    expect(err).toContain('no queue "nothing-dlq"; there are ');
    expect(code).toBe(1);
  });
});

describe('test-saga', () => {
  test(
    'S2-43 S2-44 shows the demo in three steps: the purchase, the payment, and what is seen of it',
    async () => {
      const out = await succeeds('test-saga.sh');
      expect(out).toMatch(/ORD-\d+ is PENDING, its payment WAITING_PAYMENT/);
      expect(out).toMatch(/ORD-\d+ is CONFIRMED, its payment PAID/);
      expect(out).toMatch(/(\d+) of \1 checks passed/);
    },
    3 * minutes,
  );

  test(
    'S2-43 an order of it is paid by hand, once',
    async () => {
      const { apiUrl } = await findSystem();
      const placed = await fetch(`${apiUrl}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-storefront-key': 'pay-shop-storefront' },
        body: JSON.stringify({
          customerEmail: 'guest@example.com',
          paymentMethod: 'PAYPAY',
          items: [{ productId: 'MUG-01', quantity: 1 }],
        }),
      });
      const { orderId, trackingToken } = (await placed.json()) as { orderId: string; trackingToken: string };
      const page = await until(
        async () => {
          const asked = { headers: { 'x-tracking-token': trackingToken, 'x-storefront-key': 'pay-shop-storefront' } };
          const answer = await fetch(`${apiUrl}/orders/${orderId}/payment`, asked);
          return ((await answer.json()) as { checkout?: { redirectUrl?: string } }).checkout?.redirectUrl;
        },
        { timeoutMs: minutes },
      );
      const { origin } = new URL(page ?? '');
      const pay = ['pay', orderId, '--tenant', 'pay-shop', '--lang', 'en', '--simulator', origin];
      expect(await succeeds('run.sh', ...pay)).toContain(`${orderId} of pay-shop is paid: ¥1,980 by PayPay`);
      const { code, err } = await bash('run.sh', pay);
      expect([code, err]).toEqual([1, expect.stringContaining(`${orderId} cannot be paid now (pay-shop: paid)`)]);
    },
    2 * minutes,
  );
});

describe('test-order-lifecycle', () => {
  test(
    'S4-43 walks the sample order through its life, and its timeline tells of it',
    async () => {
      const out = await succeeds('test-order-lifecycle.sh', '--tenant', 'shop-walk');
      expect(out).toContain('59.98 + 6 = 65.98 USD');
      expect(out).toMatch(/(\d+) of \1 checks passed/);
      const orderId = /ORD-\d+/.exec(out)?.[0] ?? '';
      const told = await succeeds('run.sh', 'timeline', orderId, '--tenant', 'shop-walk');
      for (const words of ['OrderPlaced', 'StockDeducted', 'OrderDelivered', 'order-shipping mailed', 'bill opened'])
        expect(told).toContain(words);
    },
    3 * minutes,
  );

  test('timeline says that there is no such order', async () => {
    const { code, err } = await bash('run.sh', ['timeline', 'ORD-999999']);
    expect([code, err]).toEqual([1, expect.stringContaining('default has no order ORD-999999')]);
  });
});
