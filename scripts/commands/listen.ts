import { randomUUID } from 'node:crypto';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AnyEvent } from '../../lambda/contracts/events/event';
import { CommandError, command } from '../lib/command';
import { eventTypes, type Listen, listenOf, options, type Values, type Wanted } from '../lib/events/listen-arguments';
import {
  type Clients,
  heartbeatMs,
  type Listened,
  listenTo,
  removeLeftOvers,
  removeQueue,
  sayAlive,
  subscribeQueue,
} from '../lib/events/listener';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { paint, print, printError } from '../lib/terminal';

const help = `
npm run listen -- TOPIC [TOPIC …] [--type TYPE[,TYPE …]] [--tenant TENANT] [--count N] [--for SECONDS] [--json] [--aws [--stage STAGE]]

Shows events as they are published: subscribes a queue of its own to the topics, shows each event, and removes the queue
when it ends. The system's own consumers notice nothing of it.

  TOPIC            ${Object.keys(eventTypes).join(', ')}
  --type TYPE      only these types, such as OrderConfirmed.v2,OrderCancelled.v2 (default: every type of the topics)
  --tenant TENANT  only events of this tenant (default: of all)
  --count N        ends after N events
  --for SECONDS    ends after that time; with --count, with 1 when fewer events came
  --json           each event whole, as one line of JSON. It holds what a customer typed: mind where it goes
  --aws            works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help           this text

Ctrl-C ends it. What a listener leaves that was ended by force is removed by the next one, after ten minutes.
`;

const clientsOf = (system: System): Clients => ({
  sns: new SNSClient(clientOptions(system)),
  sqs: new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false }),
});

/** A topic that is deployed. */
const topicArnOf = ({ topicArns }: System, topic: string): string => {
  const arn = topicArns[topic];
  if (arn !== undefined) return arn;
  throw new CommandError(`no topic "${topic}" is deployed; there are ${Object.keys(topicArns).join(', ')}`);
};

const listenedOf = (system: System, wanted: readonly Wanted[]): [Listened, ...Listened[]] => {
  const [first, ...rest] = wanted.map(({ topic, types }) => ({ types, topicArn: topicArnOf(system, topic) }));
  if (first === undefined) throw new CommandError('no topic was named');
  return [first, ...rest];
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** The line for one event: its time, type, tenant, subject and ID; `unreadable` when no contract accepts it. */
const lineOf = (body: string, json: boolean): string => {
  const event = parsed(body);
  if (json) return JSON.stringify({ message: 'イベント受信', event });
  const { success, data } = AnyEvent.safeParse(event);
  if (!success) return 'イベント受信  unreadable: no event contract accepts it (--json shows it)';
  const { time, type, tenantid, id } = data;
  const subject = data.subject.replace(/\p{Cc}+/gu, ' '); // what came over a queue must not steer the terminal
  return ['イベント受信', time.slice(11, 23), type, tenantid, subject, paint('dim', id)].join('  ');
};

const describe = ({ wanted, tenant }: Listen): string =>
  [
    wanted.map(({ topic, types }) => `${topic} (${types === 'all' ? 'every type' : types.join(', ')})`).join(', '),
    ...(tenant === undefined ? [] : [`of ${tenant}`]),
  ].join(' ');

const forcedAfterMs = 2_000; // npm and tsx pass the same Ctrl-C on more than once

/** Ends with the first Ctrl-C; one that comes later, when the end takes too long, ends it by force. */
const untilInterrupted = (): AbortSignal => {
  const stop = new AbortController();
  let first: number | undefined;
  const interrupt = () => {
    if (first !== undefined && Date.now() - first > forcedAfterMs) process.exit(130);
    first ??= Date.now();
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return stop.signal;
};

/** Says once a minute that the listener is there. */
const heartbeat = (clients: Clients, url: string) => {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < heartbeatMs) return;
    last = Date.now();
    await sayAlive(clients, url, new Date(last));
  };
};

const listen = async (system: System, asked: Listen, { json = false }: Values): Promise<number> => {
  const signal = untilInterrupted();
  const clients = clientsOf(system);
  const listened = listenedOf(system, asked.wanted);
  await removeLeftOvers(clients, Object.values(system.topicArns), new Date());
  const queue = await subscribeQueue(clients, { id: randomUUID(), now: new Date(), listened, tenant: asked.tenant });
  const say = json ? printError : print;
  try {
    say(`イベント購読開始  ${describe(asked)}. Ctrl-C ends it.`);
    const received = await listenTo({
      sqs: clients.sqs,
      url: queue.url,
      signal,
      count: asked.count,
      deadline: asked.seconds === undefined ? undefined : Date.now() + asked.seconds * 1000,
      now: () => new Date(),
      onBody: (body) => print(lineOf(body, json)),
      onWait: heartbeat(clients, queue.url),
    });
    say(`イベント購読終了  ${received} events`);
    return received;
  } finally {
    await removeQueue(clients, queue);
  }
};

command({ help, options, words: 8 }, async (values, topics) => {
  const asked = listenOf(topics, values);
  const received = await listen(await findSystem(values), asked, values);
  if (asked.count === undefined || asked.seconds === undefined || received >= asked.count) return;
  throw new CommandError(`${received} of ${asked.count} events came within ${asked.seconds} s`);
});
