import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { until } from '../scripts/lib/wait';
import { orderBody } from './events';
import { type LocalSystem, productId, stockProducts } from './local-system';
import { sendSteadily } from './open-loop';
import { sum } from './statistics';

const products = 50;
const patienceMs = 300_000;

/** How many messages a queue holds, visible or in flight. */
export const depthOf = async ({ sqs }: LocalSystem, QueueName: string): Promise<number> => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
};

type Filter = Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

const confirmed: Filter = {
  FilterExpression: '#status = :status',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':status': 'CONFIRMED' },
};

/** Of the rows of the orders table, those that are orders. */
const isOrder: Filter = { FilterExpression: 'attribute_exists(trackingTokenHash)' };

const countRows = async ({ db }: LocalSystem, TableName: string, filter: Filter = {}): Promise<number> => {
  let rows = 0;
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const scan = { TableName, Select: 'COUNT', ExclusiveStartKey, ...filter } as const;
    const { Count = 0, LastEvaluatedKey } = await db.send(new ScanCommand(scan));
    rows += Count;
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return rows;
};

const effectsOf = async (system: LocalSystem) => ({
  reservations: await countRows(system, 'reservations'),
  bills: await countRows(system, 'billing'),
  notifications: await countRows(system, 'notifications'),
  confirmed: await countRows(system, 'orders', confirmed),
});

/** What is empty once nothing is under way. */
export const workQueues = ['inventory-queue', 'notification-queue', 'billing-queue', 'order-saga-queue'];

const isQuiet = async (system: LocalSystem): Promise<boolean> => {
  for (const queue of workQueues) if ((await depthOf(system, queue)) > 0) return false;
  return true;
};

/**
 * Waits until each stored order has all of its effects, also one whose answer was lost. Throws when there is an effect too
 * many, or one is waited for in vain.
 */
const awaitEffects = async (system: LocalSystem): Promise<void> => {
  let [orders, seen] = [0, {}];
  const all = async () => {
    if (!(await isQuiet(system))) return undefined;
    orders = await countRows(system, 'orders', isOrder);
    const effects = await effectsOf(system);
    seen = effects;
    const over = Object.entries(effects).find(([, found]) => found > orders);
    if (over !== undefined) throw new Error(`${over[1]} ${over[0]} for ${orders} orders`);
    return Object.values(effects).every((found) => found === orders) || undefined;
  };
  const done = await until(all, { timeoutMs: patienceMs, everyMs: 250 });
  if (done === undefined) throw new Error(`not every order has its effects: ${JSON.stringify(seen)} of ${orders}`);
};

const deadLetters = async (system: LocalSystem): Promise<number> => {
  const { QueueUrls = [] } = await system.sqs.send(new ListQueuesCommand({}));
  const names = QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)).filter((name) => /-dlq$/.test(name));
  if (names.length === 0) throw new Error('there is no dead-letter queue');
  return sum(await Promise.all(names.map((name) => depthOf(system, name))));
};

/** Customers order at a steady rate. Answers with what was accepted, and how long after the last all of it was done. */
export const runWhole = async (system: LocalSystem, load: { orders: number; perSecond: number }) => {
  await stockProducts(system, 0, products);
  const { statuses, endedAt } = await sendSteadily({
    url: `${system.api}/orders`,
    count: load.orders,
    perSecond: load.perSecond,
    bodyOf: (n) => orderBody(productId(n % products)),
  });
  const accepted = statuses[201] ?? 0;
  await awaitEffects(system);
  const seconds = (performance.now() - endedAt) / 1000;
  return { accepted, statuses, seconds, deadLetters: await deadLetters(system) };
};
