import type { Order } from '../../lambda/order/domain/order';
import { isRoutineCheckOnly } from '../../lambda/payment/domain/next-step';
import { redrive, startAudit } from './actions';
import { outcomeOf } from './effects';
import { restingStates } from './order-invariants';
import { openAlerts } from './payment-alerts';
import { isPaymentAtRest, unbooked } from './payment-invariants';
import { fillStock } from './product-stock';
import { broken } from './promises';
import type { DeadLetter } from './queues';
import type { Ending, Simulation } from './simulation';
import { idle, step } from './step';
import { subscribersOf } from './subscriptions';
import { allOrders } from './world';

const minute = 60_000;
// what was asked for in vain is asked for again within the hour
const minutesToDrain: Readonly<Record<Ending, number>> = { wait: 80, restock: 110, expire: 110 };
const operatorEvery = 2 * minute;

/** A message that the operators leave where it is, since the shelf is empty. */
const waitsForGoods = ({ ending }: Simulation, { error }: DeadLetter) =>
  error === 'InsufficientStockError' && ending !== 'restock';

/** A message that its queue's consumer should have been able to read. */
const isOurs = ({ world, messages }: Simulation, { key, type, queue, error }: DeadLetter) =>
  error === 'UnreadableMessageError' && messages.published.has(key) && subscribersOf(world, type).includes(queue);

const operate = (simulation: Simulation) => {
  const { world, messages, system, paymentStaff } = simulation;
  paymentStaff.settle();
  simulation.nextOperatorAt = world.now + operatorEvery;
  if (!simulation.audited)
    startAudit(world, system, (busy) => {
      simulation.audited = busy === 0;
    });
  for (const deadLetter of [...messages.deadLetters.values()]) {
    if (isOurs(simulation, deadLetter)) broken('P13', `${deadLetter.key} cannot be read by ${deadLetter.queue}`);
    if (deadLetter.error === 'UnreadableMessageError' || !deadLetter.body.includes('"data"'))
      messages.destroy(deadLetter.id);
    else if (!waitsForGoods(simulation, deadLetter)) redrive(world, messages, deadLetter, false);
  }
};

/** An order that has got its goods unheard, since the change was lost, hears of them once it has waited long enough. */
const isSettled = ({ ending, world }: Simulation, order: Order) => {
  const state = `${order.status} ${order.stockStatus}`;
  if (!(state in restingStates && isPaymentAtRest(order))) return false;
  if (state !== 'PENDING BACKORDERED') return true;
  return ending === 'wait' && outcomeOf(world, order).reservation?.state === 'BACKORDERED';
};

/** What is still going on, in words; nothing when the system is at rest. */
const unrest = (simulation: Simulation): string[] => {
  const { world, messages, shop } = simulation;
  const deadLetters = [...messages.deadLetters.values()].filter((deadLetter) => !waitsForGoods(simulation, deadLetter));
  const orders = allOrders(world).filter((order) => !isSettled(simulation, order));
  const payments = [...world.payments.values()].filter(
    (payment) => payment.dueAt !== undefined && !isRoutineCheckOnly(payment, new Date(world.now)),
  );
  return [
    ...shop.open().map(({ id }) => `${id} has no answer`),
    ...orders.map(
      ({ orderId, status, stockStatus, paymentStatus }) =>
        `${orderId} is ${status}, its stock ${stockStatus}, its payment ${paymentStatus}`,
    ),
    ...payments.map(({ paymentId, status, dueAt }) => `${paymentId} is ${status}, and due at ${dueAt}`),
    ...(world.timers.left() > 0 ? ['something is still to come'] : []),
    ...messages.queues.filter((queue) => queue.messages.size > 0).map(({ name }) => `${name} is not empty`),
    ...deadLetters.map(({ key, queue }) => `${key} for ${queue} is parked`),
    ...unbooked(world),
    ...openAlerts(world),
    ...(simulation.audited ? [] : ['the stock is not audited']),
    ...(world.scheduler.running() > 0 ? ['a task runs'] : []),
    ...Object.values(world.streams)
      .filter(({ at, changes }) => at < changes.length)
      .map(({ name }) => `the stream of ${name} is not relayed`),
  ];
};

/** Runs without faults until nothing goes on any more. */
export const settle = async (simulation: Simulation, minutes: number): Promise<void> => {
  const { world } = simulation;
  const deadline = world.now + minutes * minute;
  simulation.nextOperatorAt = world.now;
  for (;;) {
    if (await step(simulation)) continue;
    const left = unrest(simulation);
    if (left.length === 0) return;
    if (world.now >= simulation.nextOperatorAt) operate(simulation);
    else await idle(simulation);
    const promise = left.every((one) => one.includes(' has the alert ')) ? 'P10' : 'P11';
    if (world.now > deadline)
      broken(promise, `after ${minutes} minutes without faults: ${left.slice(0, 5).join(', ')}`);
  }
};

/** How many events of orders, and how many answers to them, may be published for each order after the last fault. */
const publishesPerOrder: Readonly<Record<string, number>> = { '/orders': 8, '/inventory': 8, '/payments': 8 };

const waitingIn = ({ messages }: Simulation, queue: string): number =>
  messages.queues.find(({ name }) => name === queue)?.messages.size ?? 0;

/** What is not relayed yet; each copy of a query that waits has its answer, and each refund an event of its own. */
const moreOf = (simulation: Simulation): Readonly<Record<string, number>> => {
  const { world, messages } = simulation;
  const refunds = [...world.payments.values()].flatMap((payment) => payment.refunds);
  const { orders, payments: ofPayments } = world.streams;
  return {
    '/orders': orders.changes.length - orders.at,
    '/inventory': waitingIn(simulation, 'inventory-queue'),
    '/payments':
      refunds.length +
      waitingIn(simulation, 'payment-queue') +
      messages.deadLetters.size +
      ofPayments.changes.length -
      ofPayments.at,
  };
};

/** The last phase: no more faults, operators redrive what is parked, and everything must come to rest in time. */
export const drain = async (simulation: Simulation): Promise<void> => {
  const { world, messages, ending } = simulation;
  if (ending === 'restock') fillStock(world);
  world.providerLedger.downUntil = 0;
  const sources = Object.keys(publishesPerOrder);
  const before = new Map(sources.map((source) => [source, messages.publishes(source)]));
  const more = moreOf(simulation);
  await settle(simulation, minutesToDrain[ending]);
  const orders = Math.max(2, allOrders(world).length);
  for (const [source, most] of Object.entries(publishesPerOrder)) {
    const publishes = messages.publishes(source) - (before.get(source) ?? 0);
    if (publishes <= most * orders + (more[source] ?? 0)) continue;
    broken('P11', `${publishes} events of ${source} were published for ${orders} orders after the last fault`);
  }
};
