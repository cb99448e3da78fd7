import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { command } from '../command';
import { call } from '../order-api';
import { stackName } from '../system';
import { failMark, okMark, print, printTable, title } from '../terminal';
import { clientConfig, versionOf } from './endpoint';
import { type Found, findLocalAws } from './local-aws';
import { runningMiniStack } from './ministack';
import { type LocalSystem, writeOutputs } from './outputs';
import { runningSimulator } from './simulator';
import { describeStack, isWhole } from './stack';

const help = `
npm run status

Shows what runs: the local AWS, the stack, the API, how many messages wait in each queue, and the orders by status.

  --help  this text
`;

const entry = (name: string, good: boolean, text: string) =>
  print(`${good ? okMark : failMark} ${name.padEnd(10)} ${text}`);

const showLocalAws = async ({ endpoint, flavour }: Found): Promise<void> => {
  const running = runningMiniStack();
  const pid = running?.endpoint === endpoint ? `, process ${running.pid}` : ', not started from here';
  entry('local AWS', true, `${flavour} ${await versionOf(endpoint, flavour)} at ${endpoint}${pid}`);
};

const showApi = async (system: LocalSystem): Promise<void> => {
  const { status } = await call(system, { method: 'GET', path: '/health' });
  entry('API', status === 200, `${system.apiUrl} (health: ${status})`);
};

const showLive = ({ liveUrl }: LocalSystem): void =>
  entry('live', liveUrl !== undefined, liveUrl ?? 'left out by -c live=off: there is no WebSocket API');

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
  await showLocalAws(found);
  const stack = await describeStack(found.endpoint);
  entry('stack', isWhole(stack), `${stackName} ${stack?.StackStatus ?? 'is not deployed. Deploy it with: npm start'}`);
  if (!isWhole(stack)) return;
  const system = await writeOutputs(found.endpoint);
  await showApi(system);
  showPayments();
  showLive(system);
  await showQueues(system);
  await showOrders(system);
});
