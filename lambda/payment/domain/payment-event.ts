import type { PaymentEvent, UnknownPaymentFound } from '../../contracts/events/payment-events';
import { paymentFromRow } from '../payment-row';
import { occurredAt } from './apply-own-update';
import type { Dispute, Payment, RefundFact } from './payment';
import { totalsOf } from './payment-sums';
import { isUnknownPayment, unknownPaymentEvent } from './unknown-payment';

const envelopeOf = (payment: Payment) => {
  const { tenant, paymentId, version, correlationId, fact } = payment;
  return {
    specversion: '1.0' as const,
    id: `${tenant}/${paymentId}:${version}`,
    source: '/payments',
    subject: paymentId,
    time: occurredAt(payment),
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: correlationId,
    causationid: fact.causationId,
    traceparent: fact.traceparent,
    actor: fact.actor,
    network: fact.network,
  };
};

const summaryOf = ({ paymentId, orderId, userId, amount, currency, provider, paymentMethod }: Payment) => ({
  ...{ paymentId, orderId, userId, amount, currency, provider, paymentMethod },
});

const refundOf = (payment: Payment, { refundId, refundAmount, madeElsewhere, disputeId }: RefundFact) => {
  const { totals, replaces, externalPaymentId } = payment.refunds.find((refund) => refund.refundId === refundId) ?? {};
  const fields = {
    refundId,
    refundAmount,
    madeElsewhere,
    disputeId,
    externalPaymentId: externalPaymentId || undefined,
  };
  const refundTotals = totals ?? {
    ...totalsOf(payment),
    ...(payment.fact.type === 'PaymentRefundFailed' && { decidedIn: payment.version }),
  };
  return { ...fields, ...refundTotals, ...(replaces && { replaces: [...replaces] }) };
};

const disputeOf = ({ disputeId, amount, status, reason, inquiry, evidenceDueBy }: Dispute) => ({
  ...{ disputeId, disputedAmount: amount, disputeStatus: status, reason, inquiry, evidenceDueBy },
});

const disputedOf = (payment: Payment, disputeId: string) => {
  const dispute = payment.disputes.find((one) => one.disputeId === disputeId);
  if (dispute === undefined)
    throw new Error(`dispute ${disputeId} of ${payment.paymentId} is published but not stored`);
  return disputeOf(dispute);
};

/**
 * Returns the event of a payment's newest fact, always the same for the same version. Returns undefined for an internal
 * event.
 */
export const paymentEvent = (payment: Payment): PaymentEvent | undefined => {
  const { fact, deadline } = payment;
  const [envelope, summary] = [envelopeOf(payment), summaryOf(payment)];
  switch (fact.type) {
    case 'PaymentRequested':
      return { ...envelope, type: 'PaymentRequested.v1', data: { ...summary, deadline } };
    case 'PaymentSucceeded': {
      const { externalPaymentId, capturedAmount, late, ownCapture } = fact;
      const data = { ...summary, externalPaymentId, capturedAmount, late, ...(ownCapture ? { ownCapture } : {}) };
      return { ...envelope, type: 'PaymentSucceeded.v1', data };
    }
    case 'PaymentFailed':
      return { ...envelope, type: 'PaymentFailed.v1', data: { ...summary, reason: fact.reason } };
    case 'PaymentRefunded': {
      const refund = refundOf(payment, fact);
      const fullyRefunded = refund.refundedTotal >= refund.capturedTotal;
      return { ...envelope, type: 'PaymentRefunded.v1', data: { ...summary, ...refund, fullyRefunded } };
    }
    case 'PaymentRefundFailed': {
      const data = { ...summary, ...refundOf(payment, fact), reason: fact.reason };
      return { ...envelope, type: 'PaymentRefundFailed.v1', data };
    }
    case 'PaymentMismatchFound': {
      const { externalPaymentId, seenAmount, seenCurrency } = fact;
      const data = { ...summary, externalPaymentId, seenAmount, seenCurrency };
      return { ...envelope, type: 'PaymentMismatchFound.v1', data };
    }
    case 'PaymentDisputed':
      return {
        ...envelope,
        type: 'PaymentDisputed.v1',
        data: { ...summary, ...disputedOf(payment, fact.disputeId) },
      };
    default:
      return undefined;
  }
};

/** Returns the event of a stream image of the payments table: of a payment, or of an unknown payment. */
export const paymentImageEvent = (image: Record<string, unknown>): PaymentEvent | UnknownPaymentFound | undefined =>
  isUnknownPayment(image) ? unknownPaymentEvent(image) : paymentEvent(paymentFromRow(image));
