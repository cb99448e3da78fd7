import { type Fault, startFaultProxy } from '../support/fault-proxy';
import {
  endpoint,
  eventually,
  manyAtOnce,
  postOrder,
  postUntilAnswered,
  reaches,
  rowsOf,
  type Shop,
  sweepNow,
} from '../support/flow';
import { kill, pointFunctionsAt, setDelivery, workers } from '../support/flow-functions';
import { attributeOf, sendAll, takeDeadLetters } from '../support/flow-queues';
import { volume } from '../support/volume';

const [orders, kills, failures] = [volume(500), volume(50), volume(200)];

import { openShop, stock } from '../support/flow-shop';

/** Brings back whatever the faults have parked of this shop, to where it came from or to everybody. */
const redriveAll = (shop: Shop) =>
  takeDeadLetters(
    ({ Body = '' }) => Body.includes(`"${shop.tenant}/`),
    async (message) => {
      const source = attributeOf(message, 'sourceQueue');
      const everybody = message.Body?.includes('"/inventory"')
        ? ['order-saga-queue']
        : ['inventory-queue', 'billing-queue', 'notification-queue'];
      for (const queue of source ? [source] : everybody) await sendAll(queue, [message.Body ?? '']);
    },
  );

const isWhole = async (shop: Shop, orderId: string) => {
  const rows = rowsOf(shop);
  const [order, bill, mail] = await Promise.all([rows.order(orderId), rows.bill(orderId), rows.confirmation(orderId)]);
  return order?.status === 'CONFIRMED' && bill?.status === 'pending' && mail?.status === 'sent';
};

const pick = (faults: readonly Fault[]): Fault | undefined => faults[Math.floor(Math.random() * faults.length)];

const faultOf = (operation: string): Fault | undefined => {
  if (Math.random() > 0.2) return undefined;
  if (operation.endsWith('TransactWriteItems')) return pick(['conflict', 'lost-answer', 'lost-request', 'throttled']);
  if (operation.startsWith('DynamoDB')) return pick(['lost-answer', 'lost-request', 'throttled', 'internal-error']);
  return pick(['lost-answer', 'lost-request']);
};

/** Kills one worker of any function, in the middle of whatever it does. Answers how many died: one, or none. */
const strike = (): number => {
  const all = workers();
  const victim = all[Math.floor(Math.random() * all.length)];
  return victim !== undefined && kill(victim) ? 1 : 0;
};

/** Does each piece of work while one call to AWS in five fails, kills a worker after every eighth, and ends the faults. */
const amidFaults = async <Result>(count: number, work: () => Promise<Result>) => {
  const proxy = await startFaultProxy(endpoint, faultOf);
  await pointFunctionsAt(proxy.endpoint);
  let killed = 0;
  const workAndStrike = async (n: number) => {
    const result = await work();
    if (n % 8 === 0) killed += strike();
    return result;
  };
  try {
    const results = await manyAtOnce(count, workAndStrike, 10);
    await eventually(`${failures} calls have failed`, async () => proxy.injected() >= failures, 120_000);
    while (killed < kills) killed += await eventually('there is a worker to kill', async () => strike(), 120_000);
    return { results, killed, failedCalls: proxy.injected() };
  } finally {
    await pointFunctionsAt(undefined);
    await proxy.stop();
  }
};

describe('P1 no acknowledged order is lost', () => {
  test(`${orders} orders while workers are killed and AWS calls fail: every one is confirmed, billed and mailed once`, async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 1000);
    const request = { items: [{ productId: 'MOUSE', quantity: 1 }] };
    const order = () => postUntilAnswered(shop, request);
    const { results: answers, killed, failedCalls } = await amidFaults(orders, order);
    const ids = answers.map(({ body }) => body.orderId as string);
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    expect(new Set(ids).size).toBe(orders);
    const open = new Set(ids);
    await eventually(
      'all orders are whole',
      async () => {
        await redriveAll(shop);
        await sweepNow();
        for (const id of open) if (await isWhole(shop, id)) open.delete(id);
        return open.size === 0;
      },
      240_000,
    );
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(failedCalls).toBeGreaterThanOrEqual(failures);
    const { stock: left, reservedQuantity } = await rowsOf(shop).stock('MOUSE');
    expect(Number(left) + Number(reservedQuantity)).toBe(1000);
    expect(reservedQuantity).toBeGreaterThanOrEqual(orders); // an order whose answer was lost may exist, never half
  }, 600_000);
});

describe('a consumer or a relay that stands still', () => {
  test('S0-42 a stopped inventory stops neither bills nor e-mails, and takes up its orders when it is back', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10);
    await setDelivery('InventoryTakeStock', false);
    try {
      const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
      await eventually('the bill is written', () => rowsOf(shop).bill(body.orderId));
      await eventually('the e-mail is recorded', () => rowsOf(shop).confirmation(body.orderId));
      expect(await rowsOf(shop).order(body.orderId)).toMatchObject({ status: 'PENDING', stockStatus: 'PENDING' });
      await setDelivery('InventoryTakeStock', true);
      await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
    } finally {
      await setDelivery('InventoryTakeStock', true);
    }
  }, 120_000);

  test('P1 the sweep completes an order whose stream record never reached anybody', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10);
    await setDelivery('OrderRelay', false);
    try {
      const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
      await eventually(
        'the stock is reserved without the relay',
        async () => {
          await sweepNow();
          return (await rowsOf(shop).reservation(body.orderId))?.state === 'RESERVED';
        },
        120_000,
      );
      await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
      await eventually('the bill is written', () => rowsOf(shop).bill(body.orderId));
    } finally {
      await setDelivery('OrderRelay', true);
    }
  }, 240_000);
});
