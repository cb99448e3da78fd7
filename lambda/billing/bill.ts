import type { OrderCancelled, OrderPlaced } from '../contracts/order-events';
import type { PaymentSucceeded } from '../contracts/payment-events';
import { taxOf } from '../kernel/money';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** What tells what an order costs. */
export type BilledEvent = OrderPlaced | OrderCancelled;

/** What billing listens to. */
export type BillingEvent = BilledEvent | PaymentSucceeded;

type BillLine = {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly subtotal: number;
};

/**
 * What a customer owes for one order. Amounts are minor units of `currency`. One whose payment came before its order has
 * no items, subtotal and tax until the order comes; a void one that has `paidAt` is paid back by the payment service.
 */
export type Bill = {
  readonly tenant: Tenant;
  readonly billingId: string;
  readonly orderId: string;
  readonly status: 'pending' | 'paid' | 'void';
  readonly customerId?: string;
  readonly currency: string;
  readonly items?: readonly BillLine[];
  readonly subtotal?: number;
  readonly tax?: number;
  readonly amount: number;
  readonly paymentId?: string;
  readonly paidAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** That the bill of an order was paid, and when. */
export type Receipt = Pick<Bill, 'tenant' | 'billingId' | 'orderId' | 'amount' | 'currency'> & {
  readonly paymentId: string;
  readonly paidAt: string;
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

/** What a successful payment says about the order's bill. */
export const receiptFor = ({ tenantid, time, data }: PaymentSucceeded): Receipt => ({
  tenant: trustedTenant(tenantid),
  billingId: billingIdOf(data.orderId),
  orderId: data.orderId,
  amount: data.amount,
  currency: data.currency,
  paymentId: data.paymentId,
  paidAt: time,
});
