import type { InventoryEvent } from '../contracts/inventory-events';
import type { Reservation } from './inventory';

/** The event that a reservation's newest fact stands for. Always the same for the same version. */
export const inventoryEvent = ({ tenant, orderId, version, updatedAt, fact }: Reservation): InventoryEvent => {
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${orderId}:${version}`,
    source: '/inventory',
    subject: orderId,
    time: updatedAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: fact.correlationId,
    causationid: fact.causationId,
    traceparent: fact.traceparent,
  };
  switch (fact.type) {
    case 'StockReserved':
      return { ...envelope, type: 'StockReserved.v1', data: { orderId } };
    case 'StockShort':
      return { ...envelope, type: 'StockShort.v1', data: { orderId, shortage: fact.shortage } };
    case 'StockReleased':
      return { ...envelope, type: 'StockReleased.v1', data: { orderId } };
  }
};
