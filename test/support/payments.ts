import type { OrderAwaitingPayment, OrderCancelled } from '../../lambda/contracts/events/order-events';
import { unsealed } from '../../lambda/contracts/values/sealed';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { applyProviderUpdate } from '../../lambda/payment/domain/apply-update';
import type { Cause, PaidLine, Payment } from '../../lambda/payment/domain/payment';
import { type PaymentTerms, requestPayment } from '../../lambda/payment/domain/request-payment';
import type { ProviderSnapshot } from '../../lambda/payment/providers/provider';

export const eight = '2026-11-21T08:00:00.000Z';

/** So many seconds after eight o'clock. */
export const after = (seconds: number): Date => new Date(Date.parse(eight) + seconds * 1000);

export const by = (actor: string, seconds = 0, eventId?: string): Cause => ({ actor, at: after(seconds), eventId });

const mice: PaidLine = { productId: 'PROD-002', quantity: 2, unitPrice: 3000, taxRateBps: 1000 };

/** Two mice for 6,600 yen with tax, to be paid by card within half an hour. */
const terms = (given: Partial<PaymentTerms> = {}): PaymentTerms => ({
  tenant: defaultTenant,
  orderId: 'ORD-000001',
  userId: 'customer-1',
  amount: 6600,
  currency: 'JPY',
  paymentMethod: 'CREDIT_CARD',
  lines: [mice],
  deadline: '2026-11-21T08:30:00.000Z',
  correlationId: 'correlation-1',
  ...given,
});

export const requested = (given: Partial<PaymentTerms> = {}): Payment => requestPayment(terms(given), by('order'));

export const snapshot = (
  state: ProviderSnapshot['state'],
  given: Partial<ProviderSnapshot> = {},
): ProviderSnapshot => ({
  state,
  externalPaymentId: 'pi_1',
  amount: 6600,
  currency: 'JPY',
  at: '2026-11-21T08:01:00.000Z',
  ...given,
});

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

/** The payment after the provider has told of this, ten seconds after eight. */
export const seen = (
  payment: Payment,
  state: ProviderSnapshot['state'],
  given: Partial<ProviderSnapshot> = {},
): Payment => must(applyProviderUpdate(payment, snapshot(state, given), by('stripe', 10)));

/** A payment of 6,600 yen that was captured. */
export const captured = (given: Partial<PaymentTerms> = {}): Payment => seen(requested(given), 'CAPTURED');

const summary = {
  orderId: 'ORD-000001',
  customerEmail: unsealed('taro@example.com'),
  locale: 'ja' as const,
  currency: 'JPY',
  lines: [{ ...mice, name: 'ワイヤレスマウス', lineTotal: 6000 }],
  subtotal: 6000,
  tax: 600,
  total: 6600,
  placedAt: eight,
  userId: 'customer-1',
  paymentMethod: 'CREDIT_CARD' as const,
};

const envelope = (orderId: string, version: number) => ({
  specversion: '1.0' as const,
  id: `default/${orderId}:${version}`,
  source: '/orders',
  subject: orderId,
  time: eight,
  datacontenttype: 'application/json' as const,
  tenantid: 'default',
  correlationid: 'correlation-1',
});

/** The order's stock is reserved, and it may be paid until half past eight. */
export const awaitingPayment = (orderId = 'ORD-000001', given: Partial<typeof summary> = {}): OrderAwaitingPayment => ({
  ...envelope(orderId, 2),
  type: 'OrderAwaitingPayment.v2',
  data: {
    ...summary,
    ...given,
    orderId,
    status: 'PENDING',
    previousStatus: 'PENDING',
    paymentStatus: 'WAITING_PAYMENT',
    paymentDeadline: '2026-11-21T08:30:00.000Z',
  },
});

export const cancelledOrder = (
  orderId = 'ORD-000001',
  given: Partial<OrderCancelled['data']> = {},
): OrderCancelled => ({
  ...envelope(orderId, 3),
  type: 'OrderCancelled.v2',
  data: {
    ...summary,
    orderId,
    status: 'CANCELLED',
    previousStatus: 'PENDING',
    paymentStatus: 'WAITING_PAYMENT',
    reason: 'by-customer',
    ...given,
  },
});
