import { totalUnits } from './capacity';
import type { Flow, Step } from './flow';
import { billedMs, prices, sampledShare } from './prices';
import { sum } from './statistics';

const chunkBytes = 64 * 1024; // SNS and SQS bill a larger request as several

const publishes = ({ calls }: Step): number =>
  sum(
    calls
      .filter(({ operation }) => operation === 'SNS.PublishBatch')
      .map(({ body }) => Math.ceil(Buffer.byteLength(JSON.stringify(body)) / chunkBytes)),
  );

/** A receive and a delete for each batch that came over a queue. */
const queueRequests = ({ received, invocations }: Step): number => (received > 0 ? 2 * invocations : 0);

const lambda = ({ name, memory, invocations }: Step): number => {
  const milliseconds = billedMs[name];
  if (milliseconds === undefined) throw new Error(`no billed duration is noted for ${name}`);
  const gbSeconds = (memory / 1024) * (milliseconds / 1000);
  return invocations * (prices.lambdaRequest + gbSeconds * prices.lambdaGbSecond);
};

/** What something costs, in USD per million orders. */
export type Cost = Readonly<Record<'api' | 'lambda' | 'writes' | 'indexWrites' | 'reads' | 'sns' | 'sqs', number>>;

/** The cost of some of a flow's steps by list price, each part in USD per million orders. */
export const costOf = (steps: readonly Step[], orders: number): Cost => {
  const units = totalUnits(steps.flatMap(({ calls }) => calls));
  const perMillion = (total: number) => (total / orders) * 1e6;
  const requests = steps.filter(({ name }) => name === 'Order/Routes/PlaceOrder').length * orders;
  return {
    api: perMillion(requests * prices.restRequest),
    lambda: perMillion(sum(steps.map(lambda))),
    writes: perMillion(units.writes * prices.writeUnit),
    indexWrites: perMillion(units.indexWrites * prices.writeUnit),
    reads: perMillion(units.reads * prices.readUnit),
    sns: perMillion(sum(steps.map(publishes)) * prices.snsPublish),
    sqs: perMillion(sum(steps.map(queueRequests)) * prices.sqsRequest),
  };
};

export const total = (cost: Cost): number => sum(Object.values(cost));

/** What is counted apart, since it depends on settings and not on the design, in USD per million orders. */
export const extras = ({ logBytes, orders }: Flow) => ({
  logs: (logBytes / orders) * 1e6 * prices.logByte,
  traces: sampledShare * 1e6 * prices.tracedRequest,
  emails: 1e6 * prices.email,
});
