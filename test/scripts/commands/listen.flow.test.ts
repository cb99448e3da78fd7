import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { removeQueue } from '../../../scripts/lib/events/listener';
import { eventually, postOrder, queueUrl, reaches, type Shop, sqs } from '../../support/flow';
import { openShop, stock } from '../../support/flow-shop';

jest.setTimeout(120_000); // a machine that is busy starts a script slowly

const sns = new SNSClient({});
const topicArn = 'arn:aws:sns:us-east-1:000000000000:order-events';
const prefix = 'order-system-listen-';

const listeners = async (): Promise<string[]> => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  return Subscriptions.map(({ Endpoint = '' }) => Endpoint.slice(Endpoint.lastIndexOf(':') + 1)).sort();
};
const queues = async (): Promise<string[]> => {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  return QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)).sort();
};

const started: ChildProcess[] = [];

/** Starts a listener; its text grows as it writes. */
const listen = (...args: string[]) => {
  const child = spawn('bash', [resolve('scripts/run.sh'), 'listen', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => {
    said.out += text;
  });
  child.stderr.on('data', (text) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const heard = (text: string) => eventually(`it says ${text}`, async () => (said.out + said.err).includes(text));
  return { child, said, ended, heard };
};

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

const order = async (shop: Shop): Promise<string> => {
  const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
  await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
  return body.orderId;
};

const openStockedShop = async () => {
  const shop = await openShop();
  await stock(shop, 'MOUSE', 100);
  return shop;
};

let before: string[];
beforeAll(async () => {
  before = await listeners();
});

test('S1-25, S1-27 reports the events of one type and tenant, until Ctrl-C, and leaves nothing', async () => {
  const [mine, other] = [await openStockedShop(), await openStockedShop()];
  const { child, said, ended, heard } = listen('order-events', '--type', 'OrderConfirmed.v2', '--tenant', mine.tenant);
  await heard('イベント購読開始');
  expect(await queues()).toHaveLength(1);
  await order(other);
  const orderId = await order(mine);
  await heard(`${mine.tenant}/${orderId}:2`);
  child.kill('SIGINT');
  expect([await ended, said.err]).toEqual([0, '']);
  const lines = said.out.trim().split('\n');
  expect(lines[0]).toBe(`イベント購読開始  order-events (OrderConfirmed.v2) of ${mine.tenant}. Ctrl-C ends it.`);
  expect(lines.slice(1, -1)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^イベント受信  [\\d:.]{12}  OrderConfirmed\\.v2  ${mine.tenant}  ${orderId}  ${mine.tenant}/${orderId}:2$`,
      ),
    ),
  ]);
  expect(lines.at(-1)).toBe('イベント購読終了  1 events');
  expect([await queues(), await listeners()]).toEqual([[], before]);
});

test('S1-25 ends after --count events, each whole as a line of JSON', async () => {
  const shop = await openStockedShop();
  const { said, ended, heard } = listen(
    'order-events',
    'inventory-events',
    '--tenant',
    shop.tenant,
    '--count',
    '3',
    '--json',
  );
  await heard('イベント購読開始');
  const orderId = await order(shop);
  expect(await ended).toBe(0);
  const told = said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told.map(({ message }) => message)).toEqual(['イベント受信', 'イベント受信', 'イベント受信']);
  expect(told.map(({ event }) => event.type).sort()).toEqual([
    'OrderConfirmed.v2',
    'OrderPlaced.v2',
    'StockReserved.v1',
  ]);
  for (const { event } of told) expect(event).toMatchObject({ tenantid: shop.tenant, specversion: '1.0' });
  expect(told.find(({ event }) => event.type === 'OrderPlaced.v2')?.event.data.orderId).toBe(orderId);
  expect([await queues(), await listeners()]).toEqual([[], before]);
});

test('ends by SIGTERM, and with 1 when fewer events came than were waited for; both leave nothing', async () => {
  const terminated = listen('user-events');
  const late = listen('user-events', '--count', '1', '--for', '1');
  await terminated.heard('イベント購読開始');
  terminated.child.kill('SIGTERM');
  expect(await terminated.ended).toBe(0);
  expect(await late.ended).toBe(1);
  expect(late.said.err).toContain('0 of 1 events came within 1 s');
  expect(await queues()).toEqual([]);
});

test('removes what a listener left that was ended by force long ago, and nothing of one that is alive', async () => {
  const make = async (name: string, aliveAt: Date) => {
    const QueueName = `${prefix}${name}`;
    await sqs.send(new CreateQueueCommand({ QueueName, tags: { 'alive-at': aliveAt.toISOString() } }));
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
    const { SubscriptionArn = '' } = await sns.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }),
    );
    return { name: QueueName, subscription: SubscriptionArn };
  };
  const now = Date.now();
  const gone = await make('gone', new Date(now - 11 * 60_000));
  const alive = await make('alive', new Date(now - 9 * 60_000));
  expect(await queues()).toEqual([alive.name, gone.name]);
  expect(await listen('user-events', '--for', '1').ended).toBe(0);
  expect(await queues()).toEqual([alive.name]);
  expect(await listeners()).toEqual([...before, alive.name].sort());
  await removeQueue({ sns, sqs }, { url: await queueUrl(alive.name), subscriptions: [alive.subscription] });
  expect([await queues(), await listeners()]).toEqual([[], before]);
});

test('a wrong topic or type is refused with what exists', async () => {
  const { said, ended } = listen('orders');
  expect(await ended).toBe(2);
  expect(said.err).toContain('"orders": no such topic; there are order-events, inventory-events');
});
