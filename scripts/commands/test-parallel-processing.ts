import { SQSClient } from '@aws-sdk/client-sqs';
import { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { checklist } from '../lib/checklist';
import { command } from '../lib/command';
import { completedAfter, waitForEffects } from '../lib/demo/effects';
import { ensureStock } from '../lib/demo/prepare';
import { readStock } from '../lib/demo/stock';
import { whereOptions } from '../lib/system/chosen-stage';
import { type ApiAnswer, call, type Item, orderRequest } from '../lib/system/order-api';
import { waitUntilQuiet } from '../lib/system/queues';
import { clientOptions, findSystem, type System } from '../lib/system/system';
import { type Tables, tablesOf } from '../lib/system/tables';
import { elapsed, fail, ok, printTable, step, title } from '../lib/terminal';

const help = `
bash scripts/test-parallel-processing.sh [--aws [--stage STAGE]]

Sends five orders at the same time and checks that they are accepted within one second, that each is reserved, mailed
and billed (fifteen effects), that the last effect is there within one second too, that stock has fallen by exactly what
was ordered, and that every queue is empty again. The second is measured on functions that have answered before; a cold
start is no part of it. On a machine that is too busy for a second, five orders at once must take no longer than five
that were sent one by one just before. Nobody else may order meanwhile: the stock is compared to the piece. The seed data
is loaded first when stock is too low.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const orders: readonly (readonly Item[])[] = [
  [{ productId: 'PROD-001', quantity: 1 }],
  [{ productId: 'PROD-002', quantity: 2 }],
  [{ productId: 'PROD-002', quantity: 3 }],
  [{ productId: 'PROD-003', quantity: 1 }],
  [
    { productId: 'PROD-001', quantity: 1 },
    { productId: 'PROD-002', quantity: 1 },
  ],
];
const ordered = { 'PROD-001': 2, 'PROD-002': 6, 'PROD-003': 1 };
const productIds = Object.keys(ordered);
const limitMs = 1000;

const mouse: readonly Item[] = [{ productId: 'PROD-002', quantity: 1 }];
const singles = 5;
const warming = 5;

/** Sends orders at once. Returns how long it took until the last of them was reserved, mailed and billed. */
const timed = async (system: System, tables: Tables, count: number, what: string): Promise<number> => {
  const start = new Date();
  const answers = await Promise.all(Array.from({ length: count }, () => call(system, orderRequest(mouse))));
  const ids = answers.flatMap(({ body }) => PlaceOrderResponse.safeParse(body).data?.orderId ?? []);
  const effects = await waitForEffects(tables, ids, { what });
  return completedAfter([...effects.values()], start);
};

/** Five at once too, so that five environments of each function are warm. */
const warmUp = async (system: System, tables: Tables): Promise<void> => {
  await step({ doing: 'warming up', done: 'five environments of each function are warm' }, () =>
    Promise.all(orders.map(() => call(system, orderRequest([{ productId: 'WARM-UP', quantity: 1 }])))),
  );
  await timed(system, tables, warming, 'five orders to warm up are reserved, mailed and billed');
};

/** How long five orders may take: a second, or what five take one by one where the machine is too busy for that. */
const timeLimit = async (system: System, tables: Tables): Promise<number> => {
  let oneByOne = 0;
  for (let sent = 1; sent <= singles; sent += 1)
    oneByOne += await timed(system, tables, 1, `order ${sent} of ${singles} by itself, to compare with`);
  return Math.max(limitMs, oneByOne);
};

const sendAll = async (system: System): Promise<{ answers: ApiAnswer[]; milliseconds: number }> => {
  const startedAt = performance.now();
  const answers = await Promise.all(orders.map((items) => call(system, orderRequest(items))));
  return { answers, milliseconds: performance.now() - startedAt };
};

const showAnswers = (answers: readonly ApiAnswer[], milliseconds: number) => {
  printTable(
    [{ title: 'order' }, { title: 'items' }, { title: 'answer', align: 'right' }, { title: 'after', align: 'right' }],
    answers.map(({ body, status, milliseconds: after }, index) => [
      PlaceOrderResponse.safeParse(body).data?.orderId ?? JSON.stringify(body),
      (orders[index] ?? []).map(({ productId, quantity }) => `${productId} × ${quantity}`).join(', '),
      status,
      elapsed(after),
    ]),
  );
  const shown = `all five answered after ${elapsed(milliseconds)}`;
  if (milliseconds <= limitMs) ok(shown);
  else fail(shown);
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  const tables = tablesOf(system);
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const { check, conclude } = checklist();
  await ensureStock(tables, { ...ordered, 'PROD-002': ordered['PROD-002'] + warming + singles });
  await waitUntilQuiet(sqs, system, { what: 'earlier work is done' });
  await warmUp(system, tables);
  const completeMs = await timeLimit(system, tables);
  const before = await readStock(tables, 'default', productIds);

  title('Five orders at the same time');
  const start = new Date();
  const { answers, milliseconds } = await sendAll(system);
  showAnswers(answers, milliseconds);
  const accepted = answers.flatMap(({ body }) => PlaceOrderResponse.safeParse(body).data?.orderId ?? []);
  check('S0-39', 'five orders are accepted', accepted.length === 5, `${accepted.length} of 5`);
  check('S0-39', 'within 1 second', milliseconds <= limitMs, elapsed(milliseconds));

  const effects = [
    ...(await waitForEffects(tables, accepted, { what: 'all five are reserved, mailed and billed' })).values(),
  ];
  const took = completedAfter(effects, start);
  check('S0-39', `the five orders complete within ${elapsed(completeMs)}`, took <= completeMs, elapsed(took));
  const reserved = effects.filter(({ reservation }) => reservation?.state === 'RESERVED').length;
  const mailed = effects.filter(({ notification }) => notification?.status === 'sent').length;
  const billed = effects.filter(({ bill }) => bill?.status === 'pending').length;
  const each = `reserved ${reserved}, mailed ${mailed}, billed ${billed}`;
  check('S0-10', 'fifteen effects: each reserved, mailed, billed', reserved + mailed + billed === 15, each);
  const depths = await waitUntilQuiet(sqs, system);

  const after = await readStock(tables, 'default', productIds);
  for (const [productId, quantity] of Object.entries(ordered)) {
    const [was = 0, is = 0] = [before.get(productId)?.stock, after.get(productId)?.stock];
    check('S0-40', `${productId}: stock falls by ${quantity}`, was - is === quantity, `${was} → ${is}`);
  }
  const left = depths.filter(({ waiting, inFlight }) => waiting + inFlight > 0).map(({ queue }) => queue);
  check('S0-41', 'every queue holds 0 messages', left.length === 0, left.length === 0 ? '0' : left.join(', '));
  return conclude();
});
