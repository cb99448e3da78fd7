import { type Cause, happened, type Mismatch, type Payment } from './payment';

/** What the provider told that was not asked for, and has not given back. Rows from before several were kept have the last. */
export const mismatchesOf = ({ mismatches, mismatch }: Payment): readonly Mismatch[] =>
  mismatches ?? (mismatch === undefined ? [] : [mismatch]);

const without = (payment: Payment, externalPaymentId: string) =>
  mismatchesOf(payment).filter((one) => one.externalPaymentId !== externalPaymentId);

export const isMismatched = (payment: Payment, externalPaymentId: string): boolean =>
  mismatchesOf(payment).some((one) => one.externalPaymentId === externalPaymentId);

/** Tells, once for one disagreement, that the provider speaks of something else. Nothing else changes. */
export const noteMismatch = (payment: Payment, seen: Mismatch, cause: Cause): Payment | undefined => {
  const { externalPaymentId, amount, currency } = seen;
  const isSame = (one: Mismatch) =>
    one.externalPaymentId === externalPaymentId && one.amount === amount && one.currency === currency;
  if (mismatchesOf(payment).some(isSame)) return undefined;
  const { attempts, delayed } = payment;
  const mismatch = { externalPaymentId, amount, currency };
  const changes = { attempts, delayed, mismatch, mismatches: [...without(payment, externalPaymentId), mismatch] };
  const fact = { type: 'PaymentMismatchFound', externalPaymentId, seenAmount: amount, seenCurrency: currency } as const;
  return happened(payment, changes, fact, cause);
};

/** The payment without a disagreement that is over: its money is back. */
export const withoutMismatch = (payment: Payment, externalPaymentId: string): Payment =>
  isMismatched(payment, externalPaymentId) ? { ...payment, mismatches: without(payment, externalPaymentId) } : payment;
