import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { whileBusy } from '../support/busy-machine';
import { startFaultProxy } from '../support/fault-proxy';
import {
  endpoint,
  eventually,
  manyAtOnce,
  postOrder,
  postUntilAnswered,
  queueUrl,
  rowsOf,
  type Shop,
  sqs,
} from '../support/flow';
import { kill, pointFunctionAt, workersOf } from '../support/flow-functions';
import { deadLetters } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';

const deadLettersOf = ({ tenant }: Shop) => deadLetters(({ Body = '' }) => Body.includes(`"${tenant}/`));

/** Delivers again after so many seconds what nobody has acknowledged, while `work` runs. */
const redeliveringAfter = async (queue: string, seconds: number, work: () => Promise<void>) => {
  const QueueUrl = await queueUrl(queue);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  const set = (VisibilityTimeout: string | undefined) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  await set(String(seconds));
  try {
    await work();
  } finally {
    await set(Attributes?.VisibilityTimeout);
  }
};

/** Calls of billing do not come to an end until `killed` of its workers have died over them. */
const killedAtWork = async (killed: number, work: () => Promise<void>) => {
  let calls = 0;
  let deaths = 0;
  const proxy = await startFaultProxy(endpoint, () => {
    if (deaths >= killed) return undefined;
    calls += 1;
    return 'no-end';
  });
  await pointFunctionAt('BillingBillOrder', proxy.endpoint);
  try {
    await work();
    let met = 0;
    while (deaths < killed) {
      await eventually('a worker is in the middle of its work', async () => calls > met, 120_000);
      met = calls;
      const died = (await workersOf('BillingBillOrder')).filter(kill);
      if (died.length > 0) deaths += 1;
    }
    return deaths;
  } finally {
    await pointFunctionAt('BillingBillOrder', undefined);
    await proxy.stop();
  }
};

test('F-41 a message whose worker is killed three times has its effect, and the dead-letter queue stays empty', async () => {
  const shop = await openShop();
  await stock(shop, 'MOUSE', 10);
  const longerThanACall = 15; // as on AWS: else one message is with several workers at once, until it has been delivered too often
  await redeliveringAfter('billing-queue', longerThanACall, async () => {
    let orderId = '';
    const deaths = await killedAtWork(3, async () => {
      orderId = (await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] })).body.orderId;
    });
    expect(deaths).toBe(3);
    expect(await eventually('the order is billed', () => rowsOf(shop).bill(orderId))).toMatchObject({
      status: 'pending',
    });
  });
  expect(await deadLettersOf(shop)).toEqual([]);
}, 480_000);

// `npm test` has a few; BUSY_PROCESSES=24 BUSY_ORDERS=200 is how the fault was found
const { BUSY_PROCESSES = '6', BUSY_ORDERS = '40' } = process.env;

const effects = async (shop: Shop, orderIds: readonly string[]) => {
  const { order, bill, confirmation } = rowsOf(shop);
  const whole = async (orderId: string) => {
    const [placed, billed, mailed] = await Promise.all([order(orderId), bill(orderId), confirmation(orderId)]);
    return placed?.status === 'CONFIRMED' && billed?.status === 'pending' && mailed?.status === 'sent';
  };
  return (await Promise.all(orderIds.map(whole))).filter(Boolean).length;
};

test(`F-41 beside ${BUSY_PROCESSES} busy processes ${BUSY_ORDERS} orders have all their effects, and none is dead-lettered`, async () => {
  const shop = await openShop();
  await stock(shop, 'MOUSE', 1000);
  const request = { items: [{ productId: 'MOUSE', quantity: 1 }] };
  const placed = await whileBusy(Number(BUSY_PROCESSES), async () => {
    const answers = await manyAtOnce(Number(BUSY_ORDERS), () => postUntilAnswered(shop, request), 10);
    const ids = answers.map(({ body }) => body.orderId as string);
    await eventually('all have their effects', async () => (await effects(shop, ids)) === ids.length, 600_000);
    return ids;
  });
  expect(new Set(placed).size).toBe(Number(BUSY_ORDERS));
  expect(await deadLettersOf(shop)).toEqual([]);
}, 900_000);
