import { groupDeadLetters, isSelected, toDeadLetter } from '../../../../scripts/lib/dead-letters/dead-letter';
import { deadLetter } from './dead-letters';

const text = (value: string) => ({ DataType: 'String', StringValue: value });

describe('a dead-lettered message', () => {
  test('is read with its body’s event and the attributes of its dead-lettering', () => {
    expect(
      toDeadLetter({
        MessageId: 'm-1',
        Body: '{"id":"default/ORD-000001:1","type":"OrderPlaced.v2"}',
        Attributes: { SentTimestamp: '1767225600000' },
        MessageAttributes: {
          consumer: text('inventory'),
          sourceQueue: text('inventory-queue'),
          errorName: text('InsufficientStockError'),
          errorMessage: text('Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1'),
          failedAt: text('2026-01-02T00:00:00.000Z'),
        },
      }),
    ).toMatchObject({
      messageId: 'm-1',
      eventId: 'default/ORD-000001:1',
      eventType: 'OrderPlaced.v2',
      consumer: 'inventory',
      errorName: 'InsufficientStockError',
      errorMessage: 'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
      failedAt: '2026-01-02T00:00:00.000Z',
    });
  });

  test('that SQS moved by itself shows the queue it came from and when it came', () => {
    const moved = toDeadLetter({
      MessageId: 'm-1',
      Body: '{}',
      Attributes: { SentTimestamp: '1767225600000', DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:0:billing-queue' },
    });
    expect(moved).toMatchObject({
      consumer: 'billing-queue',
      movedFrom: 'billing-queue',
      failedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  test.each(['', 'not json', 'null', '[]', '"text"', '7', '{"id":7,"type":{}}', '{"__proto__":{"id":"x"}}', '{"id":'])(
    'is read although its body is %j',
    (Body) => {
      const read = toDeadLetter({ MessageId: 'm-1', Body, MessageAttributes: { type: text('OrderPlaced.v2') } });
      expect(read).toMatchObject({ messageId: 'm-1', body: Body, eventType: 'OrderPlaced.v2' });
    },
  );
});

test('S0-45 messages are grouped by consumer and error, the largest group first', () => {
  const short = { consumer: 'inventory', errorName: 'InsufficientStockError', errorMessage: 'short' };
  const broken = { consumer: 'billing', errorName: 'TypeError', errorMessage: 'broken' };
  const groups = groupDeadLetters([
    deadLetter({ ...broken, failedAt: '2026-01-01T00:00:00.000Z' }),
    deadLetter({ ...short, failedAt: '2026-01-03T00:00:00.000Z' }),
    deadLetter({ ...short, failedAt: '2026-01-02T00:00:00.000Z' }),
    deadLetter({ ...short, consumer: 'billing' }),
  ]);
  expect(groups.map(({ consumer, errorMessage, count }) => [consumer, errorMessage, count])).toEqual([
    ['inventory', 'short', 2],
    ['billing', 'broken', 1],
    ['billing', 'short', 1],
  ]);
  expect(groups[0]).toMatchObject({ oldest: '2026-01-02T00:00:00.000Z', newest: '2026-01-03T00:00:00.000Z' });
});

test.each([
  [{ all: true }, true],
  [{ messageId: 'm-1' }, true],
  [{ messageId: 'm-' }, false],
  [{ consumer: 'inventory' }, true],
  [{ consumer: 'inv' }, false],
] as const)('the selection %j means the message: %s', (selection, selected) => {
  expect(isSelected(selection, deadLetter({ messageId: 'm-1', consumer: 'inventory' }))).toBe(selected);
});
