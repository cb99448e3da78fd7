import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { DeadLetter } from '../../lambda/kernel/events/dead-letter';
import type { Publishable } from '../../lambda/kernel/events/publish';
import { changeOf, type RelayOptions, relay, relayChanges } from '../../lambda/kernel/events/stream-relay';

const setUp = (overrides: Partial<RelayOptions> = {}) => {
  const published: string[] = [];
  const parked: DeadLetter[] = [];
  const options: RelayOptions = {
    relay: 'order-relay',
    toEvent: (image) => {
      if (image.poison) throw new Error('not an order');
      return image.silent ? undefined : { id: String(image.id), type: 'OrderPlaced.v2', tenantid: 'default' };
    },
    publish: async (events: readonly Publishable[]) => void published.push(...events.map(({ id }) => id)),
    deadLetter: async (letter) => void parked.push(letter),
    maxEventBytes: 1000,
    now: () => new Date('2026-11-21T08:00:00.000Z'),
    ...overrides,
  };
  return { options, published, parked };
};

const image = (id: string, version = 1, more = {}) => ({ id, version, fact: { type: 'OrderPlaced' }, ...more });

describe('a stream relay', () => {
  test('S0-21, S3-41 publishes the event of each new fact', async () => {
    const { options, published } = setUp();
    await relayChanges(options, [{ after: image('a') }, { before: image('b', 1), after: image('b', 2) }]);
    expect(published).toEqual(['a', 'b']);
  });

  test.each([
    ['a row that is no aggregate: claims and counters', { after: { id: 'claim', version: undefined } }],
    ['a write that changed nothing', { before: image('a', 2), after: image('a', 2) }],
    ['a fact that is not for others', { after: image('a', 1, { silent: true }) }],
  ])(
    'S4-33, S4-34 ignores records without a change that is published: publishes nothing for %s',
    async (_what, change) => {
      const { options, published, parked } = setUp();
      await relayChanges(options, [change]);
      expect([published, parked]).toEqual([[], []]);
    },
  );

  test('throws when publishing fails, so that the stream delivers the batch again', async () => {
    const { options } = setUp({
      publish: async () => {
        throw new Error('SNS is down');
      },
    });
    await expect(relayChanges(options, [{ after: image('a') }])).rejects.toThrow('SNS is down');
  });

  test('dead-letters an image that no event can be made of, and goes on', async () => {
    const { options, published, parked } = setUp();
    await relayChanges(options, [{ after: image('a', 1, { poison: true }) }, { after: image('b') }]);
    expect(published).toEqual(['b']);
    expect(parked).toMatchObject([{ consumer: 'order-relay', error: { message: 'not an order' } }]);
  });

  test('dead-letters an event that SNS would refuse as too large', async () => {
    const { options, published, parked } = setUp({ maxEventBytes: 10 });
    await relayChanges(options, [{ after: image('a') }]);
    expect([published.length, parked.length]).toEqual([0, 1]);
  });

  test('throws when dead-lettering fails: a change is never dropped', async () => {
    const { options } = setUp({
      deadLetter: async () => {
        throw new Error('SQS is down');
      },
    });
    await expect(relayChanges(options, [{ after: image('a', 1, { poison: true }) }])).rejects.toThrow('SQS is down');
  });

  test('dead-letters an image with a number that JavaScript cannot hold, and goes on', async () => {
    const { options, published, parked } = setUp();
    const hostile = { ...marshall(image('b', 1, { poison: true })), total: { N: '90071992547409931' } };
    const records = [hostile, marshall(image('a'))].map((NewImage) => ({ dynamodb: { NewImage } }));
    await relay(options)({ Records: records as DynamoDBRecord[] });
    expect(published).toEqual(['a']);
    expect(parked.map(({ body }) => JSON.parse(body).total)).toEqual(['90071992547409931']);
  });

  test('reads stream records, and takes a deletion for no change', async () => {
    const { options, published } = setUp();
    const record = (NewImage?: Record<string, unknown>): DynamoDBRecord => ({
      dynamodb: { ApproximateCreationDateTime: 1, ...(NewImage ? { NewImage: marshall(NewImage) as never } : {}) },
    });
    await relay(options)({ Records: [record(image('a')), record()] });
    expect(published).toEqual(['a']);
    expect(changeOf(record())).toBeUndefined();
  });
});
