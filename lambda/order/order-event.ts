import type { OrderEvent } from '../contracts/order-events';
import type { OrderStatus } from '../contracts/order-status';
import type { Order, OrderFact } from './order';

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
});

const told = (order: Order, previousStatus: OrderStatus) => ({ ...summary(order), previousStatus });

/** The event that an order's newest fact stands for; nothing when the fact is not for others. Always the same for the same version. */
export const orderEvent = (order: Order): OrderEvent | undefined => {
  const { fact, shippedAt = order.updatedAt, deliveredAt = order.updatedAt } = order;
  const common = envelope(order);
  switch (fact.type) {
    case 'OrderPlaced':
      return { ...common, type: 'OrderPlaced.v1', data: summary(order) };
    case 'OrderConfirmed':
      return { ...common, type: 'OrderConfirmed.v1', data: told(order, fact.previousStatus) };
    case 'OrderBackordered':
      return {
        ...common,
        type: 'OrderBackordered.v1',
        data: { ...told(order, fact.previousStatus), deadline: fact.deadline },
      };
    case 'OrderCancelled':
      return {
        ...common,
        type: 'OrderCancelled.v1',
        data: { ...told(order, fact.previousStatus), reason: fact.reason },
      };
    case 'OrderProcessing':
      return { ...common, type: 'OrderProcessing.v1', data: told(order, fact.previousStatus) };
    case 'OrderShipped':
      return { ...common, type: 'OrderShipped.v1', data: { ...told(order, fact.previousStatus), shippedAt } };
    case 'OrderDelivered':
      return {
        ...common,
        type: 'OrderDelivered.v1',
        data: { ...told(order, fact.previousStatus), userId: order.ownerId, shippedAt, deliveredAt },
      };
    case 'OrderReturned':
      return { ...common, type: 'OrderReturned.v1', data: told(order, fact.previousStatus) };
    case 'StockReleased':
    case 'StockDeducted':
      return undefined;
  }
};

/** A delivered order is also a completed sale: an event of its own, for whoever follows sales and not parcels. */
const orderCompleted = (order: Order): OrderEvent => {
  const { tenant, orderId, version, ownerId, lines, total, currency } = order;
  return {
    ...envelope(order),
    id: `${tenant}/${orderId}.completed:${version}`,
    type: 'OrderCompleted.v1',
    data: { orderId, userId: ownerId, items: [...lines], totalAmount: total, currency },
  };
};

/** All that an order's newest fact is told as. */
export const orderEvents = (order: Order): OrderEvent[] => {
  const event = orderEvent(order);
  if (event === undefined) return [];
  return event.type === 'OrderDelivered.v1' ? [event, orderCompleted(order)] : [event];
};

/** The order as it was when `fact` happened to it. Each version has its entry in the history. */
const asOf = (order: Order, fact: OrderFact): Order => {
  if (order.fact.type === fact.type) return order;
  const index = order.history.findLastIndex(({ event }) => event === fact.type);
  const { at, status } = order.history[index] ?? { at: order.updatedAt, status: order.status };
  const { traceparent } = order.fact;
  return { ...order, version: index + 1, updatedAt: at, status, fact: { ...fact, traceparent } };
};

/** The event that the inventory has not answered, under the ID that it had; nothing when nothing is waited for. */
export const awaitedEvent = (order: Order): OrderEvent | undefined => {
  switch (order.status) {
    case 'PENDING':
      return orderEvent(asOf(order, { type: 'OrderPlaced' }));
    case 'SHIPPED':
    case 'DELIVERED':
    case 'RETURNED':
      return orderEvent(asOf(order, { type: 'OrderShipped', previousStatus: 'PROCESSING' }));
    case 'CANCELLED':
      return orderEvent(order);
    default:
      return undefined;
  }
};
