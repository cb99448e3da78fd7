import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { snsPublisher } from '../../lambda/kernel/publish';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { until } from '../../scripts/wait';
import { orderPlaced } from '../../test/support/order-events';
import type { GoalDefinition } from '../context';
import { inBatches } from '../events';
import { allRows, type LocalSystem, productId, stockProducts } from '../local-system';
import { median, significant, sum } from '../statistics';
import { type FanOut, naiveFanOut, rawFanOut } from '../yardsticks/yardsticks';

const burst = 1000;
const rounds = 3;
const products = 10;
const arnOf = (topic: string) => `arn:aws:sns:us-east-1:000000000000:${topic}`;
const ownFanOut: FanOut = {
  topicName: 'order-events',
  queueNames: ['inventory-queue', 'notification-queue', 'billing-queue'],
};

const eventsOf = (round: number) =>
  Array.from({ length: burst }, (_, n) => {
    const orderId = `ORD-${9_000_000 + round * burst + n}`;
    const line = {
      productId: productId(n % products),
      name: '商品',
      quantity: 1,
      unitPrice: 3000,
      lineTotal: 3000,
      taxRateBps: 1000,
    };
    const money = { lines: [line], subtotal: 3000, tax: 300, total: 3300 };
    return orderPlaced(orderId, money, {
      tenantid: trustedTenant('default'),
      id: `default/${orderId}:1`,
      subject: orderId,
    });
  });

const depthOf = async ({ sqs }: LocalSystem, QueueName: string): Promise<number> => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
};

/** Publishes a burst and waits until every queue behind the topic is worked off. Answers with the seconds. */
const workOff = async (system: LocalSystem, fanOut: FanOut, events: ReturnType<typeof eventsOf>): Promise<number> => {
  const { topicName, queueNames } = fanOut;
  const publish = snsPublisher(arnOf(topicName), system.sns);
  const started = performance.now();
  for (const part of inBatches(events, 40)) await Promise.all(inBatches(part, 10).map(publish));
  const empty = async () => {
    for (const queue of queueNames) if ((await depthOf(system, queue)) > 0) return undefined;
    return true;
  };
  const done = await until(empty, { timeoutMs: 180_000, everyMs: 100 });
  if (done === undefined) throw new Error(`${topicName} was not worked off`);
  return (performance.now() - started) / 1000;
};

const perSecond = (seconds: readonly number[]) => Math.round(burst / median(seconds));

const ofBurst = (rows: readonly Record<string, unknown>[], key: string) =>
  rows.filter((row) => /#(BILL-)?ORD-9\d{6}/.test(String(row[key]))).length;

/** Every order of the bursts has each effect, and no piece of stock moved twice. */
const checkExactlyOnce = async (system: LocalSystem) => {
  const orders = rounds * burst;
  const counts = {
    reservations: ofBurst(await allRows(system, 'reservations'), 'orderId'),
    bills: ofBurst(await allRows(system, 'billing'), 'billingId'),
    notifications: ofBurst(await allRows(system, 'notifications'), 'notificationId'),
    piecesReserved: sum((await allRows(system, 'inventory')).map(({ reservedQuantity }) => Number(reservedQuantity))),
  };
  for (const [what, found] of Object.entries(counts))
    if (found !== orders) throw new Error(`${found} ${what} for ${orders} orders`);
};

export const g10: GoalDefinition = {
  id: 'G10',
  what: 'burst of 1,000 orders: throughput through all three consumers ÷ raw SNS → SQS → Lambda',
  measure: async ({ system, tell }) => {
    const local = await system();
    await stockProducts(local, 0, products);
    const raw: number[] = [];
    const naive: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      tell(`round ${round + 1} of ${rounds}`);
      raw.push(await workOff(local, rawFanOut, eventsOf(round)));
      naive.push(await workOff(local, naiveFanOut, eventsOf(round)));
      ours.push(await workOff(local, ownFanOut, eventsOf(round)));
    }
    await checkExactlyOnce(local);
    const value = significant(median(raw) / median(ours));
    return {
      figures: [{ what: 'throughput', unit: '÷ raw', baseline: 1, value, target: 0.9, better: 'higher' }],
      note: `${rounds} interleaved bursts of ${burst} events each way on the local AWS, from the first publish until the three queues are empty; the raw consumers log a line and do nothing, so on one machine the ratio is the price of the writes and e-mails themselves: three consumers that do nothing but one write a message (no e-mail, no stock) reach ${significant(median(raw) / median(naive))} of raw. Effects exactly once: ${rounds * burst} reservations, bills, e-mails and pieces of stock.`,
      details: { ordersPerSecond: { raw: perSecond(raw), naive: perSecond(naive), ours: perSecond(ours) } },
    };
  },
};
