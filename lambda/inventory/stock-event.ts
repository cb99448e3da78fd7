import type { ProductStockEvent } from '../contracts/inventory-events';
import type { StockItem } from './stock-item';

const idOf = ({ tenant, productId, version }: StockItem) => `${tenant}/${productId}:${version}`;

/** Who changed it, where a person did; what orders move is told of by the orders. */
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
  correlationid: idOf(item), // many orders and movements make one product's stock
  ...originOf(item),
});

/** Whether the product can be bought, as it is in this version of its stock. */
export const availabilityEvent = (item: StockItem): ProductStockEvent => {
  const { productId, version, stock } = item;
  const envelope = envelopeOf(item, '/stock');
  return stock > 0
    ? { ...envelope, type: 'ProductRestocked.v1', data: { productId, version, available: stock } }
    : { ...envelope, type: 'ProductSoldOut.v1', data: { productId, version } };
};

/** What the audit has noted on the item. */
export const discrepancyEvent = (item: StockItem): ProductStockEvent => {
  const { productId, version, discrepancy } = item;
  const envelope = envelopeOf(item, '/stock-audit');
  return discrepancy === undefined
    ? { ...envelope, type: 'StockDiscrepancyResolved.v1', data: { productId, version } }
    : { ...envelope, type: 'StockDiscrepancyFound.v1', data: { productId, version, ...discrepancy } };
};

/**
 * The events of one change of a stock row: it sold out, it was restocked, the audit found or closed a discrepancy. A row
 * that is new has neither sold out nor been restocked.
 */
export const stockEvents = (before: StockItem | undefined, after: StockItem): ProductStockEvent[] => {
  if (before === undefined || before.version === after.version) return [];
  const [was, is] = [before.stock > 0, after.stock > 0];
  const noted = JSON.stringify(before.discrepancy ?? null) !== JSON.stringify(after.discrepancy ?? null);
  return [...(was === is ? [] : [availabilityEvent(after)]), ...(noted ? [discrepancyEvent(after)] : [])];
};
