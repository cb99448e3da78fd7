import { FindOpenReturns, type OpenReturnsFound } from '../contracts/calls/privacy-calls';
import { trustedTenant } from '../kernel/tenant';
import { isOpen } from './return';
import type { ReturnStore } from './return.store';

/** Returns to the privacy service which orders have a return that is neither rejected nor completed. */
export const findOpenReturns =
  (returns: Pick<ReturnStore, 'ofOrders'>) =>
  async (query: unknown): Promise<OpenReturnsFound> => {
    const { tenantId, orderIds } = FindOpenReturns.parse(query);
    const found = await returns.ofOrders(trustedTenant(tenantId), orderIds);
    return { orderIds: [...new Set(found.filter(isOpen).map(({ orderId }) => orderId))] };
  };
