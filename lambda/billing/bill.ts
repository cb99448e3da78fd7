import type { OrderCancelled, OrderPlaced } from '../contracts/order-events';
import { taxOf } from '../kernel/money';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** What billing listens to. */
export type BilledEvent = OrderPlaced | OrderCancelled;

type BillLine = {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly subtotal: number;
};

/** What a customer owes for one order. Amounts are minor units of `currency`. */
export type Bill = {
  readonly tenant: Tenant;
  readonly billingId: string;
  readonly orderId: string;
  readonly status: 'pending' | 'paid' | 'void';
  readonly customerId?: string;
  readonly currency: string;
  readonly items: readonly BillLine[];
  readonly subtotal: number;
  readonly tax: number;
  readonly amount: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** One bill for each order, so its ID follows from the order's. */
export const billingIdOf = (orderId: string) => `BILL-${orderId}`;

/** The bill of a placed order: subtotal plus 10 % consumption tax, or the product's reduced rate. */
export const billFor = ({ tenantid, time, data }: BilledEvent): Bill => {
  const subtotal = data.lines.reduce((sum, { lineTotal }) => sum + lineTotal, 0);
  const tax = taxOf(data.lines);
  return {
    tenant: trustedTenant(tenantid),
    billingId: billingIdOf(data.orderId),
    orderId: data.orderId,
    status: 'pending',
    customerId: data.customerId,
    currency: data.currency,
    items: data.lines.map(({ productId, name, quantity, unitPrice, lineTotal }) => ({
      productId,
      name,
      quantity,
      unitPrice,
      subtotal: lineTotal,
    })),
    subtotal,
    tax,
    amount: subtotal + tax,
    createdAt: data.placedAt,
    updatedAt: time,
    version: 1,
  };
};
