import type { Order } from '../../lambda/order/domain/order';
import { checkOrdersAtTheEnd, orderWatcher } from './order-invariants';
import type { Parts } from './parts';
import { checkPaymentsAtTheEnd, paymentWatcher } from './payment-invariants';
import { broken } from './promises';
import type { Intent } from './shop';
import { checkShopAtTheEnd, shopWatcher } from './shop-invariants';
import { checkGoodsBack, stockWatcher } from './stock-invariants';
import { allOrders, type World } from './world';

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

/** Checks what must hold at every moment, to be called after each step, and what must hold at the end. */
export const watcher = (
  world: World,
  parts: Parts,
  intents: readonly Intent[],
): { watch: () => void; checkTheEnd: () => void } => {
  const stock = stockWatcher(world);
  const orders = orderWatcher(world);
  const payments = paymentWatcher(world);
  const { watch, excused } = shopWatcher(world);
  let changes = -1;
  return {
    watch: () => {
      if (changes === world.writes + world.providerLedger.changes) return;
      changes = world.writes + world.providerLedger.changes;
      stock();
      payments();
      orders();
      watch();
      checkClients(allOrders(world), intents);
    },
    checkTheEnd: () => {
      checkOrdersAtTheEnd(world, parts);
      checkPaymentsAtTheEnd(world);
      checkGoodsBack(world);
      checkShopAtTheEnd(world, excused);
    },
  };
};
