import * as z from 'zod';
import { OrderPlaced } from '../../lambda/contracts/events/order-events';
import { RefusalError } from '../../lambda/kernel/error';
import type { DeadLetter, FailedMessage } from '../../lambda/kernel/events/dead-letter';
import { type ConsumerOptions, consume, oneByOne } from '../../lambda/kernel/events/queue-consumer';
import { orderPlaced } from '../support/order-events';
import { sqsEvent, sqsRecord } from '../support/sqs';

const setUp = (options: Partial<ConsumerOptions<OrderPlaced>> = {}) => {
  const parked: DeadLetter[] = [];
  const sentAgain: FailedMessage[] = [];
  const handled: string[] = [];
  const handler = consume({
    consumer: 'inventory',
    schema: OrderPlaced,
    handle: oneByOne(async ({ id }) => void handled.push(id)),
    deadLetter: async (letter) => void parked.push(letter),
    resend: async (message) => void sentAgain.push(message),
    now: () => new Date('2026-11-21T09:00:00.000Z'),
    ...options,
  });
  return { handler, parked, sentAgain, handled };
};

const failing = (message = 'no stock') =>
  oneByOne<OrderPlaced>(async () => {
    throw new Error(message);
  });

class NoStockError extends RefusalError {
  override readonly name = 'NoStockError';
}

const refusing = oneByOne<OrderPlaced>(async () => {
  throw new NoStockError('no stock');
});

const string = (stringValue: string) => ({ dataType: 'String' as const, stringValue });

/** A message that has failed so often before. */
const failedBefore = (failures: number | string, overrides: Parameters<typeof sqsRecord>[1] = {}) =>
  sqsRecord(orderPlaced(), {
    messageAttributes: {
      type: string('OrderPlaced.v2'),
      tenantId: string('default'),
      failures: string(String(failures)),
    },
    ...overrides,
  });

describe('a queue consumer', () => {
  test('acknowledges what it handled', async () => {
    const { handler, handled } = setUp();
    expect(await handler(sqsEvent(sqsRecord(orderPlaced())))).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['default/ORD-000001:1']);
  });

  test('sends again only the message that failed, so its neighbours are not done again (S0-42)', async () => {
    const { handler, parked, sentAgain } = setUp({
      handle: oneByOne(async ({ subject }) => {
        if (subject === 'ORD-000002') throw new Error('no stock');
      }),
    });
    const good = sqsRecord(orderPlaced('ORD-000001'), { messageId: 'good' });
    const bad = sqsRecord(orderPlaced('ORD-000002'), { messageId: 'bad' });
    expect(await handler(sqsEvent(good, bad))).toEqual({ batchItemFailures: [] });
    expect(sentAgain.map(({ body }) => body)).toEqual([bad.body]);
    expect(parked).toEqual([]);
  });

  test('S0-09 S0-25 dead-letters a message on its third failure, with where it came from and why', async () => {
    const { handler, parked, sentAgain } = setUp({ handle: failing() });
    const record = failedBefore(2);
    expect(await handler(sqsEvent(record))).toEqual({ batchItemFailures: [] });
    expect(sentAgain).toEqual([]);
    expect(parked).toEqual([
      {
        body: record.body,
        consumer: 'inventory',
        sourceQueue: 'inventory-queue',
        eventType: 'OrderPlaced.v2',
        error: new Error('no stock'),
        receiveCount: 3,
        failedAt: new Date('2026-11-21T09:00:00.000Z'),
        attributes: { type: 'OrderPlaced.v2', tenantId: 'default' },
      },
    ]);
  });

  test.each([
    ['a refusal', 0, 1, 1, refusing],
    ['a refusal', 1, 2, 5, refusing],
    ['a fault', 0, 1, 5, failing()],
    ['a fault', 1, 2, 60, failing()],
  ])(
    'F-41 after %s what failed %i times before goes back into its queue, as failed %i times, for %i seconds',
    async (_what, before, failures, delaySeconds, handle) => {
      const { handler, parked, sentAgain } = setUp({ handle });
      const record = failedBefore(before);
      expect(await handler(sqsEvent(record))).toEqual({ batchItemFailures: [] });
      expect(parked).toEqual([]);
      expect(sentAgain).toEqual([
        {
          queueArn: 'arn:aws:sqs:us-east-1:000000000000:inventory-queue',
          body: record.body,
          attributes: { type: 'OrderPlaced.v2', tenantId: 'default' },
          failures,
          delaySeconds,
        },
      ]);
    },
  );

  test.each([1, 3, 9])(
    'F-41 %i deliveries whose worker died or was throttled are no failures',
    async (receiveCount) => {
      const { handler, parked, sentAgain } = setUp({ handle: failing() });
      await handler(
        sqsEvent(failedBefore(0, { receiveCount }), failedBefore(1, { receiveCount, messageId: 'message-2' })),
      );
      expect(parked).toEqual([]);
      expect(sentAgain.map(({ failures }) => failures)).toEqual([1, 2]);
    },
  );

  test('F-41 hands the message back, with no failure more, when it cannot be sent again', async () => {
    const { handler, parked } = setUp({
      handle: failing(),
      resend: async () => {
        throw new Error('SQS is down');
      },
    });
    expect(await handler(sqsEvent(failedBefore(1)))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(parked).toEqual([]);
  });

  test.each(['', 'x', '-1', '1.5', '1e9', '9999'])('takes %j for no failure at all', async (failures) => {
    const { handler, sentAgain } = setUp({ handle: failing() });
    await handler(sqsEvent(failedBefore(failures)));
    expect(sentAgain.map((message) => message.failures)).toEqual([1]);
  });

  test('dead-letters at once what no contract accepts, and says which fields are wrong but not their values', async () => {
    const { handler, parked } = setUp();
    const event = orderPlaced();
    const wrong = { ...event, data: { ...event.data, customerEmail: 'secret-canary' } };
    expect(await handler(sqsEvent(sqsRecord(wrong)))).toEqual({ batchItemFailures: [] });
    expect(parked[0]?.error.name).toBe('UnreadableMessageError');
    expect(parked[0]?.error.message).toBe('no event contract accepts it: /data/customerEmail (invalid_format)');
  });

  test('an unknown major version is dead-lettered, never dropped (P13)', async () => {
    const { handler, parked } = setUp();
    await handler(sqsEvent(sqsRecord({ ...orderPlaced(), type: 'OrderPlaced.v3' })));
    expect(parked).toHaveLength(1);
  });

  test('handles a good message whatever stands beside it', async () => {
    const { handler, handled, parked } = setUp();
    const records = ['', 'null', '[]', '{', '"x"', '1e400', '{"__proto__":1}'].map((body, index) =>
      sqsRecord(body, { messageId: `poison-${index}` }),
    );
    await handler(sqsEvent(...records, sqsRecord(orderPlaced(), { messageId: 'good' })));
    expect(handled).toEqual(['default/ORD-000001:1']);
    expect(parked).toHaveLength(7);
  });

  test('hands the message back when dead-lettering fails, so that SQS delivers it again', async () => {
    const deadLetter = async () => {
      throw new Error('SQS is down');
    };
    const { handler } = setUp({ handle: failing(), deadLetter });
    const answer = await handler(sqsEvent(failedBefore(2)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  });

  test('tells the rest of the system before it dead-letters, and does not when that fails', async () => {
    const { handler, parked } = setUp({
      handle: failing(),
      onExhausted: async () => {
        throw new Error('DynamoDB is down');
      },
    });
    const answer = await handler(sqsEvent(failedBefore(2)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(parked).toEqual([]);
  });

  test('a throw of the whole batch is a failure of each of its messages', async () => {
    const { handler, sentAgain } = setUp({
      handle: async () => {
        throw new Error('DynamoDB is down');
      },
    });
    const records = ['a', 'b'].map((messageId) => sqsRecord(orderPlaced(), { messageId }));
    expect(await handler(sqsEvent(...records))).toEqual({ batchItemFailures: [] });
    expect(sentAgain.map(({ failures }) => failures)).toEqual([1, 1]);
  });

  test('ignores an optional field that it does not know yet', async () => {
    const { handler, handled } = setUp();
    const event = orderPlaced();
    await handler(sqsEvent(sqsRecord({ ...event, newfield: 1, data: { ...event.data, giftWrap: true } })));
    expect(handled).toHaveLength(1);
  });

  test('ignores attributes of an earlier dead-lettering, which would be stale', async () => {
    const { handler, parked, sentAgain } = setUp({ handle: failing() });
    const messageAttributes = { type: string('OrderPlaced.v2'), errorMessage: string('an old error') };
    await handler(sqsEvent(sqsRecord(orderPlaced(), { messageAttributes })));
    await handler(sqsEvent(failedBefore(2, { messageAttributes: { ...messageAttributes, failures: string('2') } })));
    expect(sentAgain[0]?.attributes).toEqual({ type: 'OrderPlaced.v2' });
    expect(parked[0]?.attributes).toEqual({ type: 'OrderPlaced.v2' });
  });

  test('refuses to compile when the handler is for another event', () => {
    const Other = OrderPlaced.extend({ type: z.literal('Other.v1') });
    // @ts-expect-error a consumer of Other.v1 cannot be given a function for OrderPlaced.v2 events only
    expect(consume({ ...({} as ConsumerOptions<OrderPlaced>), schema: Other })).toBeDefined();
  });
});
