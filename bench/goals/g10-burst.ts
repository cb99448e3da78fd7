import { snsPublisher } from '../../lambda/kernel/events/publish';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { until } from '../../scripts/lib/wait';
import { orderPlaced } from '../../test/support/order-events';
import type { Context, GoalDefinition } from '../context';
import { inBatches } from '../events';
import type { Figure } from '../goal';
import { allRows, type LocalSystem, productId, stockProducts } from '../local-system';
import { median, significant, sum } from '../statistics';
import { depthOf, runWhole } from '../whole-run';
import { type FanOut, naiveFanOut, rawFanOut } from '../yardsticks/bench.stack';

const products = 10;
const arnOf = (topic: string) => `arn:aws:sns:us-east-1:000000000000:${topic}`;
const ownFanOut: FanOut = {
  topicName: 'order-events',
  queueNames: ['inventory-queue', 'notification-queue', 'billing-queue'],
};

const eventsOf = (round: number, burst: number) =>
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

const ofBurst = (rows: readonly Record<string, unknown>[], key: string) =>
  rows.filter((row) => /#(BILL-)?ORD-9\d{6}/.test(String(row[key]))).length;

/** Every order of the bursts has each effect, and no piece of stock moved twice. */
const checkExactlyOnce = async (system: LocalSystem, orders: number) => {
  const counts = {
    reservations: ofBurst(await allRows(system, 'reservations'), 'orderId'),
    bills: ofBurst(await allRows(system, 'billing'), 'billingId'),
    notifications: ofBurst(await allRows(system, 'notifications'), 'notificationId'),
    piecesReserved: sum((await allRows(system, 'inventory')).map(({ reservedQuantity }) => Number(reservedQuantity))),
  };
  for (const [what, found] of Object.entries(counts))
    if (found !== orders) throw new Error(`${found} ${what} for ${orders} orders`);
};

/** The seconds that bursts took each way. */
const measureBursts = async (local: LocalSystem, { times, tell }: Context) => {
  await stockProducts(local, 0, products);
  const seconds = { raw: [] as number[], naive: [] as number[], ours: [] as number[] };
  const [burst, rounds] = [times(1000, 100), times(3, 1)];
  for (let round = 0; round < rounds; round += 1) {
    tell(`burst ${round + 1} of ${rounds}`);
    const events = eventsOf(round, burst);
    seconds.raw.push(await workOff(local, rawFanOut, events));
    seconds.naive.push(await workOff(local, naiveFanOut, events));
    seconds.ours.push(await workOff(local, ownFanOut, events));
  }
  await checkExactlyOnce(local, rounds * burst);
  return { seconds, burst, rounds };
};

const measureWhole = async (local: LocalSystem, { times, tell }: Context) => {
  const load = { orders: times(2000, 60), perSecond: times(50, 10) };
  tell(`${load.orders} orders at ${load.perSecond} a second`);
  return { ...(await runWhole(local, load)), ...load };
};

type Measure<Result> = (local: LocalSystem, context: Context) => Promise<Result>;

/** On a local AWS of its own: what other goals have written would make every write slower. */
const afresh = async <Result>(context: Context, relays: boolean, measure: Measure<Result>): Promise<Result> => {
  context.tell('a fresh local AWS');
  const local = await context.freshSystem({ relays });
  try {
    return await measure(local, context);
  } finally {
    await local.stop();
  }
};

const burstFigure = ({ seconds }: Awaited<ReturnType<typeof measureBursts>>): Figure => ({
  what: 'throughput of a burst through all three consumers',
  unit: '÷ naive',
  baseline: 1,
  value: significant(median(seconds.naive) / median(seconds.ours)),
  target: 1,
  better: 'higher',
});

const wholeFigures = (whole: Awaited<ReturnType<typeof measureWhole>>): Figure[] => [
  {
    what: `orders accepted at ${whole.perSecond} a second`,
    unit: 'orders',
    baseline: null,
    value: whole.accepted,
    target: whole.orders,
    better: 'higher',
  },
  {
    what: 'all effects of all of them after the last',
    unit: 's',
    baseline: null,
    value: significant(whole.seconds),
    target: 10,
    better: 'lower',
  },
  { what: 'dead letters', unit: 'messages', baseline: null, value: whole.deadLetters, target: 0, better: 'lower' },
];

export const g10: GoalDefinition = {
  id: 'G10',
  what: 'the fan-out under load',
  measure: async (context) => {
    const bursts = await afresh(context, false, measureBursts);
    const whole = await afresh(context, true, measureWhole);
    const { seconds, burst, rounds } = bursts;
    const perSecond = (all: readonly number[]) => Math.round(burst / median(all));
    return {
      figures: [burstFigure(bursts), ...wholeFigures(whole)],
      note: `${rounds} interleaved bursts of ${burst} events each way on a fresh local AWS, from the first publish until the three queues are empty. The naive consumers make one write for each message and no more: no dedupe, no stock, no e-mail. Consumers that only log a line are ${significant(median(seconds.ours) / median(seconds.raw))} times as fast as ours. Effects exactly once: ${rounds * burst} reservations, bills, e-mails and pieces of stock. Then, on another with its relays, ${whole.orders} orders over the API at a steady ${whole.perSecond} a second, until each has its reservation, bill and e-mail and is confirmed; whatever else the machine does is in these times.`,
      details: {
        ordersPerSecond: {
          raw: perSecond(seconds.raw),
          naive: perSecond(seconds.naive),
          ours: perSecond(seconds.ours),
        },
        whole,
      },
    };
  },
};
