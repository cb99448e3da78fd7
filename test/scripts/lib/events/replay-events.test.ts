import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AnyEvent } from '../../../../lambda/contracts/events/event';
import type { Routes } from '../../../../scripts/lib/dead-letters/dead-letter-route';
import { queueOf, replayEvents, sendTo, targetsOf } from '../../../../scripts/lib/events/replay-events';
import { orderCancelled, orderPlaced } from '../../../support/order-events';

const routes: Routes = {
  workQueues: [
    ...['archive-queue', 'billing-queue', 'catalog-stock-queue', 'inventory-queue', 'inventory-return-queue'],
    'live-queue',
  ],
  subscriptions: [
    { queue: 'archive-queue', types: 'all' },
    { queue: 'billing-queue', types: ['OrderPlaced.v2', 'OrderCancelled.v2'] },
    { queue: 'inventory-queue', types: ['OrderPlaced.v2', 'OrderShipped.v2'] },
    { queue: 'live-queue', types: ['OrderPlaced.v2', 'OrderCancelled.v2'] },
    { queue: 'catalog-stock-queue', types: ['ProductSoldOut.v1'] },
  ],
};

test.each([
  ['billing', 'billing-queue'],
  ['billing-queue', 'billing-queue'],
  ['inventory', 'inventory-queue'],
  ['inventory-return', 'inventory-return-queue'],
  ['catalog', 'catalog-stock-queue'],
])('the consumer %s works on %s', (consumer, queue) => expect(queueOf(consumer, routes)).toBe(queue));

test.each(['archive', 'archive-queue', 'bill', 'order-processing-dlq'])('there is no consumer %s', (consumer) => {
  expect(() => queueOf(consumer, routes)).toThrow(
    `--consumer "${consumer}": no consumer of events has this name; there are billing, catalog-stock, inventory, inventory-return, live`,
  );
});

test('S2-39 an event goes to every queue that is subscribed to its type, and never back into the archive', () => {
  expect(targetsOf({ type: 'OrderPlaced.v2' }, routes)).toEqual(['billing-queue', 'inventory-queue']);
  expect(targetsOf({ type: 'AlertRaised.v1' }, routes)).toEqual([]);
});

test('S2-39 one consumer gets what it is subscribed to, and nothing that it could only deadLetter', () => {
  expect(targetsOf({ type: 'OrderCancelled.v2' }, routes, 'billing-queue')).toEqual(['billing-queue']);
  expect(targetsOf({ type: 'OrderCancelled.v2' }, routes, 'inventory-queue')).toEqual([]);
});

test('S2-39 whoever follows orders live is told nothing of long ago, unless a replay names them', () => {
  expect(targetsOf({ type: 'OrderCancelled.v2' }, routes)).toEqual(['billing-queue']);
  expect(targetsOf({ type: 'OrderCancelled.v2' }, routes, queueOf('live', routes))).toEqual(['live-queue']);
});

/** An SQS that keeps what it is sent, and refuses what `fails` says. */
const fakeSqs = (fails: (body: string) => boolean = () => false) => {
  const batches: SendMessageBatchCommand['input'][] = [];
  const send = async ({ input }: SendMessageBatchCommand) => {
    batches.push(input);
    const Failed = (input.Entries ?? []).filter(({ MessageBody = '' }) => fails(MessageBody));
    return { Failed: Failed.map(() => ({ Code: 'InternalError' })) };
  };
  return { sqs: { send } as unknown as SQSClient, batches };
};

const events = (count: number, note = '') =>
  Array.from({ length: count }, (_, n) =>
    AnyEvent.parse({ ...orderPlaced(`ORD-${String(n + 1).padStart(6, '0')}`), note }),
  );

test('S2-39 P7 a message is what SNS delivers: the same body, and the attributes type and tenantId', async () => {
  const { sqs, batches } = fakeSqs();
  const told = { ...orderPlaced(), actor: 'guest', later: { added: 1 } };
  await sendTo(sqs, 'https://queue', [AnyEvent.parse(told)]);
  const [entry] = batches[0]?.Entries ?? [];
  expect(JSON.parse(entry?.MessageBody ?? '')).toEqual(told);
  expect(entry?.MessageAttributes).toEqual({
    type: { DataType: 'String', StringValue: 'OrderPlaced.v2' },
    tenantId: { DataType: 'String', StringValue: 'default' },
  });
});

test('a batch has ten messages and 250 KB at most', async () => {
  const { sqs, batches } = fakeSqs();
  await sendTo(sqs, 'https://queue', events(23));
  await sendTo(sqs, 'https://queue', events(9, 'x'.repeat(60_000)));
  expect(batches.map(({ Entries = [] }) => Entries.length)).toEqual([10, 10, 3, 4, 4, 1]);
});

test('what SQS refuses ends the replay with a word, since beginning again does no harm', async () => {
  const { sqs } = fakeSqs((body) => body.includes('ORD-000002'));
  await expect(sendTo(sqs, 'https://queue', events(3))).rejects.toThrow(
    'SQS refused 1 of 3 events: InternalError. Replay again: twice does no harm.',
  );
});

async function* read(...chunks: AnyEvent[][]) {
  yield* chunks;
}

const cancelled = AnyEvent.parse(orderCancelled());

test('S2-39 what was sent is counted by queue and type, and reported while it goes on', async () => {
  const sent: string[] = [];
  const progress: [number, number][] = [];
  const outcome = await replayEvents({
    events: read(events(2), [cancelled]),
    routes,
    send: async (queue, own) => void sent.push(...own.map(({ id }) => `${queue} ${id}`)),
    onProgress: (...reached) => progress.push(reached),
  });
  expect(outcome).toEqual({
    read: 3,
    sent: 5,
    rows: [
      ['billing-queue', 'OrderCancelled.v2', 1],
      ['billing-queue', 'OrderPlaced.v2', 2],
      ['inventory-queue', 'OrderPlaced.v2', 2],
    ],
  });
  expect(sent.sort()).toEqual([
    'billing-queue default/ORD-000001:1',
    'billing-queue default/ORD-000001:3',
    'billing-queue default/ORD-000002:1',
    'inventory-queue default/ORD-000001:1',
    'inventory-queue default/ORD-000002:1',
  ]);
  expect(progress).toEqual([
    [2, 4],
    [3, 5],
  ]);
});

test('an interruption ends it after the events at hand', async () => {
  const stop = new AbortController();
  const send = async () => stop.abort();
  const { read: seen } = await replayEvents({
    events: read(events(2), [cancelled]),
    routes,
    send,
    signal: stop.signal,
  });
  expect(seen).toBe(2);
});
