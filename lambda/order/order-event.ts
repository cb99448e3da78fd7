import type { OrderEvent } from '../contracts/order-events';
import type { Order } from './order';

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

/** The event that an order's newest fact stands for; nothing when the fact is not for others. Always the same for the same version. */
export const orderEvent = (order: Order): OrderEvent | undefined => {
  const { fact } = order;
  switch (fact.type) {
    case 'OrderPlaced':
      return { ...envelope(order), type: 'OrderPlaced.v1', data: summary(order) };
    case 'OrderConfirmed':
      return {
        ...envelope(order),
        type: 'OrderConfirmed.v1',
        data: { ...summary(order), previousStatus: fact.previousStatus },
      };
    case 'OrderBackordered':
      return {
        ...envelope(order),
        type: 'OrderBackordered.v1',
        data: { ...summary(order), previousStatus: fact.previousStatus, deadline: fact.deadline },
      };
    case 'OrderCancelled':
      return {
        ...envelope(order),
        type: 'OrderCancelled.v1',
        data: { ...summary(order), previousStatus: fact.previousStatus, reason: fact.reason },
      };
    case 'StockReleased':
      return undefined;
  }
};
