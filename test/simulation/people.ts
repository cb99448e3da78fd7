import type { CurrentOrder } from '../../lambda/contracts/api/order-api';
import type { OrderStatus } from '../../lambda/contracts/values/order-status';
import { type Answer, isProblem } from '../../lambda/kernel/http/answer';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { ChangeOrderDeps } from '../../lambda/order/change-order.http';
import type { Order } from '../../lambda/order/domain/order';
import { paymentGateway } from '../../lambda/order/services.gateway';
import { describePayment } from '../../lambda/payment/describe-payment';
import { paymentIdOf } from '../../lambda/payment/domain/payment';
import type { Io } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { siteOf } from './client';
import { type Parts, timeouts } from './parts';
import { broken } from './promises';
import type { Random } from './random';
import { guestRequest, staffRequest } from './requests';
import type { Intent } from './shop';
import { allOrders, clockOf, orderNamed, type World } from './world';

const statuses: readonly OrderStatus[] = [
  'PENDING',
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'RETURNED',
];

/** How an order goes on when nobody gets in its way. */
const onwards: Readonly<Partial<Record<OrderStatus, OrderStatus>>> = {
  CONFIRMED: 'PROCESSING',
  PROCESSING: 'SHIPPED',
  SHIPPED: 'DELIVERED',
};

const wantedOf = (random: Random, { status }: Order): OrderStatus => {
  const next = onwards[status];
  if (next !== undefined && random.chance(0.85)) return next;
  return random.chance(0.4) ? 'CANCELLED' : random.pick(statuses);
};

/** Mostly one that can go on; now and then one that has to wait, or has come to its end. */
const chosen = (random: Random, orders: readonly Order[]): Order | undefined => {
  const moving = orders.filter(({ status }) => status in onwards);
  if (moving.length > 0 && random.chance(0.9)) return random.pick(moving);
  return orders.length > 0 && random.chance(0.2) ? random.pick(orders) : undefined;
};

/** The version that a person has seen: none, the newest, or one that is old by now. */
const seenOf = (random: Random, { version }: Order): number | undefined => {
  if (random.chance(0.5)) return undefined;
  return random.chance(0.8) ? version : Math.max(1, version - 1);
};

type Asked = {
  readonly order: Order;
  readonly to: OrderStatus;
  readonly version: number | undefined;
  /** Since when nothing of its payment is kept; missing while something is. */
  readonly refundedInFull: object | undefined;
  /** Who asks with a tracking token; staff when missing. */
  readonly customer: Intent | undefined;
};

const refundOf = (world: World, { tenant, orderId }: Order) =>
  world.refundedInFull.get(tenantKey(tenant, paymentIdOf(orderId)));

const neverCancelled: readonly OrderStatus[] = ['SHIPPED', 'DELIVERED', 'RETURNED'];

const checkRefused = (world: World, { order, to }: Asked) => {
  const status = orderNamed(world, order)?.status ?? 'PENDING';
  if (to === 'CANCELLED' && !neverCancelled.includes(status) && status !== 'CANCELLED') {
    broken('S4-16', `${order.orderId} is ${status} and was not cancelled`);
  }
};

/** What is refunded in full when somebody asks to pack or ship it, and ever since, is neither packed nor shipped. */
const checkPaid = (world: World, { order, to, refundedInFull }: Asked) => {
  if (refundedInFull === undefined || (to !== 'PROCESSING' && to !== 'SHIPPED')) return;
  if (refundedInFull === refundOf(world, order)) broken('F-01', `${order.orderId} is ${to}, and refunded in full`);
};

const checkDone = (world: World, asked: Asked, told: CurrentOrder) => {
  const { order, to, version, customer } = asked;
  const { orderId } = order;
  checkPaid(world, asked);
  if (told.status !== to) broken('S4-12', `${orderId} was to be ${to} and is told to be ${told.status}`);
  const written = orderNamed(world, order)?.history[told.version - 1];
  if (written?.status !== to) broken('P1', `${orderId} was told to be ${to}, and is written as ${written?.status}`);
  if (customer === undefined && version !== undefined && told.version !== version + 1) {
    broken('S4-19', `${orderId} was changed at version ${version} and became ${told.version}`);
  }
};

/** Staff who move orders on, and customers and staff who cancel them, at any moment and more than once. */
export const people = (world: World, parts: Parts, intents: readonly Intent[]) => {
  const hear = (asked: Asked, answer: Answer) => {
    if (answer.status === 200 && 'body' in answer) return checkDone(world, asked, answer.body as CurrentOrder);
    if (answer.status === 400) return checkRefused(world, asked);
    if (answer.status === 503 && isProblem(answer) && answer.problem === 'PaymentServiceUnavailable') return;
    if (answer.status !== 409) broken('S4-16', `${asked.order.orderId} to ${asked.to} was answered ${answer.status}`);
  };

  const send = ({ order, to, version, customer }: Asked, deps: ChangeOrderDeps): Promise<Answer> => {
    const { tenant, orderId: named } = order;
    const body = { version };
    if (customer?.answer !== undefined) {
      const headers = { 'x-tracking-token': customer.answer.trackingToken };
      return parts.cancelOrderRoute(deps)(guestRequest(tenant, { body, headers, named }));
    }
    const status = to.toLowerCase();
    return parts.updateOrderStatusRoute(deps)(staffRequest(tenant, { body: { ...body, status }, named }));
  };

  const ask = (asked: Asked) =>
    world.scheduler.start(
      `${asked.customer?.id ?? 'staff'} wants ${asked.order.orderId} ${asked.to}`,
      async (io: Io) => {
        const payments = paymentGateway(describePayment({ payments: parts.paymentStore(siteOf(world, io)) }));
        const deps = {
          orders: parts.orderStore(siteOf(world, io)),
          keys: fixedKeys,
          payments,
          timeouts,
          now: clockOf(world),
        };
        const answer = await send(asked, deps);
        await io('person.hears', () => hear(asked, answer));
      },
      () => undefined,
    );

  const customerOf = ({ tenant, orderId }: Order) =>
    intents.find((intent) => intent.tenant === tenant && intent.answer?.orderId === orderId);

  return {
    /** Somebody does something about some order; now and then two do the same at once. */
    act: (): void => {
      const order = chosen(world.random, allOrders(world));
      if (order === undefined) return;
      const to = wantedOf(world.random, order);
      const customer = to === 'CANCELLED' && world.random.chance(0.6) ? customerOf(order) : undefined;
      const asked = {
        order,
        to,
        version: seenOf(world.random, order),
        customer,
        refundedInFull: refundOf(world, order),
      };
      ask(asked);
      if (world.random.chance(0.15)) ask(asked);
    },
    /** Staff cancel an order whose customer has allowed the payment, while its money is being taken. */
    cancelAllowed: (): void => {
      const allowed = [...world.providerLedger.deals.values()].filter(({ state }) => state === 'AUTHORIZED');
      const order = allowed.length === 0 ? undefined : orderNamed(world, world.random.pick(allowed));
      if (order?.status !== 'PENDING') return;
      ask({ order, to: 'CANCELLED', version: undefined, customer: undefined, refundedInFull: refundOf(world, order) });
    },
  };
};
