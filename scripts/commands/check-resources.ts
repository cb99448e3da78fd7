import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { HealthResponse } from '../../lambda/contracts/api/order-api';
import { type Checklist, checklist } from '../lib/checklist';
import { CommandError, command } from '../lib/command';
import { listenedTo, type Subscription, subscriptionsIn } from '../lib/dead-letters/dead-letter-route';
import { whereOptions } from '../lib/system/chosen-stage';
import { call, orderRequest } from '../lib/system/order-api';
import { queueDepth } from '../lib/system/queues';
import { bareName, type Stage } from '../lib/system/stage';
import { clientOptions, findSystem, resourcesOf, type System, stageOf } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { print, printTable, title } from '../lib/terminal';

const help = `
bash scripts/check-resources.sh [--aws [--stage STAGE]]

Lists every resource of the deployed stacks, what each queue holds and who is subscribed to what, and checks what the
seed document promises of the infrastructure: the API, the topic, the queues and their dead-letter queue, the tables and
their keys. Changes nothing.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const deadLetterQueue = 'order-processing-dlq';
const maxFailures = 3;
const consumerQueues = [
  ['S0-05', 'inventory-queue'],
  ['S0-06', 'notification-queue'],
  ['S0-07', 'billing-queue'],
] as const;
const tableKeys = [
  ['S0-11', 'orders', 'orderId HASH, createdAt RANGE'],
  ['S0-12', 'inventory', 'productId HASH'],
  ['S0-13', 'notifications', 'notificationId HASH, createdAt RANGE'],
  ['S0-14', 'billing', 'billingId HASH, orderId RANGE'],
] as const;

/** What the order function says of an order without lines. */
const Refusal = z.object({ detail: z.string(), errors: z.array(z.object({ pointer: z.string() })) });

/** What people call a resource: of a queue, its name and not its whole URL. */
const nameOf = (id: string): string => (/^https?:/.test(id) ? id.slice(id.lastIndexOf('/') + 1) : id);

const short = (text: string) => (text.length > 70 ? `${text.slice(0, 34)}…${text.slice(-35)}` : text);

const listResources = async (system: System, { check }: Checklist) => {
  const resources = await resourcesOf(system);
  for (const stack of new Set(resources.map((resource) => resource.stack))) {
    const own = resources.filter((resource) => resource.stack === stack);
    title(`${own.length} resources of ${stack}`);
    printTable(
      ['type', 'name', 'state'].map((name) => ({ title: name })),
      own.map(({ type, id, status }) => [type.replace(/^AWS::/, ''), short(nameOf(id)), status]),
    );
  }
  const unfinished = resources.filter(({ status }) => !/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status));
  check('S0-46', 'every resource is complete', unfinished.length === 0, `${unfinished.length} are not`);
};

const checkApi = async (system: System, { check }: Checklist) => {
  const { headers: _, ...withoutType } = orderRequest([]);
  const refused = await call(system, { ...withoutType, headers: { 'Content-Type': 'text/plain' } }); // leaves nothing behind
  check('S0-01', `POST ${system.apiUrl}/orders answers`, refused.status === 415, refused.status);
  const empty = await call(system, orderRequest([])); // refused by what the order function alone knows, and not stored
  const refusal = Refusal.safeParse(empty.body).data;
  const isRefused =
    empty.status === 400 && refusal?.errors.some(({ pointer }) => pointer.startsWith('/items')) === true;
  check('S0-02', 'POST /orders runs the order function', isRefused, `${empty.status} ${refusal?.detail ?? ''}`);
  const { status, body } = await call(system, { method: 'GET', path: '/health' });
  const dependencies = Object.entries(HealthResponse.safeParse(body).data?.dependencies ?? {});
  const states = dependencies.map(([name, dependency]) => `${name} ${dependency.status}`).join(', ');
  check('S2-40', 'GET /health: every dependency answers', status === 200, states || JSON.stringify(body));
};

/** After how many deliveries SQS itself moves a message, and to which queue. */
type Redrive = { readonly deliveries: number; readonly to: string };

const redrivePolicy = async (sqs: SQSClient, url: string, stage: Stage): Promise<Redrive | undefined> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['RedrivePolicy'] }),
  );
  const { maxReceiveCount, deadLetterTargetArn = '' } = JSON.parse(Attributes?.RedrivePolicy ?? '{}');
  if (maxReceiveCount === undefined) return undefined;
  return {
    deliveries: Number(maxReceiveCount),
    to: bareName(stage, deadLetterTargetArn.slice(deadLetterTargetArn.lastIndexOf(':') + 1)),
  };
};

const inWords = (redrive: Redrive | undefined) =>
  redrive === undefined ? '-' : `to ${redrive.to} after ${redrive.deliveries}`;

/** A consumer counts failures by itself; what can be read of a queue is that SQS is not quicker than its consumer. */
const checkRedrive = (name: string, redrive: Redrive | undefined, { check }: Checklist) => {
  const isBehind = redrive?.to === deadLetterQueue && redrive.deliveries > maxFailures;
  const promise = `${name} moves to ${deadLetterQueue}, not before its consumer has failed ${maxFailures} times`;
  check('S0-09', promise, isBehind, inWords(redrive));
};

const listQueues = async (system: System, subscriptions: readonly Subscription[], checks: Checklist) => {
  const { check } = checks;
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const queues = await Promise.all(
    Object.entries(system.queueUrls).map(async ([name, url]) => ({
      ...(await queueDepth(sqs, name, url)),
      redrive: await redrivePolicy(sqs, url, stageOf(system)),
      types: listenedTo(name, subscriptions),
    })),
  );
  title('Queues');
  printTable(
    [
      { title: 'queue' },
      { title: 'waiting', align: 'right' },
      { title: 'in flight', align: 'right' },
      { title: 'deliveries end' },
      { title: 'listens to' },
    ],
    queues.map(({ queue, waiting, inFlight, redrive, types }) => [
      ...[queue, waiting, inFlight],
      ...[inWords(redrive), types.join(', ')],
    ]),
  );
  for (const [id, name] of consumerQueues) {
    const types = queues.find(({ queue }) => queue === name)?.types ?? [];
    check(id, `${name} is subscribed to order-events`, types.includes('OrderPlaced.v2'), types.join(', ') || 'nothing');
    checkRedrive(name, queues.find(({ queue }) => queue === name)?.redrive, checks);
  }
  check('S0-08', `dead-letter queue ${deadLetterQueue}`, deadLetterQueue in system.queueUrls);
};

const describeKey = async (client: DynamoDBClient, name: string): Promise<{ key: string; rows: number }> => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const key = (Table?.KeySchema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
    return { key, rows: Table?.ItemCount ?? 0 };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return { key: 'no such table', rows: 0 };
    throw error;
  }
};

const listTables = async (system: System, { check }: Checklist) => {
  const { client, called } = tablesOf(system);
  const names = [...new Set([...system.tableNames, ...tableKeys.map(([, name]) => name)])].sort();
  const tables = new Map(
    await Promise.all(names.map(async (name) => [name, await describeKey(client, called(name))] as const)),
  );
  title('Tables');
  printTable(
    [{ title: 'table' }, { title: 'key' }, { title: 'rows, about', align: 'right' }],
    [...tables].map(([name, { key, rows }]) => [name, key, rows]),
  );
  for (const [id, name, key] of tableKeys)
    check(id, `table ${name}: ${key}`, tables.get(name)?.key === key, tables.get(name)?.key);
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  const checks = checklist();
  print(`The order system at ${system.endpoint ?? `AWS (${system.region})`}`);
  await listResources(system, checks);
  const topic = system.topicArns['order-events'];
  checks.check('S0-04', 'topic order-events', topic !== undefined, topic ?? 'no such topic');
  if (topic === undefined) throw new CommandError('There is no topic order-events: deploy the stack again.');
  const subscriptions = await subscriptionsIn(system);
  await listQueues(system, subscriptions, checks);
  await listTables(system, checks);
  await checkApi(system, checks);
  print('\nTo see a consumer dead-letter a message after its third failure:\n  bash scripts/test-error-scenarios.sh');
  return checks.conclude();
});
