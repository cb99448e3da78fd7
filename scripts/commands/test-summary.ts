import { SQSClient } from '@aws-sdk/client-sqs';
import { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { type Checklist, checklist } from '../lib/checklist';
import { command } from '../lib/command';
import { type Effects, waitForEffects } from '../lib/demo/effects';
import { reseed } from '../lib/demo/prepare';
import { readStock, type StockRow } from '../lib/demo/stock';
import { language, say } from '../lib/language';
import { starterProducts } from '../lib/seed/product';
import { whereOptions } from '../lib/system/chosen-stage';
import { call, type Item, orderRequest } from '../lib/system/order-api';
import { waitUntilQuiet } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { print, printTable, sentence, step, title } from '../lib/terminal';

const help = `
bash scripts/test-summary.sh [--aws [--stage STAGE]] [--lang en|ja]

The whole system in one run, from a clean seed: ten orders, six of products in stock (three ノートPC, five
ワイヤレスマウス, one メカニカルキーボード) and four of 人気商品（在庫切れ）. It waits until every effect is there, counts them
for these ten orders alone, and prints the two tables of the seed document: 100 %, 60 %, 100 %, 100 %, and the stock
before and after. Takes about ten seconds, since short stock is tried three times. The four messages stay in the
dead-letter queue (bash scripts/manage-dlq.sh). Nobody else may order meanwhile: the stock is compared to the piece.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --lang en|ja      the language (default: that of LANG)
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

const placing = () => ({
  doing: say({ en: 'placing ten orders', ja: '10 件注文しています' }),
  done: say({ en: 'ten orders placed', ja: '10 件注文しました' }),
});

const placeAll = (system: System): Promise<string[]> =>
  step(placing(), async (report) => {
    const placed: string[] = [];
    for (const items of orders) {
      const { body } = await call(system, orderRequest(items));
      placed.push(...[PlaceOrderResponse.safeParse(body).data?.orderId ?? []].flat());
      report(say({ en: `${placed.length} accepted`, ja: `${placed.length} 件受付` }));
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

const words = {
  services: { en: ['service', 'ok', 'errors', 'success'], ja: ['サービス', '成功', 'エラー', '成功率'] },
  stock: { en: ['product', 'before', 'after', 'ordered'], ja: ['商品', '前', '後', '注文'] },
  count: { en: '', ja: ' 件' },
  pieces: { en: '', ja: ' 個' },
} as const;

const inWords = ({ done, failed }: { readonly done: number; readonly failed: number }) =>
  say({ en: `${done} ok, ${failed} errors`, ja: `成功 ${done} 件、エラー ${failed} 件` });

const showServices = (counts: Counts, { check }: Checklist) => {
  title(say({ en: 'What the services did', ja: '処理統計' }));
  const [service, ...numbers] = words.services[language()];
  const unit = words.count[language()];
  printTable(
    [{ title: service }, ...numbers.map((text) => ({ title: text, align: 'right' as const }))],
    Object.entries(counts).map(([service, { done, failed }]) => [
      service,
      `${done}${unit}`,
      `${failed}${unit}`,
      `${Math.round((100 * done) / Math.max(1, done + failed))}%`,
    ]),
  );
  for (const service of Object.keys(expected.services) as Service[]) {
    const [want, found] = [expected.services[service], counts[service]];
    const holds = found.done === want.done && found.failed === want.failed;
    check('S0-43', `${service}: ${inWords(want)}`, holds, `${service}: ${inWords(found)}`);
  }
};

const wanted = (productId: string): number =>
  orders.filter((items) => items.some((item) => item.productId === productId)).length;

const showStock = (before: Stock, after: Stock, { check }: Checklist) => {
  title(say({ en: 'Stock', ja: '在庫変動' }));
  const right = 'right' as const;
  const [product, ...numbers] = words.stock[language()];
  const [count, pieces] = [words.count[language()], words.pieces[language()]];
  const titles = [{ title: product }, ...numbers.map((text) => ({ title: text, align: right }))];
  const rows = starterProducts.map(({ productId, name }) => {
    const [was = 0, is = 0] = [before.get(productId)?.stock, after.get(productId)?.stock];
    return { productId, name, was, is, ordered: wanted(productId) };
  });
  printTable(
    titles,
    rows.map(({ name, was, is, ordered }) => [name, `${was}${pieces}`, `${is}${pieces}`, `${ordered}${count}`]),
  );
  const change = (name: string, [was, is, ordered]: readonly number[]) =>
    say({ en: `${name}: ${was} → ${is} (${ordered} ordered)`, ja: `${name}: ${was} → ${is}（注文 ${ordered} 件）` });
  for (const { productId, name, was, is, ordered } of rows) {
    const want = expected.stock[productId as keyof typeof expected.stock];
    const found = [was, is, ordered];
    check('S0-44', change(name, want), want.join() === found.join(), change(name, found));
  }
};

command({ help, options: whereOptions, speaksJapanese: true }, async (given) => {
  const system = await findSystem(given);
  const tables = tablesOf(system);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const productIds = starterProducts.map(({ productId }) => productId);
  await waitUntilQuiet(sqs, system, { what: say({ en: 'earlier work is done', ja: '以前の処理が終わりました' }) });
  await reseed(tables);
  const before = await readStock(tables, 'default', productIds);
  const placed = await placeAll(system);
  const effects = await waitForEffects(tables, placed, {
    what: say({
      en: 'all are billed, mailed, and reserved or out of stock',
      ja: '請求、メール、在庫確保（または在庫切れ）がすべて済みました',
    }),
    timeoutMs: given.aws ? 480_000 : 120_000,
  });
  const depths = await waitUntilQuiet(sqs, system);
  const after = await readStock(tables, 'default', productIds);

  const checks = checklist();
  showServices(countEffects(placed, [...effects.values()]), checks);
  showStock(before, after, checks);
  const left = depths.filter(({ waiting, inFlight }) => waiting + inFlight > 0).map(({ queue }) => queue);
  const empty = say({ en: 'every queue holds 0 messages', ja: 'すべてのキューが空（0 件）' });
  checks.check('S0-41', empty, left.length === 0, left.length === 0 ? empty : left.join(', '));
  const exitCode = checks.conclude();
  sentence(say({ en: `\nThe orders: ${placed.join(', ')}`, ja: `\n注文: ${placed.join('、')}` }));
  const list = 'bash scripts/manage-dlq.sh list';
  print(
    say({
      en: `Four of their messages are in the dead-letter queue now:\n  ${list}`,
      ja: `うち 4 件のメッセージがデッドレターキューにあります:\n  ${list}`,
    }),
  );
  return exitCode;
});
