import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  deleteDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
} from '../../scripts/lib/dead-letters/dead-letter-actions';
import { readSubscriptions } from '../../scripts/lib/dead-letters/dead-letter-route';

jest.setTimeout(60_000); // a machine that is busy starts a script slowly

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const sns = new SNSClient({});
const run = randomUUID().slice(0, 8);
const names = ['stock', 'mail', 'bills'].map((name) => `${name}-${run}`) as [string, string, string];
const [stock, mail, bills] = names;
const queueUrls: Record<string, string> = {};
let topicArn = '';
let dlq: { sqs: SQSClient; queueUrl: string };

const createQueue = async (name: string): Promise<string> =>
  (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl ?? '';

const subscribe = (queue: string, types: readonly string[]) =>
  sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ type: types }) },
    }),
  );

const attributes = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));

const deadLetter = async (MessageBody: string, values: Record<string, string> = {}): Promise<string> => {
  const { MessageId = '' } = await sqs.send(
    new SendMessageCommand({ QueueUrl: dlq.queueUrl, MessageBody, MessageAttributes: attributes(values) }),
  );
  return MessageId;
};

const received = async (name: string): Promise<Message[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrls[name],
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 0,
    }),
  );
  return Messages;
};

const depth = async (queueUrl: string) => {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
};

const routed = async () => ({
  ...dlq,
  queueUrls,
  routes: { workQueues: names, subscriptions: await readSubscriptions(sns, [topicArn]) },
});

beforeAll(async () => {
  topicArn = (await sns.send(new CreateTopicCommand({ Name: `events-${run}` }))).TopicArn ?? '';
  for (const name of names) queueUrls[name] = await createQueue(name);
  await subscribe(stock, ['OrderPlaced.v2', 'OrderCancelled.v2']);
  await subscribe(mail, ['OrderPlaced.v2']);
  await subscribe(bills, ['OrderCancelled.v2']);
});

beforeEach(async () => {
  dlq = { sqs, queueUrl: await createQueue(`parked-${randomUUID().slice(0, 8)}-dlq`) };
});

afterEach(() => sqs.send(new DeleteQueueCommand({ QueueUrl: dlq.queueUrl })));

afterAll(async () => {
  await sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  for (const QueueUrl of Object.values(queueUrls)) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

test('S0-45 a list of 250 messages is complete and leaves every one visible', async () => {
  for (let batch = 0; batch < 25; batch += 1) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      MessageBody: `${batch * 10 + index}`,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: dlq.queueUrl, Entries }));
  }
  const deadLetters = await listDeadLetters(dlq);
  expect(new Set(deadLetters.map(({ body }) => body)).size).toBe(250);
  expect(await depth(dlq.queueUrl)).toEqual({ visible: 250, hidden: 0 });
}, 60_000);

test('S0-45 a redrive returns a message to the queue it came from, with its publisher’s attributes alone', async () => {
  const id = await deadLetter('{"type":"OrderPlaced.v2"}', {
    type: 'OrderPlaced.v2',
    tenantId: 'shop-a',
    consumer: 'bills',
    sourceQueue: bills,
    errorMessage: 'broken',
    failures: '2',
  });
  const { deeds } = await redriveDeadLetters(await routed(), [id]);
  expect(deeds).toMatchObject([{ to: [bills], deadLetter: { errorMessage: 'broken' } }]);
  const [message, ...more] = await received(bills);
  expect(message?.Body).toBe('{"type":"OrderPlaced.v2"}');
  expect(
    Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
  ).toEqual([
    ['type', 'OrderPlaced.v2'],
    ['tenantId', 'shop-a'],
  ]);
  expect(more).toEqual([]);
  expect(await received(stock)).toEqual([]);
  expect(await depth(dlq.queueUrl)).toEqual({ visible: 0, hidden: 0 });
});

test('a redrive of a message that knows no queue reaches every queue subscribed to its type, and no other', async () => {
  const id = await deadLetter('{"type":"OrderPlaced.v2","id":"a"}', { type: 'OrderPlaced.v2' });
  await redriveDeadLetters(await routed(), [id]);
  expect((await received(stock)).map(({ Body }) => Body)).toEqual(['{"type":"OrderPlaced.v2","id":"a"}']);
  expect((await received(mail)).map(({ Body }) => Body)).toEqual(['{"type":"OrderPlaced.v2","id":"a"}']);
  expect(await received(bills)).toEqual([]);
});

test('a redrive leaves the messages that are not meant, and those that have nowhere to go', async () => {
  const other = await deadLetter('not meant', { sourceQueue: stock });
  const lost = await deadLetter('lost', { sourceQueue: 'gone-queue' });
  const { deeds } = await redriveDeadLetters(await routed(), [lost]);
  expect(deeds).toMatchObject([{ problem: 'its source "gone-queue" is no queue that a service works on' }]);
  expect((await listDeadLetters(dlq)).map(({ messageId }) => messageId).sort()).toEqual([other, lost].sort());
  expect(await depth(dlq.queueUrl)).toEqual({ visible: 2, hidden: 0 });
});

test('S0-45 deleting takes the meant message and no other', async () => {
  const [kept, gone] = [await deadLetter('kept'), await deadLetter('gone')];
  const noted: string[] = [];
  await deleteDeadLetters(dlq, [gone], { note: ({ deadLetter }) => void noted.push(deadLetter.messageId) });
  expect((await listDeadLetters(dlq)).map(({ messageId }) => messageId)).toEqual([kept]);
  expect(noted).toEqual([gone]);
});
