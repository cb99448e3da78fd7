import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { isRoutineCheckOnly } from '../../lambda/payment/domain/next-step';
import { type Payment, paymentIdOf } from '../../lambda/payment/domain/payment';
import { refundable } from '../../lambda/payment/domain/payment-sums';
import { type OrderName, orderNamed, type World } from './world';

/** An event as its ID tells of it. */
export type Heard = {
  readonly world: World;
  readonly tenant: Tenant;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly body: string;
};

/** The payment of an order, if it was ever asked for. */
export const paymentOf = ({ payments }: World, { tenant, orderId }: OrderName): Payment | undefined =>
  payments.get(tenantKey(tenant, paymentIdOf(orderId)));

const isCancelTaken = ({ world, tenant, id: orderId, body }: Heard): boolean => {
  const payment = paymentOf(world, { tenant, orderId });
  if (payment === undefined) return !/"paymentStatus":"(WAITING_PAYMENT|PAID)"/.test(body);
  const isOpen = payment.status === 'PENDING' || payment.status === 'PROCESSING';
  return payment.cancelRequested || !isOpen;
};

/** Nothing more will be asked back by itself. */
const isSettled = (payment: Payment): boolean =>
  payment.status !== 'COMPLETED' ||
  refundable(payment) <= 0 ||
  payment.refunds.some(({ status }) => status === 'FAILED');

const isReturnTaken = ({ world, tenant, id }: Heard): boolean => {
  const { orderId = '' } = world.returns.get(tenantKey(tenant, id)) ?? {};
  const payment = paymentOf(world, { tenant, orderId });
  return payment === undefined || refundable(payment) <= 0 || payment.refunds.some(({ returnId }) => returnId === id);
};

const watchHeard: Readonly<Record<string, string>> = {
  'PaymentSucceeded.v1': 'captures',
  'PaymentFailed.v1': 'failure',
  'PaymentRefunded.v1': 'refunds',
  'PaymentRefundFailed.v1': 'refunds',
  'PaymentMismatchFound.v1': 'mismatches',
  'PaymentDisputed.v1': 'disputes',
};

const isReconciled = ({ world, tenant, type, id, version }: Heard): boolean => {
  const orderId = id.replace(/^PAY-/, '');
  const row = world.orderPayments.get(tenantKey(tenant, orderId)) ?? {};
  const noted = watchHeard[type];
  if (noted !== undefined) return Object.keys(Object(row[noted as keyof typeof row] ?? {})).length > 0;
  const { order } = row as { order?: { version: number } };
  const isPaidHere = orderNamed(world, { tenant, orderId })?.paymentStatus !== 'NOT_REQUIRED';
  return !isPaidHere || (order?.version ?? 0) >= version;
};

/** Whether the consumers about payments have done what an event asks of them. */
export const paymentsDone = {
  'payment-queue': (heard: Heard): boolean => {
    if (heard.type === 'ReturnCompleted.v2') return isReturnTaken(heard);
    if (heard.type === 'OrderCancelled.v2') return isCancelTaken(heard);
    const payment = paymentOf(heard.world, { tenant: heard.tenant, orderId: heard.id });
    if (heard.type === 'OrderReturned.v2') return payment === undefined || isSettled(payment);
    return payment !== undefined;
  },
  'order-payment-queue': isReconciled,
};

/** How often a provider was asked in vain; of what is only looked at now and then that follows from the time. */
const vainOf = (payment: Payment, now: number): number =>
  isRoutineCheckOnly(payment, new Date(now)) ? 0 : payment.attempts;

/** What payments and providers have come to. Asked again, a payment only raises its version. */
export const paymentsOf = ({ payments, providerLedger, now }: World) => ({
  rows: payments.values().map((payment) => {
    const { tenant, orderId, status, capturedAmount, late, extraCaptures, refunds, mismatch } = payment;
    const money = { capturedAmount, late, extraCaptures, refunds, mismatch };
    return { tenant, orderId, status, ...money, attempts: vainOf(payment, now) };
  }),
  deals: [...providerLedger.deals.values()].map(({ externalPaymentId, state, captured, refunds, disputes }) => ({
    ...{ externalPaymentId, state, captured, refunds, disputes },
  })),
});

/** How long after each payment its order was shown as paid, in seconds; but not of what was too late, or cancelled by then. */
export const paidAfter = (world: World): number[] =>
  [...world.providerLedger.deals.values()].flatMap((deal) => {
    const { cancelReason = '', history = [] } = orderNamed(world, deal) ?? {};
    const shown = history.find(({ paymentStatus }) => paymentStatus === 'PAID');
    if (deal.capturedAt === undefined || deal.extra || deal.captured !== deal.amount) return [];
    const isLate = deal.capturedAt > Date.parse(deal.expiresAt);
    if (shown === undefined && (isLate || cancelReason.startsWith('by-'))) return [];
    return [shown === undefined ? Number.POSITIVE_INFINITY : (Date.parse(shown.at) - deal.capturedAt) / 1000];
  });
