import { SQSClient } from '@aws-sdk/client-sqs';
import { PlaceOrderResponse } from '../../lambda/contracts/order-api';
import { type Checklist, checklist } from '../lib/checklist';
import { command } from '../lib/command';
import { type Effects, waitForEffects } from '../lib/demo/effects';
import { reseed } from '../lib/demo/prepare';
import { readStock, type StockRow } from '../lib/demo/stock';
import { starterProducts } from '../lib/seed/product';
import { whereOptions } from '../lib/system/chosen-stage';
import { call, type Item, orderRequest } from '../lib/system/order-api';
import { waitUntilQuiet } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { print, printTable, step, title } from '../lib/terminal';

const help = `
bash scripts/test-summary.sh [--aws [--stage STAGE]]

The whole system in one run, from a clean seed: ten orders, six of products in stock (three ノートPC, five
ワイヤレスマウス, one メカニカルキーボード) and four of 人気商品（在庫切れ）. It waits until every effect is there, counts them
for these ten orders alone, and prints the two tables of the seed document: 100 %, 60 %, 100 %, 100 %, and the stock
before and after. Takes about ten seconds, since short stock is tried three times. The four messages stay in the
dead-letter queue (bash scripts/manage-dlq.sh). Nobody else may order meanwhile: the stock is compared to the piece.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const one = (...productIds: string[]): Item[] => productIds.map((productId) => ({ productId, quantity: 1 }));

const orders: readonly (readonly Item[])[] = [
  one('PROD-001', 'PROD-002'),
  one('PROD-001', 'PROD-002'),
  one('PROD-001', 'PROD-002'),
  one('PROD-002'),
  one('PROD-002'),
  one('PROD-003'),
  one('PROD-004'),
  one('PROD-004'),
  one('PROD-004'),
  one('PROD-004'),
];

/** What the seed document says that ten orders come to. */
const expected = {
  services: {
    'Order Processor': { done: 10, failed: 0 },
    'Inventory Service': { done: 6, failed: 4 },
    'Notification Service': { done: 10, failed: 0 },
    'Billing Service': { done: 10, failed: 0 },
  },
  stock: { 'PROD-001': [10, 7, 3], 'PROD-002': [50, 45, 5], 'PROD-003': [25, 24, 1], 'PROD-004': [0, 0, 4] },
} as const;
type Service = keyof typeof expected.services;
type Counts = Readonly<Record<Service, { readonly done: number; readonly failed: number }>>;
type Stock = ReadonlyMap<string, StockRow>;

const placeAll = (system: System): Promise<string[]> =>
  step({ doing: 'placing ten orders', done: 'ten orders placed' }, async (tell) => {
    const placed: string[] = [];
    for (const items of orders) {
      const { body } = await call(system, orderRequest(items));
      placed.push(...[PlaceOrderResponse.safeParse(body).data?.orderId ?? []].flat());
      tell(`${placed.length} accepted`);
    }
    return placed;
  });

const countEffects = (placed: readonly string[], effects: readonly Effects[]): Counts => {
  const count = (isSo: (effects: Effects) => boolean) => effects.filter(isSo).length;
  const mailed = count(({ notification }) => notification?.status === 'sent');
  const billed = count(({ bill }) => bill?.status === 'pending');
  return {
    'Order Processor': { done: placed.length, failed: orders.length - placed.length },
    'Inventory Service': {
      done: count(({ reservation }) => reservation?.state === 'RESERVED'),
      failed: count(({ reservation }) => reservation?.state === 'BACKORDERED'),
    },
    'Notification Service': { done: mailed, failed: placed.length - mailed },
    'Billing Service': { done: billed, failed: placed.length - billed },
  };
};

const showServices = (counts: Counts, { check }: Checklist) => {
  title('処理統計');
  printTable(
    [{ title: 'サービス' }, ...['成功', 'エラー', '成功率'].map((text) => ({ title: text, align: 'right' as const }))],
    Object.entries(counts).map(([service, { done, failed }]) => [
      service,
      `${done} 件`,
      `${failed} 件`,
      `${Math.round((100 * done) / Math.max(1, done + failed))}%`,
    ]),
  );
  for (const service of Object.keys(expected.services) as Service[]) {
    const [want, found] = [expected.services[service], counts[service]];
    const holds = found.done === want.done && found.failed === want.failed;
    check(
      'S0-43',
      `${service}: ${want.done} ok, ${want.failed} errors`,
      holds,
      `${found.done} ok, ${found.failed} errors`,
    );
  }
};

const wanted = (productId: string): number =>
  orders.filter((items) => items.some((item) => item.productId === productId)).length;

const showStock = (before: Stock, after: Stock, { check }: Checklist) => {
  title('在庫変動');
  const right = 'right' as const;
  const titles = [{ title: '商品' }, ...['前', '後', '注文'].map((text) => ({ title: text, align: right }))];
  const rows = starterProducts.map(({ productId, name }) => {
    const [was = 0, is = 0] = [before.get(productId)?.stock, after.get(productId)?.stock];
    return { productId, name, was, is, count: wanted(productId) };
  });
  printTable(
    titles,
    rows.map(({ name, was, is, count }) => [name, `${was} 個`, `${is} 個`, `${count} 件`]),
  );
  for (const { productId, name, was, is, count } of rows) {
    const want = expected.stock[productId as keyof typeof expected.stock];
    const holds = want.join() === [was, is, count].join();
    check('S0-44', `${name}: ${want[0]} → ${want[1]} (${want[2]} orders)`, holds, `${was} → ${is} (${count} orders)`);
  }
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  const tables = tablesOf(system);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const productIds = starterProducts.map(({ productId }) => productId);
  await waitUntilQuiet(sqs, system, { what: 'earlier work is done' });
  await reseed(tables);
  const before = await readStock(tables, 'default', productIds);
  const placed = await placeAll(system);
  const effects = await waitForEffects(tables, placed, {
    what: 'all are billed, mailed, and reserved or out of stock',
    timeoutMs: given.aws ? 480_000 : 120_000,
  });
  const depths = await waitUntilQuiet(sqs, system);
  const after = await readStock(tables, 'default', productIds);

  const checks = checklist();
  showServices(countEffects(placed, [...effects.values()]), checks);
  showStock(before, after, checks);
  const left = depths.filter(({ waiting, inFlight }) => waiting + inFlight > 0).map(({ queue }) => queue);
  checks.check('S0-41', 'every queue holds 0 messages', left.length === 0, left.length === 0 ? '0' : left.join(', '));
  const exitCode = checks.conclude();
  print(`\nThe orders: ${placed.join(', ')}`);
  print('Four of their messages are in the dead-letter queue now: bash scripts/manage-dlq.sh list');
  return exitCode;
});
