import type { Payment } from '../../lambda/payment/payment';
import type { Sighting } from '../../lambda/payment/provider';
import type { Seen } from '../../lambda/payment/seen-payment';

/** Keeps what is to be sealed as it is, so that a seed has the same history each time. */
export const fakeSeal = (payment: Payment, { checkout: given, card, ...told }: Sighting): Seen => {
  const { expiresAt, ...checkout } = given ?? {};
  const sighting = expiresAt === undefined ? told : { ...told, checkoutExpiresAt: expiresAt };
  const known = JSON.parse(payment.details ?? '{}') as object;
  const details = JSON.stringify({ ...known, ...checkout, ...card });
  return details === (payment.details ?? '{}') ? sighting : { ...sighting, details };
};
