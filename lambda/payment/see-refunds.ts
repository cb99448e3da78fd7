import { type Cause, happened, type Payment } from './payment';
import { captureOf } from './payment-sums';
import type { RefundSighting } from './provider';
import { knownRefunded, refundsOutdated } from './refund-elsewhere';
import { seeRefund } from './see-refund';

/** What a provider says of the refunds of one capture: the list where it gives one, or how much has gone back. */
export type SeenRefunds = {
  readonly externalPaymentId: string;
  readonly refundedAmount?: number | undefined;
  readonly refunds?: readonly RefundSighting[] | undefined;
};

const without = ({ refundsOutdated }: Payment, ids: readonly string[]) =>
  refundsOutdated.filter((one) => !ids.includes(one));

/** The provider was asked for the refunds of a capture: what it told is known. */
export const refundsRead = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined => {
  const left = without(payment, [externalPaymentId]);
  if (left.length === payment.refundsOutdated.length) return undefined;
  return happened(payment, { refundsOutdated: left }, { type: 'RefundsRead', note: externalPaymentId }, cause);
};

/** Each version of a payment tells of one refund: with the first that is news, the rest are still to be read. */
const seeList = (payment: Payment, externalPaymentId: string, list: readonly RefundSighting[], cause: Cause) => {
  const told = list.map((refund) => ({ ...refund, externalPaymentId }));
  const news = told.filter((refund) => seeRefund(payment, refund, cause) !== undefined);
  const [first] = news;
  if (first === undefined) return undefined;
  const outdated = without(payment, [externalPaymentId]);
  const rest = news.length > 1 ? [...outdated, externalPaymentId] : outdated;
  return seeRefund({ ...payment, refundsOutdated: rest }, first, cause);
};

/**
 * What the provider's word makes of the refunds of a capture. A sum that is larger than what is known makes it ask for the
 * list. Returns undefined when nothing is new, or the capture is not known.
 */
export const seeRefunds = (payment: Payment, seen: SeenRefunds, cause: Cause): Payment | undefined => {
  const capture = captureOf(payment, seen.externalPaymentId);
  if (capture === undefined) return undefined;
  const { externalPaymentId } = capture;
  const { refunds = [], refundedAmount = 0 } = seen;
  const next = seeList(payment, externalPaymentId, refunds, cause);
  if (next !== undefined) return next;
  const isMore = seen.refunds === undefined && refundedAmount > knownRefunded(payment, externalPaymentId);
  return isMore ? refundsOutdated(payment, externalPaymentId, cause) : undefined;
};

/**
 * What a charge tells of its refunds. Those of a capture that is not heard of yet are read from the provider once it is.
 * Returns undefined when nothing is new.
 */
export const seeChargeRefunds = (payment: Payment, seen: SeenRefunds, cause: Cause): Payment | undefined => {
  const { externalPaymentId, refundedAmount = 0 } = seen;
  const isUnheard = captureOf(payment, externalPaymentId) === undefined && refundedAmount > 0;
  return isUnheard ? refundsOutdated(payment, externalPaymentId, cause) : seeRefunds(payment, seen, cause);
};
