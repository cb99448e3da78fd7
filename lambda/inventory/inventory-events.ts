import type { InventoryEvent, ProductStockEvent, StockShortageEnded } from '../contracts/events/inventory-events';
import type { Publishable } from '../kernel/events/publish';
import { type Reservation, reservationFromRow } from './reservations/reservation';
import { type StockItem, stockFromRow } from './stock/stock-item';

const idOf = ({ tenant, productId, version }: StockItem) => `${tenant}/${productId}:${version}`;

/** The person who made this version. Empty for changes by orders. */
const originOf = ({ version, movedBy }: StockItem) =>
  movedBy?.version === version ? { actor: movedBy.actor, network: movedBy.network } : {};

const envelopeOf = (item: StockItem, source: '/stock' | '/stock-audit') => ({
  specversion: '1.0' as const,
  id: idOf(item),
  source,
  subject: item.productId,
  time: item.updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: item.tenant,
  correlationid: idOf(item), // a product's stock comes from many orders and movements
  ...originOf(item),
});

/** Returns the event about the product's availability in this version of its stock. */
export const availabilityEvent = (item: StockItem): ProductStockEvent => {
  const { productId, version, stock } = item;
  const envelope = envelopeOf(item, '/stock');
  return stock > 0
    ? { ...envelope, type: 'ProductRestocked.v1', data: { productId, version, available: stock } }
    : { ...envelope, type: 'ProductSoldOut.v1', data: { productId, version } };
};

/** Returns the event about the discrepancy that the audit saved or removed. */
export const discrepancyEvent = (item: StockItem): ProductStockEvent => {
  const { productId, version, discrepancy } = item;
  const envelope = envelopeOf(item, '/stock-audit');
  return discrepancy === undefined
    ? { ...envelope, type: 'StockDiscrepancyResolved.v1', data: { productId, version } }
    : { ...envelope, type: 'StockDiscrepancyFound.v1', data: { productId, version, ...discrepancy } };
};

/**
 * Returns the events of one change of a stock row: sold out, restocked, discrepancy found or resolved. A new row has no
 * events.
 */
export const stockEvents = (before: StockItem | undefined, after: StockItem): ProductStockEvent[] => {
  if (before === undefined || before.version === after.version) return [];
  const [was, is] = [before.stock > 0, after.stock > 0];
  const noted = JSON.stringify(before.discrepancy ?? null) !== JSON.stringify(after.discrepancy ?? null);
  return [...(was === is ? [] : [availabilityEvent(after)]), ...(noted ? [discrepancyEvent(after)] : [])];
};

const reservationEnvelope = ({ tenant, orderId, version, updatedAt, fact }: Reservation) => ({
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

/** Returns the event of a reservation's newest fact. The same version always gives the same event. */
const inventoryEvent = (reservation: Reservation): InventoryEvent => {
  const { orderId, fact } = reservation;
  const envelope = { ...reservationEnvelope(reservation), source: '/inventory' };
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

/** Returns the event that resolves the shortage alert, or undefined when there was none or it goes on. */
const shortageEnded = (reservation: Reservation): StockShortageEnded | undefined => {
  const { orderId, state, wasShort = false } = reservation;
  if (!wasShort || state === 'BACKORDERED') return undefined;
  const data = { orderId, outcome: outcomes[state] };
  return { ...reservationEnvelope(reservation), source: '/inventory/shortages', type: 'StockShortageEnded.v1', data };
};

/** Returns the events of a reservation's newest version: the one for its order, and the end of a shortage. */
export const reservationEvents = (reservation: Reservation): (InventoryEvent | StockShortageEnded)[] => {
  const ended = shortageEnded(reservation);
  return [inventoryEvent(reservation), ...(ended === undefined ? [] : [ended])];
};

type Image = Record<string, unknown>;

/** Whether the row is of the inventory table. The relay also reads the reservations table. */
export const isStock = (image: Image): boolean => 'productId' in image;

/** Returns the events of a changed stock or reservation row. Throws when it is neither. */
export const relayedEvents = (image: Image, before?: Image): Publishable[] =>
  isStock(image)
    ? stockEvents(before && stockFromRow(before), stockFromRow(image))
    : reservationEvents(reservationFromRow(image));
