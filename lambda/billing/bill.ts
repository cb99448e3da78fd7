import type { OrderCancelled, OrderPaymentUpdated, OrderPlaced } from '../contracts/events/order-events';
import type { PaymentSucceeded } from '../contracts/events/payment-events';
import { taxOf } from '../contracts/values/money';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** The events that contain the items and prices of an order. */
export type BilledEvent = OrderPlaced | OrderCancelled | OrderPaymentUpdated;

/** The events that billing handles. */
export type BillingEvent = BilledEvent | PaymentSucceeded;

type BillLine = {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly subtotal: number;
};

/**
 * What a customer owes for one order. Amounts are in minor units of `currency`. A bill whose payment arrived before its
 * order has no items, subtotal and tax until the order arrives. A void bill with `paidAt` is refunded: its order was
 * cancelled, or its payment was refunded in full.
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
  /** The order version of the last full refund or renewed payment. */
  readonly orderVersion?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** The payment of an order's bill. */
export type Receipt = Pick<Bill, 'tenant' | 'billingId' | 'orderId' | 'amount' | 'currency'> & {
  readonly paymentId: string;
  readonly paidAt: string;
};

/** A bill that was refunded in full or paid again in a version of its order. */
export type Settlement = Bill & { readonly status: 'paid' | 'void'; readonly orderVersion: number };

/** Returns the bill ID of an order. Each order has one bill. */
export const billingIdOf = (orderId: string) => `BILL-${orderId}`;

/** Returns the bill of an order: the subtotal plus consumption tax at 10 % or the product's reduced rate. */
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

/** Returns the settlement of an order that is not cancelled, or undefined when its bill does not change. */
export const settlementFor = (event: OrderPaymentUpdated): Settlement | undefined => {
  const { status, paymentStatus } = event.data;
  if (status === 'CANCELLED' || (paymentStatus !== 'REFUNDED' && paymentStatus !== 'PAID')) return undefined;
  const orderVersion = Number(event.id.slice(event.id.lastIndexOf(':') + 1));
  return { ...billFor(event), status: paymentStatus === 'REFUNDED' ? 'void' : 'paid', orderVersion };
};

/** Returns the receipt for a successful payment. */
export const receiptFor = ({ tenantid, time, data }: PaymentSucceeded): Receipt => ({
  tenant: trustedTenant(tenantid),
  billingId: billingIdOf(data.orderId),
  orderId: data.orderId,
  amount: data.amount,
  currency: data.currency,
  paymentId: data.paymentId,
  paidAt: time,
});
