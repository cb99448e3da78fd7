import type { OrderEvent } from '../../contracts/events/order-events';
import type { OrderStatus } from '../../contracts/values/order-status';
import { isPaymentAnswered, isStockAnswered, type Order, type OrderFact } from './order';

const summary = (order: Order) => ({
  orderId: order.orderId,
  customerId: order.customerId,
  customerEmail: order.customerEmail,
  locale: order.locale,
  currency: order.currency,
  lines: [...order.lines],
  subtotal: order.subtotal,
  tax: order.tax,
  total: order.total,
  placedAt: order.createdAt,
  status: order.status,
  paymentStatus: order.paymentStatus,
  paymentMethod: order.paymentMethod,
  userId: order.ownerId,
});

const envelope = ({ tenant, orderId, version, updatedAt, correlationId, fact }: Order) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${orderId}:${version}`,
  source: '/orders',
  subject: orderId,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: correlationId,
  causationid: fact.causationId,
  traceparent: fact.traceparent,
  actor: fact.actor,
  network: fact.network,
});

const transitionData = (order: Order, previousStatus: OrderStatus) => ({ ...summary(order), previousStatus });

const awaitingPayment = (order: Order, fact: Extract<OrderFact, { type: 'OrderAwaitingPayment' }>) => {
  const { paymentMethod } = order;
  if (paymentMethod === undefined) throw new Error(`order ${order.orderId} awaits payment but has no payment method`);
  return { ...transitionData(order, fact.previousStatus), paymentMethod, paymentDeadline: fact.deadline };
};

/**
 * Returns the event of an order's newest fact, or undefined for an internal fact. It is the same for the same version.
 */
export const orderEvent = (order: Order): OrderEvent | undefined => {
  const { fact, shippedAt = order.updatedAt, deliveredAt = order.updatedAt } = order;
  const common = envelope(order);
  switch (fact.type) {
    case 'OrderPlaced':
      return { ...common, type: 'OrderPlaced.v2', data: summary(order) };
    case 'OrderConfirmed':
      return { ...common, type: 'OrderConfirmed.v2', data: transitionData(order, fact.previousStatus) };
    case 'OrderBackordered':
      return {
        ...common,
        type: 'OrderBackordered.v2',
        data: { ...transitionData(order, fact.previousStatus), deadline: fact.deadline },
      };
    case 'OrderAwaitingPayment':
      return { ...common, type: 'OrderAwaitingPayment.v2', data: awaitingPayment(order, fact) };
    case 'OrderPaymentUpdated': {
      const { paymentStatus } = order;
      const { previousPaymentStatus } = fact;
      const data = { ...summary(order), paymentStatus, previousPaymentStatus };
      return { ...common, type: 'OrderPaymentUpdated.v2', data };
    }
    case 'OrderCancelled':
      return {
        ...common,
        type: 'OrderCancelled.v2',
        data: { ...transitionData(order, fact.previousStatus), reason: fact.reason },
      };
    case 'OrderProcessing':
      return { ...common, type: 'OrderProcessing.v2', data: transitionData(order, fact.previousStatus) };
    case 'OrderShipped':
      return { ...common, type: 'OrderShipped.v2', data: { ...transitionData(order, fact.previousStatus), shippedAt } };
    case 'OrderDelivered':
      return {
        ...common,
        type: 'OrderDelivered.v2',
        data: { ...transitionData(order, fact.previousStatus), shippedAt, deliveredAt },
      };
    case 'OrderReturned':
      return { ...common, type: 'OrderReturned.v2', data: transitionData(order, fact.previousStatus) };
    case 'StockReleased':
    case 'StockDeducted':
    case 'RefundNoted':
      return undefined;
  }
};

/** Returns the event of the completed sale, for consumers that follow sales and not parcels. */
const orderCompleted = (order: Order): OrderEvent => {
  const { tenant, orderId, version, ownerId, lines, total, currency } = order;
  return {
    ...envelope(order),
    id: `${tenant}/${orderId}.completed:${version}`,
    type: 'OrderCompleted.v1',
    data: { orderId, userId: ownerId, items: [...lines], totalAmount: total, currency },
  };
};

/** Returns all events of an order's newest fact. */
export const orderEvents = (order: Order): OrderEvent[] => {
  const event = orderEvent(order);
  if (event === undefined) return [];
  return event.type === 'OrderDelivered.v2' ? [event, orderCompleted(order)] : [event];
};

/** Returns the order as of `fact`. Each version has one entry in the history. */
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
  const causationId = cause?.includes('/') ? cause : undefined; // in old entries this may be a person
  const { traceparent } = order.fact;
  const origin = { causationId, traceparent, actor, network };
  return { ...order, version: index + 1, updatedAt: at, status, paymentStatus, fact: { ...fact, ...origin } };
};

/** Returns the status before the fact of this type. */
const statusBefore = ({ history }: Order, type: OrderFact['type']) => {
  const index = history.findLastIndex(({ event }) => event === type);
  return history[index - 1]?.status ?? 'PENDING';
};

/** Returns the fact that inventory has not answered yet, if any. */
const outstandingOfStock = (order: Order): OrderFact | undefined => {
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

/** Returns the fact that payment has not answered yet, if any. Payment gets no event before the stock is reserved. */
const outstandingOfPayment = (order: Order): OrderFact | undefined => {
  const { status, paymentDeadline: deadline } = order;
  if (isPaymentAnswered(order)) return undefined;
  if (status === 'CANCELLED') return cancellation(order);
  if (status === 'RETURNED') return { type: 'OrderReturned', previousStatus: 'DELIVERED' };
  return deadline === undefined ? undefined : { type: 'OrderAwaitingPayment', previousStatus: 'PENDING', deadline };
};

/** Returns the events that are still unanswered, with their original IDs. */
export const outstandingEvents = (order: Order): OrderEvent[] => {
  const [stock, payment] = [outstandingOfStock(order), outstandingOfPayment(order)];
  const facts = payment?.type === stock?.type ? [stock] : [stock, payment]; // a cancellation goes to both
  return facts.flatMap((fact) => (fact === undefined ? [] : (orderEvent(asOf(order, fact)) ?? [])));
};
