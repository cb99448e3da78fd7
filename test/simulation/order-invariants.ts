import type { Bill } from '../../lambda/billing/bill';
import { OrderStatus } from '../../lambda/contracts/values/order-status';
import { subjectOf } from '../../lambda/contracts/values/sealed';
import type { Tenant } from '../../lambda/kernel/tenant';
import type { Notification } from '../../lambda/notification/mail';
import type { Order } from '../../lambda/order/domain/order';
import { sourcesOf } from '../../lambda/order/lists/order-list';
import { openedWithFixedKey } from '../support/key-ring';
import { outcomeOf } from './effects';
import { mailTopic } from './mailbox';
import { mayFollow, stateOf } from './order-moves';
import type { Parts } from './parts';
import { checkPaymentChange } from './payment-invariants';
import { broken } from './promises';
import { allOrders, settingsOf, type World } from './world';

/** What an order may hold in each status. */
const holds: Readonly<Record<string, readonly (string | undefined)[]>> = {
  PENDING: [undefined, 'BACKORDERED', 'RESERVED'],
  CONFIRMED: ['RESERVED'],
  PROCESSING: ['RESERVED'],
  SHIPPED: ['RESERVED', 'DEDUCTED'],
  DELIVERED: ['RESERVED', 'DEDUCTED'],
  RETURNED: ['RESERVED', 'DEDUCTED'],
  CANCELLED: [undefined, 'BACKORDERED', 'RESERVED', 'RELEASED'],
};

const checkHeldStock = (world: World, order: Order) => {
  const { reservation } = outcomeOf(world, order);
  const { orderId, status, stockStatus } = order;
  const state = reservation?.state;
  if (!holds[status]?.includes(state)) broken('P1', `${orderId} is ${status}, its reservation ${state}`);
  if ((stockStatus === 'RELEASED' || stockStatus === 'DEDUCTED') && state !== stockStatus) {
    broken('P1', `${orderId} is told to be ${stockStatus}, its reservation is ${state}`);
  }
  const origins = [order.fact.causationId, reservation?.fact.causationId];
  if (origins.some((id) => id !== undefined && !id.startsWith(`${order.tenant}/`))) {
    broken('P8', `${order.tenant}'s ${orderId} comes of ${origins.join(' and ')}`);
  }
};

const checkEffectsOnce = (world: World, order: Order) => {
  const { bills, notifications, reservation } = outcomeOf(world, order);
  if (bills.length > 1) broken('P2', `${order.orderId} has ${bills.length} bills`);
  if (bills.some(({ amount }) => amount !== order.total)) broken('P2', `${order.orderId} is billed another amount`);
  // refunds are told one by one
  const news = notifications.map(({ kind, notificationId }) => (kind === 'payment-refund' ? notificationId : kind));
  if (new Set(news).size !== news.length) broken('P2', `${order.orderId} has ${news.length} notifications`);
  const lines = reservation?.lines ?? [];
  const wanted = (productId: string) => order.lines.find((line) => line.productId === productId)?.quantity;
  if (lines.some(({ productId, quantity }) => wanted(productId) !== quantity)) {
    broken('P2', `${order.orderId} holds other lines than it has`);
  }
};

const lasting = ({
  version: _v,
  updatedAt: _u,
  status: _s,
  stockStatus: _k,
  fact: _f,
  history: _h,
  ...rest
}: Order) => {
  const { dueAt: _d, dueAttempts: _a, shippedAt: _i, deliveredAt: _e, ...others } = rest;
  const { paymentStatus: _p, paymentDeadline: _l, cancelReason: _r, refundVersion: _n, ...same } = others;
  return JSON.stringify(same);
};

const isPostponed = (before: Order, after: Order) =>
  before.version === after.version && stateOf(before) === stateOf(after) && before.dueAt !== after.dueAt;

const checkChange = (before: Order, after: Order) => {
  const { orderId } = after;
  if (lasting(before) !== lasting(after)) broken('P1', `${orderId} changed what it is`);
  if (isPostponed(before, after)) return;
  if (after.version !== before.version + 1) {
    broken('S4-19', `${orderId} went from version ${before.version} to ${after.version}`);
  }
  checkPaymentChange(before, after);
  if (!mayFollow(before, after)) {
    broken('S4-12', `${orderId} went from ${stateOf(before)} to ${stateOf(after)}`);
  }
};

const checkCodes = (world: World) => {
  const codes = new Set<string>();
  for (const [key] of world.orders) {
    if (codes.has(key)) broken('P1', `${key} was given twice`);
    codes.add(key);
  }
};

/** Shops that have never allowed backorders, as far as the order service can know. */
const keepsNobodyWaiting = (world: World): { has: (tenant: Tenant) => boolean } => ({
  has: (tenant) =>
    world.tenants.accounts.get(tenant)?.version === 1 && settingsOf(world, tenant)?.backorders === 'refused',
});

/** What must hold of every order, at every moment. */
export const orderWatcher = (world: World): (() => void) => {
  const impatient = keepsNobodyWaiting(world);
  const seen = new Map<string, Order>();
  const watch = (order: Order) => {
    const key = `${order.tenant}#${order.orderId}`;
    const before = seen.get(key);
    if (before !== undefined && before !== order) checkChange(before, order);
    seen.set(key, order);
    if (order.stockStatus === 'BACKORDERED' && impatient.has(order.tenant)) {
      broken('S4-30', `${order.orderId} waits in a shop that keeps nobody waiting`);
    }
    checkHeldStock(world, order);
    checkEffectsOnce(world, order);
  };
  return () => {
    checkCodes(world);
    for (const order of allOrders(world)) watch(order);
  };
};

/** Where an order may stay for ever, and what its reservation is then. */
export const restingStates: Readonly<Record<string, string>> = {
  'CONFIRMED RESERVED': 'RESERVED',
  'PROCESSING RESERVED': 'RESERVED',
  'SHIPPED DEDUCTED': 'DEDUCTED',
  'DELIVERED DEDUCTED': 'DEDUCTED',
  'RETURNED DEDUCTED': 'DEDUCTED',
  'CANCELLED RELEASED': 'RELEASED',
  'PENDING BACKORDERED': 'BACKORDERED',
};

const mailed: Readonly<Record<string, Notification['kind']>> = {
  OrderPlaced: 'order-confirmation',
  OrderCancelled: 'order-cancellation',
  OrderAwaitingPayment: 'order-payment-request',
  OrderShipped: 'order-shipping',
  OrderDelivered: 'order-delivery',
};

/** Nobody asks again for what an order has left behind before it was told: what came of it is told alone. */
const isLost = (world: World, { tenant, orderId, status, history }: Order, version: number) => {
  const event = history[version - 1]?.event;
  const isAskedAgain = event === 'OrderAwaitingPayment' ? status === 'PENDING' : version > 1 || status !== 'CANCELLED';
  return !isAskedAgain && world.lost.has(`${tenant}#${orderId}:${version}`);
};

const billOf = ({ status, paymentStatus }: Order): Bill['status'] => {
  if (status === 'CANCELLED' || paymentStatus === 'REFUNDED') return 'void';
  return paymentStatus === 'PAID' ? 'paid' : 'pending';
};

const checkSettled = (world: World, order: Order) => {
  const { orderId, status, history } = order;
  const { bills, notifications, reservation } = outcomeOf(world, order);
  const state = restingStates[stateOf(order)];
  if (state === undefined) broken('P1', `${orderId} ends as ${stateOf(order)}`);
  if (reservation?.state !== state)
    broken('P1', `${orderId} is ${stateOf(order)}, its reservation ${reservation?.state}`);
  const bill = billOf(order);
  if (bills[0]?.status !== bill) broken('P2', `${orderId} is ${status}, its bill ${bills[0]?.status}`);

  const due = history
    .flatMap(({ event }, index) => (isLost(world, order, index + 1) ? [] : (mailed[event] ?? [])))
    .sort();
  const told = notifications
    .map(({ kind }) => kind)
    .filter((kind) => due.includes(kind))
    .sort();
  if (`${told}` !== `${due}`) broken('P2', `${orderId} was to be told of ${due}, and was of ${told}`);
};

const checkMails = (world: World) => {
  const mails = world.mails.map(({ to, subject }) => `${to} ${mailTopic(subject)}`);
  for (const { tenant, recipient, orderId, kind, notificationId } of world.notifications.values()) {
    const to = openedWithFixedKey(recipient, { tenant, subject: subjectOf.order(orderId), field: 'customerEmail' });
    const count = mails.filter((one) => one === `${to} ${orderId} ${kind}`).length;
    if (count === 0) broken('P2', `${notificationId} is recorded and was never mailed`);
    if (kind !== 'payment-refund' && count > 1 && world.faults.fired.size === 0)
      broken('P2', `${notificationId} was mailed ${count} times`);
  }
};

const statuses = OrderStatus.options;

const later = 3_600_000; // until then an index partition may hold what is new with what is old

/** Every list of one status finds every order that has it, and goes on doing so. */
const checkLists = (world: World, { listKeysOf }: Parts) => {
  for (const order of allOrders(world)) {
    const { listKey } = listKeysOf(order);
    const lists = statuses.filter((status) =>
      sourcesOf({ tenant: order.tenant, status }, new Date(world.now + later)).some(
        ({ partition, since = '' }) => partition === listKey && order.createdAt >= since,
      ),
    );
    const isListed = lists.includes(order.status);
    if (!isListed) broken('S4-20', `${order.orderId} is ${order.status}, and listed as ${lists.join(' or ')}`);
  }
};

/** What must hold of every order once nothing goes on any more. */
export const checkOrdersAtTheEnd = (world: World, parts: Parts): void => {
  for (const order of allOrders(world)) checkSettled(world, order);
  checkMails(world);
  checkLists(world, parts);
};
