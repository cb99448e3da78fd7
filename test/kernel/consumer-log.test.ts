import { OrderPlaced } from '../../lambda/contracts/events/order-events';
import { consume, oneByOne } from '../../lambda/kernel/events/queue-consumer';
import { logLines } from '../support/log-lines';
import { orderPlaced } from '../support/order-events';
import { sqsEvent, sqsRecord } from '../support/sqs';

const listen = consume({
  consumer: 'inventory',
  schema: OrderPlaced,
  handle: oneByOne(async () => undefined),
  deadLetter: async () => undefined,
  now: () => new Date('2026-11-21T09:00:00.000Z'),
});

test('S1-27 a listener logs イベント受信 for each event that it receives: its ID and type, and nothing of the customer', async () => {
  const lines = await logLines(() => listen(sqsEvent(sqsRecord(orderPlaced('ORD-000007')))));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'message handled',
      note: 'イベント受信',
      consumer: 'inventory',
      eventId: 'default/ORD-000007:1',
      eventType: 'OrderPlaced.v2',
      correlationId: 'correlation-1',
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('taro@example.com');
});
