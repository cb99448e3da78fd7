import type { InventoryEvent, StockShortageEnded } from '../contracts/inventory-events';
import type { Reservation } from './inventory';

const envelopeOf = ({ tenant, orderId, version, updatedAt, fact }: Reservation) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${orderId}:${version}`,
  subject: orderId,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: fact.correlationId,
  causationid: fact.causationId,
  traceparent: fact.traceparent,
});

/** The event that a reservation's newest fact stands for. Always the same for the same version. */
export const inventoryEvent = (reservation: Reservation): InventoryEvent => {
  const { orderId, fact } = reservation;
  const envelope = { ...envelopeOf(reservation), source: '/inventory' };
  switch (fact.type) {
    case 'StockReserved':
      return { ...envelope, type: 'StockReserved.v1', data: { orderId } };
    case 'StockShort':
      return { ...envelope, type: 'StockShort.v1', data: { orderId, shortage: fact.shortage } };
    case 'StockReleased':
      return { ...envelope, type: 'StockReleased.v1', data: { orderId } };
    case 'StockDeducted':
      return { ...envelope, type: 'StockDeducted.v1', data: { orderId } };
  }
};

const outcomes = { RESERVED: 'reserved', RELEASED: 'released', DEDUCTED: 'deducted' } as const;

/** Tells whoever was alerted that an order is not short any more; nothing when it never was, or still is. */
const shortageEnded = (reservation: Reservation): StockShortageEnded | undefined => {
  const { orderId, state, wasShort = false } = reservation;
  if (!wasShort || state === 'BACKORDERED') return undefined;
  const data = { orderId, outcome: outcomes[state] };
  return { ...envelopeOf(reservation), source: '/inventory/shortages', type: 'StockShortageEnded.v1', data };
};

/** All that a reservation's newest version tells: the answer to its order, and the end of a shortage. */
export const reservationEvents = (reservation: Reservation): (InventoryEvent | StockShortageEnded)[] => {
  const ended = shortageEnded(reservation);
  return [inventoryEvent(reservation), ...(ended === undefined ? [] : [ended])];
};
