import type { ProviderSnapshot, SnapshotState } from '../providers/provider';
import { evolve } from './evolve-payment';
import type { Cause, Mismatch, Payment } from './payment';

/** A provider snapshot whose new details are encrypted. */
export type ProviderUpdate = Omit<ProviderSnapshot, 'checkout' | 'card'> & {
  readonly details?: string | undefined;
  /** When the checkout page expires. */
  readonly checkoutExpiresAt?: string | undefined;
};

/** Applies an update. Returns undefined when it changes nothing. */
export type Reaction = (payment: Payment, update: ProviderUpdate, cause: Cause) => Payment | undefined;

export const isOver = ({ status }: Payment) => status !== 'PENDING' && status !== 'PROCESSING';

export const isOpen = (state: SnapshotState) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

export const isOpenAtProvider = ({ providerState }: Payment) =>
  providerState === 'OPEN' || providerState === 'AUTHORIZED';

export const isWebhook = ({ eventId }: Cause) => eventId !== undefined;

export const matchesRequest = (payment: Payment, { amount, currency, tenant, paymentId }: ProviderUpdate): boolean =>
  amount === payment.amount &&
  currency === payment.currency &&
  (tenant ?? payment.tenant) === payment.tenant &&
  (paymentId ?? payment.paymentId) === payment.paymentId;

/** Returns true when the whole capture was refunded at the provider. */
export const isFullyRefunded = ({ state, amount, refundedAmount = 0 }: ProviderUpdate) =>
  state === 'CAPTURED' && refundedAmount >= amount;

/** Provider payments that were not requested and are not refunded. Older rows hold only the last. */
export const mismatchesOf = ({ mismatches, mismatch }: Payment): readonly Mismatch[] =>
  mismatches ?? (mismatch === undefined ? [] : [mismatch]);

const without = (payment: Payment, externalPaymentId: string) =>
  mismatchesOf(payment).filter((one) => one.externalPaymentId !== externalPaymentId);

export const isMismatched = (payment: Payment, externalPaymentId: string): boolean =>
  mismatchesOf(payment).some((one) => one.externalPaymentId === externalPaymentId);

/** Records a provider payment with another amount, currency or owner. Returns undefined when it is known already. */
export const noteMismatch = (payment: Payment, update: Mismatch, cause: Cause): Payment | undefined => {
  const { externalPaymentId, amount, currency } = update;
  const isSame = (one: Mismatch) =>
    one.externalPaymentId === externalPaymentId && one.amount === amount && one.currency === currency;
  if (mismatchesOf(payment).some(isSame)) return undefined;
  const { attempts, delayed } = payment;
  const mismatch = { externalPaymentId, amount, currency };
  const changes = { attempts, delayed, mismatch, mismatches: [...without(payment, externalPaymentId), mismatch] };
  const fact = { type: 'PaymentMismatchFound', externalPaymentId, seenAmount: amount, seenCurrency: currency } as const;
  return evolve(payment, changes, fact, cause);
};

/** Removes a mismatch that was refunded. */
export const withoutMismatch = (payment: Payment, externalPaymentId: string): Payment =>
  isMismatched(payment, externalPaymentId) ? { ...payment, mismatches: without(payment, externalPaymentId) } : payment;
