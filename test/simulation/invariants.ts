import type { Order } from '../../lambda/order/order';
import { outcomeOf } from './effects';
import { mailTopic, notificationTopic } from './mailbox';
import { broken } from './promises';
import type { Intent } from './shop';
import { allOrders, type World } from './world';

/** How much of each product the orders hold. */
const heldOf = (world: World): Map<string, number> => {
  const held = new Map<string, number>();
  for (const { tenant, state, lines } of world.stock.reservations.values()) {
    for (const { productId, quantity } of state === 'RESERVED' ? lines : []) {
      const key = `${tenant}#${productId}`;
      held.set(key, (held.get(key) ?? 0) + quantity);
    }
  }
  return held;
};

const checkStock = (world: World) => {
  const held = heldOf(world);
  for (const [key, { stock, reservedQuantity }] of world.stock.products) {
    const received = world.received.get(key) ?? 0;
    const has = `${stock} in stock, ${reservedQuantity} reserved`;
    if (stock < 0 || reservedQuantity < 0) broken('P4', `${key} has ${has}`);
    if (stock + reservedQuantity !== received) broken('P4', `${key} received ${received}, and has ${has}`);
    const lines = held.get(key) ?? 0;
    if (lines !== reservedQuantity) broken('P4', `orders hold ${lines} of ${key}, ${reservedQuantity} is reserved`);
  }
};

const checkHeldStock = (world: World, order: Order) => {
  const { reservation } = outcomeOf(world, order);
  const { orderId, status, stockStatus } = order;
  if (status === 'CONFIRMED' && reservation?.state !== 'RESERVED') {
    broken('P1', `${orderId} is confirmed, its reservation ${reservation?.state}`);
  }
  if (stockStatus === 'RELEASED' && reservation?.state !== 'RELEASED') {
    broken('P1', `${orderId} is released, its reservation ${reservation?.state}`);
  }
};

const checkEffectsOnce = (world: World, order: Order) => {
  const { bills, notifications, reservation } = outcomeOf(world, order);
  if (bills.length > 1) broken('P2', `${order.orderId} has ${bills.length} bills`);
  if (bills.some(({ amount }) => amount !== order.total)) broken('P2', `${order.orderId} is billed another amount`);
  const kinds = new Set(notifications.map(({ kind }) => kind));
  if (kinds.size !== notifications.length) broken('P2', `${order.orderId} has ${notifications.length} notifications`);
  const lines = reservation?.lines ?? [];
  const wanted = (productId: string) => order.lines.find((line) => line.productId === productId)?.quantity;
  if (lines.some(({ productId, quantity }) => wanted(productId) !== quantity)) {
    broken('P2', `${order.orderId} holds other lines than it has`);
  }
};

const checkCodes = (world: World) => {
  for (const [key, rows] of world.orders.rows) if (rows.length > 1) broken('P1', `${key} was given twice`);
};

const ordersOf = (orders: readonly Order[], { id, tenant }: Intent) => {
  const placed = orders.filter(({ customerId }) => customerId === id);
  if (placed.some((order) => order.tenant !== tenant)) broken('P8', `${id} has an order in another shop`);
  return placed;
};

const checkAnswer = ({ id, answer, total }: Intent, placed: readonly Order[]) => {
  if (answer === undefined) return;
  const order = placed.find(({ orderId }) => orderId === answer.orderId);
  if (order === undefined) return broken('P1', `${id} was answered ${answer.orderId}, which does not exist`);
  if (order.total !== total) broken('P1', `${order.orderId} costs ${order.total}, ${id} was told ${total}`);
};

/** What the clients were told, against what is stored. */
const checkClients = (orders: readonly Order[], intents: readonly Intent[]) => {
  const byKey = new Map<string, number>();
  for (const intent of intents) {
    const placed = ordersOf(orders, intent);
    const key = intent.idempotencyKey ?? intent.id;
    const count = (byKey.get(key) ?? 0) + placed.length;
    byKey.set(key, count);
    if (count > 1) broken('P3', `${key} placed ${count} orders`);
    checkAnswer(intent, placed);
  }
};

const lasting = ({
  version: _v,
  updatedAt: _u,
  status: _s,
  stockStatus: _k,
  dueAt: _d,
  dueAttempts: _a,
  fact: _f,
  history: _h,
  ...rest
}: Order) => JSON.stringify(rest);

const followsFrom: Readonly<Record<string, readonly string[]>> = {
  'PENDING PENDING': ['CONFIRMED RESERVED', 'PENDING BACKORDERED'],
  'PENDING BACKORDERED': ['CONFIRMED RESERVED', 'CANCELLED BACKORDERED'],
  'CANCELLED BACKORDERED': ['CANCELLED RELEASED'],
};

const withoutDue = ({ dueAt: _d, dueAttempts: _a, ...rest }: Order) => JSON.stringify(rest);

const checkChange = (before: Order, after: Order) => {
  const { orderId } = after;
  if (withoutDue(before) === withoutDue(after)) return; // it was asked for again, and is due later
  if (after.version !== before.version + 1)
    broken('P1', `${orderId} went from version ${before.version} to ${after.version}`);
  if (lasting(before) !== lasting(after)) broken('P1', `${orderId} changed what it is`);
  const from = `${before.status} ${before.stockStatus}`;
  const to = `${after.status} ${after.stockStatus}`;
  if (!followsFrom[from]?.includes(to)) broken('P1', `${orderId} went from ${from} to ${to}`);
};

/** What must hold at every moment: to be called after each step. */
export const watcher = (world: World, intents: readonly Intent[]): (() => void) => {
  const seen = new Map<string, Order>();
  return () => {
    checkStock(world);
    checkCodes(world);
    const orders = allOrders(world);
    for (const order of orders) {
      const key = `${order.tenant}#${order.orderId}`;
      const before = seen.get(key);
      if (before !== undefined && before !== order) checkChange(before, order);
      seen.set(key, order);
      checkHeldStock(world, order);
      checkEffectsOnce(world, order);
    }
    checkClients(orders, intents);
  };
};

const checkSettled = (world: World, order: Order) => {
  const { orderId, status, stockStatus } = order;
  const { bills, notifications } = outcomeOf(world, order);
  const states = ['CONFIRMED RESERVED', 'PENDING BACKORDERED', 'CANCELLED RELEASED'];
  if (!states.includes(`${status} ${stockStatus}`)) broken('P1', `${orderId} ends as ${status}, stock ${stockStatus}`);
  const bill = status === 'CANCELLED' ? 'void' : 'pending';
  if (bills[0]?.status !== bill) broken('P2', `${orderId} is ${status}, its bill ${bills[0]?.status}`);
  const told = status === 'CANCELLED' ? 2 : 1;
  if (notifications.length !== told) broken('P2', `${orderId} is ${status} with ${notifications.length} notifications`);
};

const checkMails = (world: World) => {
  const mailed = world.mails.map(({ to, subject }) => `${to} ${mailTopic(subject)}`);
  for (const { recipient, notificationId } of world.notifications.values()) {
    const count = mailed.filter((one) => one === `${recipient} ${notificationTopic(notificationId)}`).length;
    if (count === 0) broken('P2', `${notificationId} is recorded and was never mailed`);
    if (count > 1 && world.faults.fired.size === 0) broken('P2', `${notificationId} was mailed ${count} times`);
  }
};

/** What must hold once nothing goes on any more. */
export const checkTheEnd = (world: World): void => {
  for (const order of allOrders(world)) checkSettled(world, order);
  checkMails(world);
};
