import { type BillDescribed, DescribeBill } from '../contracts/service-calls';
import { trustedTenant } from '../kernel/tenant';
import type { BillStore } from './bill.store';

/** Answers what the order service asks for an order's timeline: is there a bill, and how does it stand? */
export const tellOrder =
  ({ bills }: { readonly bills: Pick<BillStore, 'ofOrder'> }) =>
  async (asked: unknown): Promise<BillDescribed> => {
    const { tenantId, orderId } = DescribeBill.parse(asked);
    const bill = await bills.ofOrder(trustedTenant(tenantId), orderId);
    if (bill === undefined) return {};
    const { billingId, status, amount, currency, version, createdAt, updatedAt } = bill;
    return { bill: { billingId, status, amount, currency, version, createdAt, updatedAt } };
  };
