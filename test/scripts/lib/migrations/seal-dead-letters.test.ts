import type { Message } from '@aws-sdk/client-sqs';
import { sealDeadLetters } from '../../../../scripts/lib/migrations/seal-dead-letters';
import { sealer } from '../../../../scripts/lib/migrations/sealer';
import { memoryKeyRing } from '../../../support/key-ring';
import { orderPlaced } from '../../../support/order-events';
import { type Faults, fakeQueue } from '../dead-letters/fake-queue';
import { hasPlain, orderOfBefore } from './before';

const { data, ...envelope } = orderPlaced();
const firstVersion = { ...envelope, type: 'OrderPlaced.v1', data: { ...data, customerEmail: 'taro@example.com' } };
const sealedEvent = { ...firstVersion, type: 'OrderPlaced.v2', data: { ...data, customerEmail: 'sealed.k.0.YQ' } };

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

const message = (MessageId: string, body: unknown, given: Partial<Message> = {}): Message => ({
  MessageId,
  Body: typeof body === 'string' ? body : JSON.stringify(body),
  MessageAttributes: { type: text('OrderPlaced.v1'), tenantId: text('default'), consumer: text('billing') },
  Attributes: { SentTimestamp: '1795248000000' },
  ...given,
});

const queueOf = (name: string, messages: readonly Message[], faults: Faults = {}) => {
  const fake = fakeQueue(messages, faults);
  const migration = sealDeadLetters({
    queues: [{ name, ...fake.queue }],
    sealer: sealer(memoryKeyRing()),
  });
  return { ...fake, run: (dryRun = false) => migration.page({ cursor: undefined, dryRun }) };
};

test('S1-31 a parked event of before is sent again sealed, with its attributes, and then removed', async () => {
  const { run, sent, sentAttributes, log, left } = queueOf('order-processing-dlq', [
    message('old', firstVersion),
    message('new', sealedEvent),
    message('stock', { ...firstVersion, type: 'StockReserved.v1', data: {} }),
    message('no JSON', '-'),
  ]);
  expect(await run()).toMatchObject({ found: 1 });
  expect(sent.map((body) => JSON.parse(body))).toEqual([
    {
      ...firstVersion,
      type: 'OrderPlaced.v2',
      data: { ...data, customerEmail: expect.stringMatching(/^sealed\.order~ORD-000001\.0\./) },
    },
  ]);
  expect(sentAttributes[0]).toEqual(expect.arrayContaining(['type', 'tenantId', 'consumer', 'failedAt']));
  expect(log.map((line) => line.split(' ')[0])).toEqual(['send', 'delete']);
  expect(left()).toEqual(['new', 'stock', 'no JSON']);
});

test('a message that SQS moved keeps where it came from', async () => {
  const Attributes = { SentTimestamp: '1795248000000', DeadLetterQueueSourceArn: 'arn:aws:sqs:r:1:billing-queue' };
  const { run, sentAttributes } = queueOf('order-processing-dlq', [message('moved', firstVersion, { Attributes })]);
  await run();
  expect(sentAttributes[0]).toContain('sourceQueue');
});

test('S1-31 the image of a row that a relay parked is sealed as the row is', async () => {
  const { run, sent } = queueOf('order-relay-dlq', [message('image', orderOfBefore())]);
  expect(await run()).toMatchObject({ found: 1 });
  expect(sent.some(hasPlain)).toBe(false);
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({ orderId: 'shop-a#ORD-000001', version: 3 });
});

test('S1-31 a message that cannot be sent or removed is not lost', async () => {
  const unsent = queueOf('order-processing-dlq', [message('old', firstVersion)], { failSend: () => true });
  await expect(unsent.run()).rejects.toThrow('send failed');
  expect(unsent.visible()).toEqual(['old']);
  const twice = queueOf('order-processing-dlq', [message('old', firstVersion)], { failDelete: true });
  await expect(twice.run()).rejects.toThrow('delete failed');
  expect([twice.sent.length, twice.visible()]).toEqual([1, ['old']]);
});

test('a dry run counts, and puts back what it has read', async () => {
  const { run, sent, visible } = queueOf('order-processing-dlq', [
    message('old', firstVersion),
    message('new', sealedEvent),
  ]);
  expect(await run(true)).toEqual({ seen: 2, found: 1 });
  expect(sent).toEqual([]);
  expect(visible()).toEqual(['old', 'new']);
});
