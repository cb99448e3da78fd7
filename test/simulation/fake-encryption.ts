import type { Payment } from '../../lambda/payment/domain/payment';
import type { ProviderUpdate } from '../../lambda/payment/domain/provider-update';
import type { ProviderSnapshot } from '../../lambda/payment/providers/provider';

/** Keeps what is to be sealed as it is, so that a seed has the same history each time. */
export const fakeEncrypt = (payment: Payment, { checkout: given, card, ...told }: ProviderSnapshot): ProviderUpdate => {
  const { expiresAt, ...checkout } = given ?? {};
  const snapshot = expiresAt === undefined ? told : { ...told, checkoutExpiresAt: expiresAt };
  const known = JSON.parse(payment.details ?? '{}') as object;
  const details = JSON.stringify({ ...known, ...checkout, ...card });
  return details === (payment.details ?? '{}') ? snapshot : { ...snapshot, details };
};
