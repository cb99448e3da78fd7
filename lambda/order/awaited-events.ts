import type { OrderEvent } from '../contracts/order-events';
import type { Order, OrderFact } from './order';
import { orderEvent } from './order-event';
import { isPaymentAnswered, isStockAnswered } from './order-transitions';

/** The order as it was when `fact` happened to it. Each version has its entry in the history. */
const asOf = (order: Order, fact: OrderFact): Order => {
  if (order.fact.type === fact.type) return order;
  const index = order.history.findLastIndex(({ event }) => event === fact.type);
  const {
    at,
    status,
    paymentStatus = 'NOT_REQUIRED',
    cause,
    actor,
    network,
  } = order.history[index] ?? {
    at: order.updatedAt,
    status: order.status,
  };
  const causationId = cause?.includes('/') ? cause : undefined; // an old entry may name a person here
  const { traceparent } = order.fact;
  const origin = { causationId, traceparent, actor, network };
  return { ...order, version: index + 1, updatedAt: at, status, paymentStatus, fact: { ...fact, ...origin } };
};

/** The status that an order had before `type` happened to it. */
const statusBefore = ({ history }: Order, type: OrderFact['type']) => {
  const index = history.findLastIndex(({ event }) => event === type);
  return history[index - 1]?.status ?? 'PENDING';
};

/** The fact that the inventory has not answered. */
const awaitedOfStock = (order: Order): OrderFact | undefined => {
  if (isStockAnswered(order)) return undefined;
  if (order.status === 'PENDING') return { type: 'OrderPlaced' };
  return order.status === 'CANCELLED' ? cancellation(order) : { type: 'OrderShipped', previousStatus: 'PROCESSING' };
};

const cancellation = (order: Order): OrderFact | undefined => {
  if (order.fact.type === 'OrderCancelled') return order.fact;
  const { cancelReason: reason } = order;
  const type = 'OrderCancelled';
  return reason === undefined ? undefined : { type, previousStatus: statusBefore(order, type), reason };
};

/** The fact that the payment service has not answered; it hears of an order when the order's stock is reserved. */
const awaitedOfPayment = (order: Order): OrderFact | undefined => {
  const { status, paymentDeadline: deadline } = order;
  if (isPaymentAnswered(order)) return undefined;
  if (status === 'CANCELLED') return cancellation(order);
  if (status === 'RETURNED') return { type: 'OrderReturned', previousStatus: 'DELIVERED' };
  return deadline === undefined ? undefined : { type: 'OrderAwaitingPayment', previousStatus: 'PENDING', deadline };
};

/** The events that nobody has answered, under the IDs that they had; none when nothing is waited for. */
export const awaitedEvents = (order: Order): OrderEvent[] => {
  const [stock, payment] = [awaitedOfStock(order), awaitedOfPayment(order)];
  const facts = payment?.type === stock?.type ? [stock] : [stock, payment]; // a cancellation asks both
  return facts.flatMap((fact) => (fact === undefined ? [] : (orderEvent(asOf(order, fact)) ?? [])));
};
