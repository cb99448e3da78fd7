import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { archiveGateway } from '../../lambda/archive/archive.gateway';
import { archiveEvents } from '../../lambda/archive/archive-events';
import { shardOf, shards } from '../../lambda/contracts/events/archive';
import { AnyEvent } from '../../lambda/contracts/events/event';
import type { DeadLetter } from '../../lambda/kernel/events/dead-letter';
import { consume } from '../../lambda/kernel/events/queue-consumer';
import { logLines } from '../support/log-lines';
import { orderCancelled, orderPlaced } from '../support/order-events';
import { sqsEvent, sqsRecord } from '../support/sqs';

type Written = { readonly path: string; readonly authorization: string; readonly events: unknown[] };

/** An S3 that keeps what it is sent, and refuses what `refuses` names. */
const startS3 = async () => {
  const objects = new Map<string, unknown[]>();
  const puts: Written[] = [];
  const refuses: { folder?: string } = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = decodeURIComponent((request.url ?? '').replace('/archive/', ''));
    if (refuses.folder !== undefined && path.startsWith(refuses.folder)) return response.writeHead(503).end();
    const text = gunzipSync(Buffer.concat(chunks)).toString('utf8');
    const events = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    objects.set(path, events);
    puts.push({ path, authorization: request.headers.authorization ?? '', events });
    return response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`;
  return { url, objects, puts, refuses, stop: () => new Promise((resolve) => server.close(resolve)) };
};

let s3: Awaited<ReturnType<typeof startS3>>;
beforeEach(async () => {
  s3 = await startS3();
});
afterEach(() => s3.stop());

const now = () => new Date('2026-11-21T09:00:00.000Z');
const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });

const setUp = () => {
  const parked: DeadLetter[] = [];
  const sentAgain: [string, number][] = [];
  const listen = consume({
    consumer: 'archive',
    schema: AnyEvent,
    handle: archiveEvents(archiveGateway({ url: s3.url, region: 'us-east-1' }, now, credentials)),
    logEach: false,
    deadLetter: async (letter) => void parked.push(letter),
    resend: async ({ body, failures }) => void sentAgain.push([JSON.parse(body).id, failures]),
    now,
  });
  return { listen, parked, sentAgain };
};

const record = (body: unknown, messageId: string, failures = 0) =>
  sqsRecord(body, {
    messageId,
    messageAttributes: { failures: { dataType: 'String', stringValue: String(failures) } },
  });

const idsIn = (folder: string) =>
  [...s3.objects]
    .filter(([path]) => path.startsWith(folder))
    .flatMap(([, events]) => events as { id: string }[])
    .map(({ id }) => id)
    .sort();

const samples = readdirSync('test/contracts/samples').map((file) =>
  JSON.parse(readFileSync(`test/contracts/samples/${file}`, 'utf8')),
);

describe('what is archived', () => {
  test.each(samples.map((sample) => [sample.type, sample]))('S2-39 %s, whole', async (type, sample) => {
    const told = { ...sample, actor: 'u-1', network: '203.0.113.0/24' };
    expect(await setUp().listen(sqsEvent(record(told, 'm-1')))).toEqual({ batchItemFailures: [] });
    const [byDay, bySubject] = s3.puts.map(({ path }) => path).sort();
    expect(byDay).toMatch(new RegExp(`^by-day/${sample.time.slice(0, 10)}/${type}/\\d{6}-[0-9a-f]{32}\\.ndjson\\.gz$`));
    expect(bySubject).toMatch(/^by-subject\/[0-9a-f]\/\d{4}-\d\d-\d\d\/\d{6}-[0-9a-f]{32}\.ndjson\.gz$/);
    expect(s3.puts.map(({ events }) => events)).toEqual([[told], [told]]);
  });

  test('P13 S2-39 an event of a later version, with fields that nobody knows yet, loses nothing', async () => {
    const later = {
      ...orderPlaced(),
      type: 'OrderPlaced.v7',
      added: { deep: [1, null] },
      data: { other: 'ü', n: 0.1 },
    };
    await setUp().listen(sqsEvent(record(later, 'm-1')));
    expect(s3.puts.map(({ events }) => events)).toEqual([[later], [later]]);
  });

  test('is signed by the function that sends it', async () => {
    await setUp().listen(sqsEvent(record(orderPlaced(), 'm-1')));
    expect(s3.puts[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261121\/us-east-1\/s3\/aws4_request, .*x-amz-content-sha256/,
    );
  });

  test('a hundred events of two types about one order each take two files by day, and one for each shard', async () => {
    const orders = Array.from({ length: 50 }, (_, n) => `ORD-${String(n + 1).padStart(6, '0')}`);
    const events = orders.flatMap((orderId) => [
      orderPlaced(orderId),
      { ...orderCancelled(orderId), time: now().toISOString() },
    ]);
    await setUp().listen(sqsEvent(...events.map((event, index) => record(event, `m-${index}`))));
    expect(s3.puts.filter(({ path }) => path.startsWith('by-day/'))).toHaveLength(2);
    const bySubject = s3.puts.filter(({ path }) => path.startsWith('by-subject/'));
    expect(bySubject.length).toBeLessThanOrEqual(16);
    expect(idsIn('by-subject/')).toEqual(events.map(({ id }) => id).sort());
    expect(idsIn('by-day/2026-11-21/OrderPlaced.v2/')).toEqual(orders.map((orderId) => `default/${orderId}:1`));
  });

  test('an order, its payment, its return and its alert lie in the same shard', async () => {
    const of = (type: string) => samples.find((sample) => sample.type === type);
    const about = [
      'OrderPlaced.v2',
      'PaymentSucceeded.v1',
      'ReturnRequested.v2',
      'StockReserved.v1',
      'AlertRaised.v1',
    ].map((type) => ({ ...of(type), tenantid: 'shop-a', data: { ...of(type).data, orderId: 'ORD-000042' } }));
    await setUp().listen(sqsEvent(...about.map((event, index) => record(event, `m-${index}`))));
    const shardsUsed = s3.puts.flatMap(({ path }) => /^by-subject\/(.)/.exec(path)?.[1] ?? []);
    expect([...new Set(shardsUsed)]).toEqual([shardOf('shop-a', 'ORD-000042')]);
  });

  test('a file is named after the time of its first event, so that files are listed in their order', async () => {
    const at = (time: string, orderId: string) => orderPlaced(orderId, {}, { time });
    const batch = [at('2026-11-21T08:15:42.000Z', 'ORD-000002'), at('2026-11-21T07:05:09.123Z', 'ORD-000001')];
    await setUp().listen(sqsEvent(...batch.map((event, index) => record(event, `m-${index}`))));
    const [byDay] = s3.puts.map(({ path }) => path).filter((path) => path.startsWith('by-day/'));
    expect(byDay).toMatch(/^by-day\/2026-11-21\/OrderPlaced\.v2\/070509-/);
  });

  test('ten thousand orders are spread over all sixteen shards', () => {
    const counts = new Map<string, number>();
    for (let n = 1; n <= 10_000; n += 1) {
      const shard = shardOf('default', `ORD-${String(n).padStart(6, '0')}`);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(shards);
    for (const count of counts.values()) expect(Math.abs(count - 625)).toBeLessThan(200);
  });
});

describe('delivered again', () => {
  test('P2 the same batch in another order overwrites its files', async () => {
    const { listen } = setUp();
    const batch = ['ORD-000001', 'ORD-000002', 'ORD-000003'].map((orderId) => record(orderPlaced(orderId), orderId));
    await listen(sqsEvent(...batch));
    const files = [...s3.objects.keys()].sort();
    await listen(sqsEvent(...batch.reverse()));
    expect([...s3.objects.keys()].sort()).toEqual(files);
  });

  test('P2 twice in one batch, it is in each file once', async () => {
    await setUp().listen(sqsEvent(record(orderPlaced(), 'm-1'), record(orderPlaced(), 'm-2')));
    expect(idsIn('by-day/')).toEqual(['default/ORD-000001:1']);
    expect(idsIn('by-subject/')).toEqual(['default/ORD-000001:1']);
  });
});

describe('what cannot be archived', () => {
  test.each([
    ['no JSON', 'not JSON'],
    ['no event', { hello: 'world' }],
    ['an event of nobody', { ...orderPlaced(), source: 'elsewhere' }],
    ['an event of another tenant than a tenant', { ...orderPlaced(), tenantid: '../shop' }],
    ['a type that would leave its folder', { ...orderPlaced(), type: '../OrderPlaced.v2' }],
    ['data that is a text', { ...orderPlaced(), data: 'text' }],
    ['a time that is no time', { ...orderPlaced(), time: '../2026' }],
  ])('%s is dead-lettered at once, and its neighbour is archived', async (_what, body) => {
    const { listen, parked } = setUp();
    const answer = await listen(sqsEvent(record(body, 'm-1'), record(orderPlaced('ORD-000002'), 'm-2')));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(parked.map(({ consumer, error }) => [consumer, error.name])).toEqual([
      ['archive', 'UnreadableMessageError'],
    ]);
    expect(idsIn('by-day/')).toEqual(['default/ORD-000002:1']);
  });

  test('when S3 refuses one file, its events alone come again, and are dead-lettered on their third failure', async () => {
    s3.refuses.folder = 'by-day/2026-11-24';
    const { listen, parked, sentAgain } = setUp();
    const batch = (failures: number) =>
      sqsEvent(record(orderPlaced(), 'm-1', failures), record(orderCancelled('ORD-000002'), 'm-2', failures));
    expect(await listen(batch(0))).toEqual({ batchItemFailures: [] });
    expect(sentAgain).toEqual([[orderCancelled('ORD-000002').id, 1]]);
    expect(parked).toEqual([]);
    await listen(batch(2));
    expect(parked.map(({ eventType, error }) => [eventType, error.message])).toEqual([
      ['OrderCancelled.v2', 'S3 answered a write with 503'],
    ]);
  });
});

test('P14 a batch has one line in the log, and nothing of the customer', async () => {
  const { listen } = setUp();
  const lines = await logLines(() =>
    listen(sqsEvent(record(orderPlaced(), 'm-1'), record(orderPlaced('ORD-000002'), 'm-2'))),
  );
  expect(lines).toEqual([expect.objectContaining({ message: 'messages handled', consumer: 'archive', count: 2 })]);
  expect(JSON.stringify(lines)).not.toContain('taro@example.com');
});
