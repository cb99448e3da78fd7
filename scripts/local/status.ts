import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { command } from '../lib/command';
import { language, say } from '../lib/language';
import { presentApps } from '../lib/system/apps';
import { call } from '../lib/system/order-api';
import { pad } from '../lib/table';
import { failMark, okMark, print, printTable, title } from '../lib/terminal';
import { type LocalSystem, refreshOutputs } from './deployment/outputs';
import { describeStack, isWhole } from './deployment/stack';
import { chosenEndpoint, clientConfig } from './emulator/endpoint';
import { type Found, findLocalAws } from './emulator/local-aws';
import { runningMiniStack } from './emulator/ministack';
import { runningSimulator } from './simulator';

const help = `
npm run status

Shows what runs: the local AWS, the stacks, the APIs, the queues in which messages wait, and the orders by status.
Ends with 1 when no local AWS runs, or the system is not deployed there.

  --lang en|ja  the language (default: that of LANG)
  --help        this text
`;

const entry = (name: string, good: boolean, text: string) =>
  print(`${good ? okMark : failMark} ${pad(name, 13)} ${text}`);

const localAws = () => say({ en: 'local AWS', ja: 'ローカル AWS' });
const processOf = (pid: number) => say({ en: `process ${pid}`, ja: `プロセス ${pid}` });

const showLocalAws = ({ endpoint, name }: Found): void => {
  const running = runningMiniStack();
  const pid =
    running?.endpoint === endpoint
      ? `, ${processOf(running.pid)}`
      : say({ en: ', not started from here', ja: '（ここで起動したものではありません）' });
  entry(localAws(), true, `${name} ${endpoint}${pid}`);
};

/** Returns whether the system takes orders: its first stack is whole. */
const showStacks = async ({ endpoint }: Found): Promise<boolean> => {
  const names = presentApps().map(({ stack }) => stack);
  const stacks = await Promise.all(names.map((name) => describeStack(endpoint, name)));
  for (const [index, name] of names.entries()) {
    const stack = stacks[index];
    const text =
      stack?.StackStatus ??
      say({ en: 'is not deployed. Deploy it with: npm start', ja: 'は未デプロイです。npm start でデプロイします' });
    entry(say({ en: 'stack', ja: 'スタック' }), isWhole(stack), `${name} ${text}`);
  }
  return isWhole(stacks[0]);
};

const showApi = async (system: LocalSystem): Promise<void> => {
  const { status } = await call(system, { method: 'GET', path: '/health' });
  entry('API', status === 200, `${system.apiUrl} (health: ${status})`);
};

const showLive = ({ liveUrl }: LocalSystem): void =>
  entry(
    say({ en: 'live status', ja: 'ライブ通知' }),
    liveUrl !== undefined,
    liveUrl ?? say({ en: 'left out: there is no WebSocket API', ja: 'なし（WebSocket API がありません）' }),
  );

const showStorefront = ({ storefrontUrl }: LocalSystem): void => {
  if (storefrontUrl !== undefined) entry(say({ en: 'storefront', ja: 'ストアフロント' }), true, storefrontUrl);
};

const showPayments = (): void => {
  const running = runningSimulator();
  const none = say({ en: 'no simulator runs', ja: 'シミュレーターは動いていません' });
  const text = running === undefined ? none : `${running.url}, ${processOf(running.pid)}`;
  entry(say({ en: 'payments', ja: '決済' }), running !== undefined, text);
  if (running !== undefined) entry(say({ en: 'mails', ja: 'メール' }), true, `${running.url}/mailbox`);
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
  title(say({ en: 'Messages', ja: 'メッセージ' }));
  const busy = queues
    .map(([name], index) => ({ name, numbers: counts[index] ?? [] }))
    .filter(({ numbers }) => numbers.some((number) => number > 0));
  const all = queues.length;
  if (busy.length === 0)
    return print(say({ en: `  none in any of ${all} queues`, ja: `  ${all} 個のキューはすべて空です` }));
  const [queue, waiting, inWork] = { en: ['queue', 'waiting', 'in work'], ja: ['キュー', '待ち', '処理中'] }[
    language()
  ];
  printTable(
    [{ title: queue ?? '' }, { title: waiting ?? '', align: 'right' }, { title: inWork ?? '', align: 'right' }],
    busy.map(({ name, numbers }) => [name, ...numbers]),
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
  title(say({ en: 'Orders', ja: '注文' }));
  if (counts.size === 0) return print(say({ en: '  none yet', ja: '  まだありません' }));
  const [status, orders] = { en: ['status', 'orders'], ja: ['状態', '件数'] }[language()];
  printTable([{ title: status ?? '' }, { title: orders ?? '', align: 'right' }], [...counts].sort());
};

const whatIsMissing = (): string => {
  const chosen = chosenEndpoint();
  if (chosen === undefined)
    return say({ en: 'none is running. Start it with: npm start', ja: '動いていません。npm start で起動します' });
  const place = `AWS_ENDPOINT_URL=${chosen}`;
  return say({ en: `no local AWS answers at ${place}`, ja: `${place} ではローカル AWS が応答しません` });
};

command({ help, options: {}, speaksJapanese: true }, async () => {
  const found = await findLocalAws();
  if (found === undefined) {
    entry(localAws(), false, whatIsMissing());
    return 1;
  }
  showLocalAws(found);
  if (!(await showStacks(found))) return 1;
  const system = await refreshOutputs(found.endpoint);
  await showApi(system);
  showPayments();
  showLive(system);
  showStorefront(system);
  await showQueues(system);
  await showOrders(system);
  return 0;
});
