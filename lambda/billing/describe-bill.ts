import { type BillDescribed, DescribeBill } from '../contracts/calls/service-calls';
import { trustedTenant } from '../kernel/tenant';
import type { BillStore } from './bill.store';

/** Returns the state of an order's bill to the order service, for the timeline. */
export const describeBill =
  ({ bills }: { readonly bills: Pick<BillStore, 'ofOrder'> }) =>
  async (query: unknown): Promise<BillDescribed> => {
    const { tenantId, orderId } = DescribeBill.parse(query);
    const bill = await bills.ofOrder(trustedTenant(tenantId), orderId);
    if (bill === undefined) return {};
    const { billingId, status, amount, currency, version, createdAt, updatedAt } = bill;
    return { bill: { billingId, status, amount, currency, version, createdAt, updatedAt } };
  };
