import type {
  ReconciledEvent,
  ReconciledOrderEvent,
  ReconciledPaymentEvent,
} from '../../lambda/alert/payments/payment-state';
import type { PaymentStatus } from '../../lambda/contracts/values/order-status';
import { unsealed } from '../../lambda/contracts/values/sealed';

export const start = Date.parse('2026-11-21T08:00:00.000Z');
export const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

export type Shop = { readonly tenant: string; readonly orderId: string; readonly total: number };
export const mouse: Shop = { tenant: 'shop-a', orderId: 'ORD-000001', total: 4400 };

const envelope = ({ tenant }: Shop, aggregate: string, version: number, seconds: number) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${aggregate}:${version}`,
  source: '/orders',
  subject: aggregate,
  time: at(seconds),
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: 'correlation-1',
});

const statuses = {
  'OrderPlaced.v2': 'PENDING',
  'OrderBackordered.v2': 'PENDING',
  'OrderAwaitingPayment.v2': 'PENDING',
  'OrderConfirmed.v2': 'CONFIRMED',
  'OrderShipped.v2': 'SHIPPED',
  'OrderDelivered.v2': 'DELIVERED',
  'OrderCancelled.v2': 'CANCELLED',
  'OrderReturned.v2': 'RETURNED',
} as const satisfies Record<ReconciledOrderEvent['type'], string>;

export type OrderEventOptions = {
  readonly shop?: Shop;
  readonly version?: number;
  /** Seconds after the start. */
  readonly at?: number;
  readonly placedAt?: number;
  readonly paymentStatus?: PaymentStatus | undefined;
  readonly deadline?: number;
};

/** An event of an order that is paid online, unless it says otherwise. */
export const orderEvent = (
  type: ReconciledOrderEvent['type'],
  { shop = mouse, version = 1, at: seconds = 0, placedAt = 0, deadline = 1800, ...more }: OrderEventOptions = {},
): ReconciledOrderEvent => {
  const { orderId, total } = shop;
  const data = {
    ...{ orderId, total, subtotal: total, tax: 0, currency: 'JPY', locale: 'ja' as const },
    customerEmail: unsealed('taro@example.com'),
    lines: [{ productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: total, lineTotal: total, taxRateBps: 0 }],
    placedAt: at(placedAt),
    status: statuses[type],
    paymentStatus: 'paymentStatus' in more ? more.paymentStatus : 'WAITING_PAYMENT',
    ...(type === 'OrderPlaced.v2' ? {} : { previousStatus: 'PENDING' }),
    ...(type === 'OrderAwaitingPayment.v2' ? { paymentMethod: 'PAYPAY', paymentDeadline: at(deadline) } : {}),
    ...(type === 'OrderBackordered.v2' ? { deadline: at(deadline) } : {}),
    ...(type === 'OrderCancelled.v2' ? { reason: 'by-customer' } : {}),
    ...(type === 'OrderShipped.v2' || type === 'OrderDelivered.v2' ? { shippedAt: at(seconds) } : {}),
    ...(type === 'OrderDelivered.v2' ? { deliveredAt: at(seconds) } : {}),
  };
  return { ...envelope(shop, orderId, version, seconds), type, data } as unknown as ReconciledOrderEvent;
};

type PaymentOptions = { readonly shop?: Shop; readonly version?: number; readonly at?: number };

const payment = (
  type: ReconciledPaymentEvent['type'],
  options: PaymentOptions,
  more: object,
): ReconciledPaymentEvent => {
  const { shop = mouse, version = 2, at: seconds = 0 } = options;
  const paymentId = `PAY-${shop.orderId}`;
  const asked = { amount: shop.total, currency: 'JPY', provider: 'paypay', paymentMethod: 'PAYPAY' };
  const data = { paymentId, orderId: shop.orderId, ...asked, ...more };
  return { ...envelope(shop, paymentId, version, seconds), type, data } as unknown as ReconciledPaymentEvent;
};

export const succeeded = ({
  id = 'pp-1',
  amount,
  late = false,
  ...options
}: PaymentOptions & { readonly id?: string; readonly amount?: number; readonly late?: boolean } = {}) =>
  payment('PaymentSucceeded.v1', options, {
    externalPaymentId: id,
    capturedAmount: amount ?? options.shop?.total ?? mouse.total,
    late,
  });

export const failed = (options: PaymentOptions = {}) => payment('PaymentFailed.v1', options, { reason: 'declined' });

type RefundOptions = PaymentOptions & {
  readonly refundId?: string;
  readonly amount?: number;
  /** What was captured in all. @default what the order costs */
  readonly captured?: number;
};

const refund = ({ refundId = 'refund-1', amount, shop = mouse, captured = shop.total }: RefundOptions) => {
  const refundAmount = amount ?? shop.total;
  return { refundId, refundAmount, refundedTotal: refundAmount, capturedTotal: captured };
};

export const refunded = (options: RefundOptions = {}) =>
  payment('PaymentRefunded.v1', options, { ...refund(options), fullyRefunded: true });

export const refundFailed = (options: RefundOptions = {}) =>
  payment('PaymentRefundFailed.v1', options, { ...refund(options), reason: 'account closed' });

export const mismatch = (options: PaymentOptions & { readonly amount: number; readonly currency?: string }) =>
  payment('PaymentMismatchFound.v1', options, {
    externalPaymentId: 'pp-1',
    seenAmount: options.amount,
    seenCurrency: options.currency ?? 'JPY',
  });

export type { ReconciledEvent };
