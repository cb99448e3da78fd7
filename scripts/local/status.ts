import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { command } from '../lib/command';
import { presentApps } from '../lib/system/apps';
import { call } from '../lib/system/order-api';
import { failMark, okMark, print, printTable, title } from '../lib/terminal';
import { clientConfig } from './endpoint';
import { type Found, findLocalAws } from './local-aws';
import { runningMiniStack } from './ministack';
import { type LocalSystem, refreshOutputs } from './outputs';
import { runningSimulator } from './simulator';
import { describeStack, isWhole } from './stack';

const help = `
npm run status

Shows what runs: the local AWS, the stacks, the APIs, how many messages wait in each queue, and the orders by status.

  --help  this text
`;

const entry = (name: string, good: boolean, text: string) =>
  print(`${good ? okMark : failMark} ${name.padEnd(10)} ${text}`);

const showLocalAws = ({ endpoint, name }: Found): void => {
  const running = runningMiniStack();
  const pid = running?.endpoint === endpoint ? `, process ${running.pid}` : ', not started from here';
  entry('local AWS', true, `${name} at ${endpoint}${pid}`);
};

/** Returns whether the system takes orders: its first stack is whole. */
const showStacks = async ({ endpoint }: Found): Promise<boolean> => {
  const names = presentApps().map(({ stack }) => stack);
  const stacks = await Promise.all(names.map((name) => describeStack(endpoint, name)));
  for (const [index, name] of names.entries()) {
    const stack = stacks[index];
    const text = stack?.StackStatus ?? 'is not deployed. Deploy it with: npm start';
    entry('stack', isWhole(stack), `${name} ${text}`);
  }
  return isWhole(stacks[0]);
};

const showApi = async (system: LocalSystem): Promise<void> => {
  const { status } = await call(system, { method: 'GET', path: '/health' });
  entry('API', status === 200, `${system.apiUrl} (health: ${status})`);
};

const showLive = ({ liveUrl }: LocalSystem): void =>
  entry('live', liveUrl !== undefined, liveUrl ?? 'left out: there is no WebSocket API');

const showStorefront = ({ storefrontUrl }: LocalSystem): void => {
  if (storefrontUrl !== undefined) entry('storefront', true, storefrontUrl);
};

const showPayments = (): void => {
  const running = runningSimulator();
  const text = running === undefined ? 'no simulator runs' : `simulator at ${running.url}, process ${running.pid}`;
  entry('payments', running !== undefined, text);
};

const count = async (sqs: SQSClient, QueueUrl: string): Promise<number[]> => {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.map((name) => Number(Attributes[name] ?? 0));
};

const showQueues = async ({ endpoint, queueUrls }: LocalSystem): Promise<void> => {
  const sqs = new SQSClient(clientConfig(endpoint));
  const queues = Object.entries(queueUrls);
  const counts = await Promise.all(queues.map(([, url]) => count(sqs, url)));
  title('Messages');
  printTable(
    [{ title: 'queue' }, { title: 'waiting', align: 'right' }, { title: 'in work', align: 'right' }],
    queues.map(([name], index) => [name, ...(counts[index] ?? [])]),
  );
};

const showOrders = async ({ endpoint }: LocalSystem): Promise<void> => {
  const client = new DynamoDBClient(clientConfig(endpoint));
  const counts = new Map<string, number>();
  const pages = paginateScan(
    { client },
    {
      TableName: 'orders',
      FilterExpression: 'attribute_exists(fact)',
      ProjectionExpression: '#status',
      ExpressionAttributeNames: { '#status': 'status' },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { status } of Items) counts.set(status?.S ?? '', (counts.get(status?.S ?? '') ?? 0) + 1);
  }
  title('Orders');
  if (counts.size === 0) return print('  none yet');
  printTable([{ title: 'status' }, { title: 'orders', align: 'right' }], [...counts].sort());
};

command({ help, options: {} }, async () => {
  const found = await findLocalAws();
  if (found === undefined) return entry('local AWS', false, 'none is running. Start it with: npm start');
  showLocalAws(found);
  if (!(await showStacks(found))) return;
  const system = await refreshOutputs(found.endpoint);
  await showApi(system);
  showPayments();
  showLive(system);
  showStorefront(system);
  await showQueues(system);
  await showOrders(system);
});
