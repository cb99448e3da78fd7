import {
  paginateListSubscriptionsByTopic,
  type SNSClient,
  SubscribeCommand,
  type Subscription,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
  type SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Wanted } from './listen-arguments';

const prefix = 'order-system-listen-';
const aliveTag = 'alive-at';
const goneAfterMs = 10 * 60_000;

/** How often a listener says that it is still there. */
export const heartbeatMs = 60_000;

export type Clients = { readonly sns: SNSClient; readonly sqs: SQSClient };

/** A queue of a listener, and what it is subscribed by. */
export type ListeningQueue = { readonly url: string; readonly subscriptions: readonly string[] };

/** What is left of one: its queue may be gone. */
type LeftOver = { readonly url: string | undefined; readonly subscriptions: readonly string[] };

/** A topic by its ARN, and the events of it that are wanted. */
export type Listened = Pick<Wanted, 'types'> & { readonly topicArn: string };

const nameOf = (arnOrUrl: string): string =>
  arnOrUrl.slice(Math.max(arnOrUrl.lastIndexOf(':'), arnOrUrl.lastIndexOf('/')) + 1);

const isMissing = (error: unknown): boolean =>
  error instanceof Error && /QueueDoesNotExist|NonExistentQueue|NotFound/.test(error.name);

const unlessMissing = async <Answer>(work: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Lets the topics, and nobody else, send to the queue. */
const policyOf = (queueArn: string, topicArns: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArns } },
      },
    ],
  });

/** The queue's ARN: in the account, region and partition of the topic. */
const queueArnOf = (name: string, topicArn: string): string => {
  const [arn, partition, , region, account] = topicArn.split(':');
  return [arn, partition, 'sqs', region, account, name].join(':');
};

const attributesOf = ({ types }: Listened, tenant: string | undefined): Record<string, string> => {
  const filter = {
    ...(types === 'all' ? {} : { type: types }),
    ...(tenant === undefined ? {} : { tenantId: [tenant] }),
  };
  const raw = { RawMessageDelivery: 'true' };
  return Object.keys(filter).length === 0 ? raw : { ...raw, FilterPolicy: JSON.stringify(filter) };
};

/** Notes at the queue that its listener is there. */
export const sayAlive = async ({ sqs }: Clients, QueueUrl: string, now: Date): Promise<void> => {
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { [aliveTag]: now.toISOString() } }));
};

/** Removes a queue with its subscriptions. What is gone already is no error. */
export const removeQueue = async ({ sns, sqs }: Clients, { url, subscriptions }: LeftOver): Promise<void> => {
  for (const SubscriptionArn of subscriptions)
    await unlessMissing(sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  if (url !== undefined) await unlessMissing(sqs.send(new DeleteQueueCommand({ QueueUrl: url })));
};

type NewQueue = {
  readonly id: string;
  readonly now: Date;
  readonly listened: readonly [Listened, ...Listened[]];
  readonly tenant?: string | undefined;
};

/** Makes a queue and subscribes it. When that fails half-way, what was made is removed. */
export const subscribeQueue = async (
  clients: Clients,
  { id, now, listened, tenant }: NewQueue,
): Promise<ListeningQueue> => {
  const name = `${prefix}${id}`;
  const queueArn = queueArnOf(name, listened[0].topicArn);
  const topicArns = listened.map(({ topicArn }) => topicArn);
  const { QueueUrl: url = '' } = await clients.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        Policy: policyOf(queueArn, topicArns),
        SqsManagedSseEnabled: 'true',
        MessageRetentionPeriod: '3600',
      },
      tags: { [aliveTag]: now.toISOString() },
    }),
  );
  const subscriptions: string[] = [];
  try {
    for (const one of listened) {
      const { SubscriptionArn = '' } = await clients.sns.send(
        new SubscribeCommand({
          TopicArn: one.topicArn,
          Protocol: 'sqs',
          Endpoint: queueArn,
          Attributes: attributesOf(one, tenant),
          ReturnSubscriptionArn: true,
        }),
      );
      subscriptions.push(SubscriptionArn);
    }
  } catch (error) {
    await removeQueue(clients, { url, subscriptions });
    throw error;
  }
  return { url, subscriptions };
};

const isAlive = async ({ sqs }: Clients, QueueUrl: string, now: Date): Promise<boolean> => {
  const said = await unlessMissing(sqs.send(new ListQueueTagsCommand({ QueueUrl })));
  return now.getTime() - Date.parse(said?.Tags?.[aliveTag] ?? '') < goneAfterMs;
};

const subscriptionsOf = async ({ sns }: Clients, TopicArn: string): Promise<Subscription[]> => {
  const found: Subscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    found.push(...Subscriptions.filter(({ Endpoint = '' }) => nameOf(Endpoint).startsWith(prefix)));
  return found;
};

/** The subscriptions of listeners' queues, by the queue's name. */
const listenersOf = async (clients: Clients, topicArns: readonly string[]): Promise<Map<string, string[]>> => {
  const found = new Map<string, string[]>();
  const all = await Promise.all(topicArns.map((topicArn) => subscriptionsOf(clients, topicArn)));
  for (const { Endpoint = '', SubscriptionArn = '' } of all.flat())
    found.set(nameOf(Endpoint), [...(found.get(nameOf(Endpoint)) ?? []), SubscriptionArn]);
  return found;
};

const urlsOf = async ({ sqs }: Clients): Promise<Map<string, string>> => {
  const urls = new Map<string, string>();
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, { QueueNamePrefix: prefix }))
    for (const url of QueueUrls) urls.set(nameOf(url), url);
  return urls;
};

// a list of queues may lack one of the last minute, whose listener is alive
const urlOf = async ({ sqs }: Clients, QueueName: string): Promise<string | undefined> =>
  (await unlessMissing(sqs.send(new GetQueueUrlCommand({ QueueName }))))?.QueueUrl;

/** Removes what listeners left that ended without a word: no sign of them for ten minutes. Returns how many. */
export const removeLeftOvers = async (clients: Clients, topicArns: readonly string[], now: Date): Promise<number> => {
  const listeners = await listenersOf(clients, topicArns);
  const urls = await urlsOf(clients);
  let removed = 0;
  for (const name of new Set([...listeners.keys(), ...urls.keys()])) {
    const url = urls.get(name) ?? (await urlOf(clients, name));
    if (url !== undefined && (await isAlive(clients, url, now))) continue;
    await removeQueue(clients, { url, subscriptions: listeners.get(name) ?? [] });
    removed += 1;
  }
  return removed;
};

export type Listening = {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly signal: AbortSignal;
  /** How many messages end it. @default none does */
  readonly count?: number | undefined;
  /** When it ends, in milliseconds since 1970. @default it goes on until `signal` */
  readonly deadline?: number | undefined;
  readonly now: () => Date;
  readonly onBody: (body: string) => void;
  /** Called before each wait for messages, which takes 20 seconds at most. */
  readonly onWait: () => Promise<void>;
};

const longestWait = 20; // seconds: what SQS allows

const waitOf = ({ deadline = Number.POSITIVE_INFINITY, now }: Listening): number =>
  Math.min(longestWait, Math.max(0, Math.ceil((deadline - now().getTime()) / 1000)));

const receive = async (listening: Listening, most: number): Promise<Message[]> => {
  const { sqs, url, signal } = listening;
  const ask = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: Math.min(10, most),
    WaitTimeSeconds: waitOf(listening),
  });
  try {
    const { Messages = [] } = await sqs.send(ask, { abortSignal: signal });
    return Messages;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
};

const remove = async ({ sqs, url }: Listening, messages: readonly Message[]): Promise<void> => {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
};

/** Tells of each message of a queue and removes it. Returns how many there were when it is ended. */
export const listenTo = async (listening: Listening): Promise<number> => {
  const { signal, now, count = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY } = listening;
  let received = 0;
  while (!signal.aborted && received < count && now().getTime() < deadline) {
    await listening.onWait();
    const messages = await receive(listening, count - received);
    for (const { Body = '' } of messages) listening.onBody(Body);
    await remove(listening, messages);
    received += messages.length;
  }
  return received;
};
