import type { OrderPayment } from '../../lambda/alert/payments/payment-state';
import { PaymentDescribed } from '../../lambda/contracts/calls/service-calls';
import type { Payment } from '../../lambda/payment/domain/payment';
import { soundParts } from './parts';

type PaymentStoreOf = typeof soundParts.paymentStore;
type OrderPaymentStoreOf = typeof soundParts.orderPaymentStore;

const writingPayments =
  (wrong: (next: Payment) => Payment): PaymentStoreOf =>
  (site) => {
    const sound = soundParts.paymentStore(site);
    return {
      ...sound,
      save: (next) => sound.save(wrong(next)),
      saveReceived: (next, receipt) => sound.saveReceived(wrong(next), receipt),
    };
  };

/** Does not keep when a page to pay on ends. */
export const endForgotten: PaymentStoreOf = writingPayments((next) => ({ ...next, checkoutExpiresAt: undefined }));

/** Goes on closing what was closed already. */
export const closedForEver: PaymentStoreOf = writingPayments((next) => {
  const { note } = next.history.at(-1) ?? {};
  if (next.fact.type !== 'OtherPaymentClosed' || note === undefined || note === '') return next;
  return { ...next, others: [...next.others, note], dueAt: next.updatedAt };
});

/** Notes that a dispute is lost, and keeps the money in its books. */
export const lostKept: PaymentStoreOf = writingPayments((next) => {
  const { fact } = next;
  if (fact.type !== 'PaymentRefunded' || fact.disputeId === undefined) return next;
  const { disputeId, actor } = fact;
  const refunds = next.refunds.filter((refund) => refund.disputeId !== disputeId);
  return { ...next, status: 'COMPLETED', refunds, fact: { type: 'PaymentDisputed', disputeId, actor } };
});

const writingAlerts =
  (wrong: (next: OrderPayment) => OrderPayment): OrderPaymentStoreOf =>
  (site) => {
    const sound = soundParts.orderPaymentStore(site);
    return { ...sound, save: (state) => sound.save(wrong(state)) };
  };

/** Forgets that a person has closed an alert. */
export const closingForgotten: OrderPaymentStoreOf = writingAlerts((next) => ({
  ...next,
  alerts: Object.fromEntries(
    Object.entries(next.alerts).map(([type, alert]) => [type, { ...alert, closed: undefined }]),
  ),
}));

type Asking = Pick<Parameters<typeof soundParts.reconcilePayments>[0], 'query'>;

const neverBack = <Deps extends Asking>(deps: Deps): Deps => ({
  ...deps,
  query: {
    ...deps.query,
    payment: async (query: unknown) => {
      const { payment } = PaymentDescribed.parse(await deps.query.payment(query));
      return payment === undefined ? {} : { payment: { ...payment, mismatches: [payment.externalPaymentId ?? ''] } };
    },
  },
});

/** Does not believe the payment service that a wrong sum is given back. */
export const mismatchForEver: typeof soundParts.reconcilePayments = (deps) =>
  soundParts.reconcilePayments(neverBack(deps));

/** The sweep does not, either. */
export const sweepMismatchForEver: typeof soundParts.checkDeadlines = (deps) =>
  soundParts.checkDeadlines(neverBack(deps));
