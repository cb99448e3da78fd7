import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { listenTo, removeQueue, subscribeQueue } from '../../../../scripts/lib/events/listener';

type Input = { readonly MaxNumberOfMessages?: number; readonly WaitTimeSeconds?: number; readonly Entries?: unknown[] };

/** A queue that gives these batches, one after another, and then nothing. */
const queueOf = (...batches: string[][]) => {
  const asked: Input[] = [];
  const removed: unknown[] = [];
  const send = async ({ input }: { input: Input }) => {
    if (input.Entries !== undefined) return void removed.push(...input.Entries);
    asked.push(input);
    return { Messages: batches.shift()?.map((Body) => ({ Body, ReceiptHandle: `receipt of ${Body}` })) };
  };
  return { sqs: { send } as unknown as SQSClient, asked, removed };
};

const setUp = (...batches: string[][]) => {
  const queue = queueOf(...batches);
  const heard: string[] = [];
  const stop = new AbortController();
  const listening = {
    sqs: queue.sqs,
    url: 'http://queue',
    signal: stop.signal,
    now: () => new Date('2026-11-21T09:00:00.000Z'),
    onBody: (body: string) => void heard.push(body),
    onWait: async () => undefined,
  };
  return { ...queue, heard, stop, listening };
};

const nine = Date.parse('2026-11-21T09:00:00.000Z');

test('S1-25 reports each event, takes it off the queue, and asks for no more than are wanted', async () => {
  const { listening, heard, asked, removed } = setUp(['a', 'b'], [], ['c']);
  expect(await listenTo({ ...listening, count: 3 })).toBe(3);
  expect(heard).toEqual(['a', 'b', 'c']);
  expect(removed).toHaveLength(3);
  expect(asked.map(({ MaxNumberOfMessages }) => MaxNumberOfMessages)).toEqual([3, 1, 1]);
});

test('waits 20 seconds at a time, and not beyond its end', async () => {
  const { listening, asked } = setUp();
  let at = nine;
  const now = () => new Date(at);
  const onWait = async () => {
    if (asked.length > 0) at += 20_000;
  };
  expect(await listenTo({ ...listening, now, onWait, deadline: nine + 25_000 })).toBe(0);
  expect(asked.map(({ WaitTimeSeconds }) => WaitTimeSeconds)).toEqual([20, 5, 0]);
});

test('ends when it is interrupted while it waits', async () => {
  const { listening, stop } = setUp();
  const send = (_command: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
      stop.abort();
    });
  expect(await listenTo({ ...listening, sqs: { send } as unknown as SQSClient })).toBe(0);
});

test('a queue that cannot be read is an error', async () => {
  const { listening } = setUp();
  const send = () => Promise.reject(new Error('AccessDenied'));
  await expect(listenTo({ ...listening, sqs: { send } as unknown as SQSClient })).rejects.toThrow('AccessDenied');
});

describe("a listener's queue", () => {
  const topicArn = (name: string) => `arn:aws:sns:us-east-1:111111111111:${name}`;
  const listened = [
    { topicArn: topicArn('order-events'), types: ['OrderConfirmed.v2'] },
    { topicArn: topicArn('user-events'), types: 'all' as const },
  ] as const;
  const wanted = { id: 'a', now: new Date(nine), listened: [listened[0], listened[1]], tenant: 'shop-a' } as const;

  /** Clients that note what they are asked, and answer by `answer`. */
  const clientsThat = (answer: (command: unknown) => unknown) => {
    const asked: unknown[] = [];
    const send = async (command: unknown) => {
      asked.push(command);
      return answer(command);
    };
    const [sns, sqs] = [new SNSClient({}), new SQSClient({})];
    return { clients: { sns: Object.assign(sns, { send }), sqs: Object.assign(sqs, { send }) }, asked };
  };
  const inputs = (asked: unknown[], Command: new (...args: never[]) => { input: unknown }) =>
    asked.flatMap((command) => (command instanceof Command ? [command.input] : []));

  test('takes raw messages of the types and the tenant that are wanted, from its topics alone', async () => {
    const { clients, asked } = clientsThat((command) =>
      command instanceof CreateQueueCommand ? { QueueUrl: 'http://queue' } : { SubscriptionArn: 'arn' },
    );
    expect(await subscribeQueue(clients, wanted)).toEqual({ url: 'http://queue', subscriptions: ['arn', 'arn'] });
    const attributes = inputs(asked, SubscribeCommand).map((input) => (input as SubscribeCommand['input']).Attributes);
    expect(attributes).toEqual([
      { RawMessageDelivery: 'true', FilterPolicy: '{"type":["OrderConfirmed.v2"],"tenantId":["shop-a"]}' },
      { RawMessageDelivery: 'true', FilterPolicy: '{"tenantId":["shop-a"]}' },
    ]);
    const [queue] = inputs(asked, CreateQueueCommand) as CreateQueueCommand['input'][];
    const { Statement } = JSON.parse(queue?.Attributes?.Policy ?? '');
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:us-east-1:111111111111:order-system-listen-a',
        Condition: { ArnEquals: { 'aws:SourceArn': [topicArn('order-events'), topicArn('user-events')] } },
      },
    ]);
    expect(queue?.tags).toEqual({ 'alive-at': '2026-11-21T09:00:00.000Z' });
  });

  test('that cannot be subscribed to every topic is removed with what it is subscribed to', async () => {
    let subscribed = 0;
    const { clients, asked } = clientsThat((command) => {
      if (command instanceof CreateQueueCommand) return { QueueUrl: 'http://queue' };
      if (!(command instanceof SubscribeCommand)) return {};
      subscribed += 1;
      if (subscribed > 1) throw new Error('AuthorizationError');
      return { SubscriptionArn: 'arn:first' };
    });
    await expect(subscribeQueue(clients, wanted)).rejects.toThrow('AuthorizationError');
    expect(inputs(asked, UnsubscribeCommand)).toEqual([{ SubscriptionArn: 'arn:first' }]);
    expect(inputs(asked, DeleteQueueCommand)).toEqual([{ QueueUrl: 'http://queue' }]);
  });

  test('that is gone already is no error', async () => {
    const { clients } = clientsThat(() => {
      throw Object.assign(new Error('gone'), { name: 'QueueDoesNotExist' });
    });
    await removeQueue(clients, { url: 'http://queue', subscriptions: ['arn'] });
  });
});
