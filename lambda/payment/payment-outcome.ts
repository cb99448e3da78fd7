import type { Payment, PaymentFact } from './payment';
import { refundFact } from './payment-sums';

type Told<Type extends PaymentFact['type']> = Omit<Extract<PaymentFact, { type: Type }>, 'actor'>;

/** The reason of the refund of a capture that came after the payment was given up. */
export const lateReason = 'Paid after the payment was given up';

type Captured = Pick<Payment, 'externalPaymentId' | 'capturedAmount' | 'late' | 'refunds'>;

/** How late the order's own capture was. A row from before that was stored has the refund that a late one began with. */
const latenessOf = ({ late, externalPaymentId, refunds }: Captured): NonNullable<Payment['late']> => {
  if (late !== undefined) return late;
  const begun = refunds.some((one) => one.reason === lateReason && one.externalPaymentId === externalPaymentId);
  return begun ? 'paid-late' : 'no';
};

/** What is told of the order's own capture: the same whenever it is told, whatever became of the order since. */
export const succeeded = (payment: Captured): Told<'PaymentSucceeded'> => {
  const { externalPaymentId = '', capturedAmount } = payment;
  const lateness = latenessOf(payment);
  const told = { type: 'PaymentSucceeded', externalPaymentId, capturedAmount, late: lateness !== 'no' } as const;
  return lateness === 'own-capture' ? { ...told, ownCapture: true } : told;
};

/** The refund with which all of the money was back: the one that was completed last. */
const lastRefunded = ({ refunds }: Payment) =>
  refunds
    .filter(({ status }) => status === 'COMPLETED')
    .reduce<Payment['refunds'][number] | undefined>(
      (last, one) => (last !== undefined && (last.processedAt ?? '') > (one.processedAt ?? '') ? last : one),
      undefined,
    );

/** What became of a payment, as it was told when it happened; undefined while that is open. */
export const outcomeOf = (
  payment: Payment,
): Told<'PaymentSucceeded'> | Told<'PaymentFailed'> | Told<'PaymentRefunded'> | undefined => {
  const { status, failure = 'cancelled' } = payment;
  if (status === 'FAILED' || status === 'CANCELLED') return { type: 'PaymentFailed', reason: failure };
  if (status === 'COMPLETED') return succeeded(payment);
  const refunded = lastRefunded(payment);
  if (status !== 'REFUNDED' || refunded === undefined) return undefined;
  return { type: 'PaymentRefunded', ...refundFact(refunded) };
};

/** When the payment's newest fact happened: what is told again happened when it was told first. */
export const happenedAt = ({ fact, updatedAt, externalPaymentId, refunds, history }: Payment): string => {
  switch (fact.type) {
    case 'PaymentSucceeded':
      return (
        (fact.externalPaymentId === externalPaymentId
          ? history.find(({ event }) => event === 'PaymentSucceeded')?.at
          : undefined) ?? updatedAt
      );
    case 'PaymentFailed':
      return history.findLast(({ event }) => event === 'PaymentFailed')?.at ?? updatedAt;
    case 'PaymentRefunded':
      return refunds.find(({ refundId }) => refundId === fact.refundId)?.processedAt ?? updatedAt;
    default:
      return updatedAt;
  }
};
