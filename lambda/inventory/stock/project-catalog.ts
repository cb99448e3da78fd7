import type { CatalogEvent } from '../../contracts/events/catalog-events';
import { conflict, retryOnConflict } from '../../kernel/retry';
import { trustedTenant } from '../../kernel/tenant';
import type { LedgerStore } from './ledger.store';
import { changed, newStock, type StockItem } from './stock-item';

/** Applies a catalog event to a product's stock. Returns undefined when the event is repeated or older. */
const decideProjection = (item: StockItem | undefined, event: CatalogEvent, at: Date): StockItem | undefined => {
  const { version, name, productId } = event.data;
  if (item !== undefined && version <= item.productVersion) return undefined;
  const change = { productName: name, productVersion: version, discontinued: event.type === 'ProductDiscontinued.v1' };
  const begins = event.type === 'ProductCreated.v1' ? { deletedAt: undefined } : {};
  const known = item ?? newStock({ tenant: trustedTenant(event.tenantid), productId }, productId);
  return changed(known, { ...change, ...begins }, at);
};

const maxAttempts = 5;

/** Projects catalog events into stock rows: one for each product, with its newest name. A new one is empty. */
export const projectCatalog =
  (ledger: Pick<LedgerStore, 'get' | 'save'>, now: () => Date) =>
  async (event: CatalogEvent): Promise<void> => {
    const key = { tenant: trustedTenant(event.tenantid), productId: event.data.productId };
    return retryOnConflict(
      { attempts: maxAttempts, onExhausted: `the stock of ${key.productId} changed ${maxAttempts} times meanwhile` },
      async () => {
        const next = decideProjection(await ledger.get(key), event, now());
        return next === undefined || (await ledger.save(next)) ? undefined : conflict;
      },
    );
  };
