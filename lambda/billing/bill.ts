import type { OrderCancelled, OrderPaymentUpdated, OrderPlaced } from '../contracts/order-events';
import type { PaymentSucceeded } from '../contracts/payment-events';
import { type BillDescribed, DescribeBill } from '../contracts/service-calls';
import { asError } from '../kernel/http/http';
import { taxOf } from '../kernel/money';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import type { BillStore } from './bill.store';

/** What tells what an order costs. */
export type BilledEvent = OrderPlaced | OrderCancelled | OrderPaymentUpdated;

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
 * no items, subtotal and tax until the order comes; a void one that has `paidAt` is paid back: its order was cancelled, or
 * all of its payment was refunded.
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
  /** The version of the order by which it was last refunded in full, or paid again. */
  readonly orderVersion?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** That the bill of an order was paid, and when. */
export type Receipt = Pick<Bill, 'tenant' | 'billingId' | 'orderId' | 'amount' | 'currency'> & {
  readonly paymentId: string;
  readonly paidAt: string;
};

/** A bill that is refunded in full, or paid again, by a version of its order. */
export type Settlement = Bill & { readonly status: 'paid' | 'void'; readonly orderVersion: number };

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

/** What became of the payment of an order that goes on. Returns undefined when that changes nothing of its bill. */
export const settlementFor = (event: OrderPaymentUpdated): Settlement | undefined => {
  const { status, paymentStatus } = event.data;
  if (status === 'CANCELLED' || (paymentStatus !== 'REFUNDED' && paymentStatus !== 'PAID')) return undefined;
  const orderVersion = Number(event.id.slice(event.id.lastIndexOf(':') + 1));
  return { ...billFor(event), status: paymentStatus === 'REFUNDED' ? 'void' : 'paid', orderVersion };
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

type Bills = Pick<BillStore, 'open' | 'pay' | 'settle' | 'void'>;

const settle = async (bills: Bills, event: Exclude<BillingEvent, { type: 'OrderPlaced.v1' }>): Promise<void> => {
  if (event.type === 'PaymentSucceeded.v1') return bills.pay(receiptFor(event));
  if (event.type === 'OrderCancelled.v1') return bills.void(billFor(event));
  const settlement = settlementFor(event);
  if (settlement !== undefined) await bills.settle(settlement);
};

/** Opens a bill for each placed order of a batch in one call, and then settles those that were paid, refunded or cancelled. */
export const billOrders =
  (bills: Bills) =>
  async (events: readonly BillingEvent[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(events.map((event) => [event.id, event])).values()];
    const placed = unique.filter((event) => event.type === 'OrderPlaced.v1');
    const opened = placed.length === 0 ? [] : await bills.open(placed.map(billFor));
    const outcomes = new Map(placed.map(({ id }, index) => [id, opened[index]]));
    for (const event of unique) {
      if (event.type !== 'OrderPlaced.v1')
        outcomes.set(event.id, await settle(bills, event).then(() => undefined, asError));
    }
    return events.map(({ id }) => outcomes.get(id));
  };

/** Answers what the order service asks for an order's timeline: is there a bill, and how does it stand? */
export const describeBill =
  ({ bills }: { readonly bills: Pick<BillStore, 'ofOrder'> }) =>
  async (asked: unknown): Promise<BillDescribed> => {
    const { tenantId, orderId } = DescribeBill.parse(asked);
    const bill = await bills.ofOrder(trustedTenant(tenantId), orderId);
    if (bill === undefined) return {};
    const { billingId, status, amount, currency, version, createdAt, updatedAt } = bill;
    return { bill: { billingId, status, amount, currency, version, createdAt, updatedAt } };
  };
