import { amountStep } from '../contracts/payment-methods';
import { accept, type Decision, reject } from '../kernel/decision';
import { type Capture, type Cause, happened, type Payment, type Refund } from './payment';
import { leftOf, ownCapture, refundable } from './payment-sums';

import { amountOf, costSomething, type Item, linesOf, piecesLeft, wrongOf } from './refund-lines';

export type RefundRejection =
  | { readonly refusal: 'not-captured' }
  | { readonly refusal: 'too-many' }
  /** `left` is what may still be refunded, in minor units. */
  | { readonly refusal: 'more-than-left'; readonly left: number }
  /** The lines were given away: they cost nothing. */
  | { readonly refusal: 'free-lines' }
  /** Together the lines cost less than the provider gives back at once. */
  | { readonly refusal: 'too-small'; readonly step: number }
  /** The provider does not take an amount that ends so. */
  | { readonly refusal: 'wrong-step'; readonly step: number; readonly amount: number }
  | { readonly refusal: 'wrong-lines'; readonly wrong: readonly { index: number; left: number | undefined }[] };

/** What shall go back: an amount, or goods with their tax. */
export type AskedFor = ({ readonly amount: number } | { readonly items: readonly Item[] }) & {
  readonly reason: string;
  readonly returnId?: string | undefined;
};

type New = Pick<Refund, 'amount' | 'reason' | 'lines' | 'returnId' | 'notBefore'> & {
  readonly externalPaymentId?: string;
};

/** A refund that the provider is not yet asked for. Its ID follows from its place, so a try that is made again has the same. */
export const newRefund = ({ orderId, externalPaymentId = '', refunds }: Payment, given: New, at: Date): Refund => ({
  externalPaymentId,
  ...given,
  refundId: `REF-${orderId}-${refunds.length + 1}`,
  status: 'PENDING',
  createdAt: at.toISOString(),
});

const add = (payment: Payment, given: New, cause: Cause): Payment =>
  happened(
    payment,
    { refunds: [...payment.refunds, newRefund(payment, given, cause.at)] },
    { type: 'RefundRequested', note: given.reason },
    cause,
  );

/** An amount comes of what was taken twice, where enough of that is left, and else of the order's own capture. */
const requestAmount = (
  payment: Payment,
  { amount, reason, returnId }: Pick<New, 'amount' | 'reason' | 'returnId'>,
  cause: Cause,
): Decision<Payment, RefundRejection> => {
  const captures = [...payment.extraCaptures, ownCapture(payment)];
  const from = captures.find((capture) => leftOf(payment, capture) >= amount);
  const left = Math.max(0, ...captures.map((capture) => leftOf(payment, capture)));
  if (from === undefined) return reject({ refusal: 'more-than-left', left });
  const { externalPaymentId } = from;
  return accept(add(payment, { externalPaymentId, amount, reason, returnId }, cause));
};

export const mostRefunds = 100; // those of the system itself come on top: they all fit into one row

/** Decides whether somebody may have money back: never more than was captured and is not on its way back already. */
export const requestRefund = (payment: Payment, asked: AskedFor, cause: Cause): Decision<Payment, RefundRejection> => {
  if (payment.capturedAmount === 0) return reject({ refusal: 'not-captured' });
  if (payment.refunds.length >= mostRefunds) return reject({ refusal: 'too-many' });
  const left = Math.max(0, refundable(payment));
  const { reason, returnId } = asked;
  const step = amountStep(payment.provider, payment.currency);
  if ('amount' in asked && asked.amount % step !== 0)
    return reject({ refusal: 'wrong-step', step, amount: asked.amount });
  if ('amount' in asked) return requestAmount(payment, { ...asked, amount: asked.amount }, cause);
  const wrong = wrongOf(payment, asked.items);
  if (wrong.length > 0) return reject({ refusal: 'wrong-lines', wrong });
  if (left === 0) return reject({ refusal: 'more-than-left', left });
  const amount = amountOf(payment, asked.items);
  if (amount <= 0)
    return reject(costSomething(payment, asked.items) ? { refusal: 'too-small', step } : { refusal: 'free-lines' });
  return accept(add(payment, { amount, reason, returnId, lines: linesOf(payment, asked.items) }, cause));
};

/**
 * Goods are back: what they cost goes back, once for one return. Pieces that were refunded by hand before are not refunded
 * again. With the last goods of the order goes all that is left.
 */
export const refundReturn = (
  payment: Payment,
  returned: { readonly returnId: string; readonly items: readonly Item[]; readonly orderFullyReturned: boolean },
  cause: Cause,
): Payment | undefined => {
  const { returnId, orderFullyReturned } = returned;
  if (payment.refunds.some((refund) => refund.returnId === returnId)) return undefined;
  const left = piecesLeft(payment);
  const items = returned.items.map(({ productId, quantity }) => ({
    productId,
    quantity: Math.min(quantity, left.get(productId) ?? 0),
  }));
  const amount = orderFullyReturned ? refundable(payment) : amountOf(payment, items);
  if (amount <= 0) return undefined;
  const lines = linesOf(
    payment,
    items.filter(({ quantity }) => quantity > 0),
  );
  return add(payment, { amount, reason: `Return ${returnId}`, returnId, lines }, cause);
};

const triesByItself = 5; // then a person must: each try in vain is told
const restSeconds = 60;

const failedTries = ({ refunds }: Payment, { externalPaymentId }: Capture): number =>
  refunds.filter((one) => one.status === 'FAILED' && one.externalPaymentId === externalPaymentId).length;

type Rest = { readonly reason: string; readonly at: Date; readonly notBefore?: (failed: number) => string | undefined };

/** The payment's refunds with all that is left of these captures. */
const withRest = (
  payment: Payment,
  captures: readonly Capture[],
  { reason, at, notBefore }: Rest,
): readonly Refund[] => {
  const refunds = [...payment.refunds];
  for (const capture of captures) {
    const amount = leftOf(payment, capture);
    const failed = failedTries(payment, capture);
    if (amount <= 0 || failed >= triesByItself) continue;
    const given = { externalPaymentId: capture.externalPaymentId, amount, reason, notBefore: notBefore?.(failed) };
    refunds.push(newRefund({ ...payment, refunds }, given, at));
  }
  return refunds;
};

/** The order is undone: all that is left of what was captured goes back. Asked again, what failed is tried anew. */
export const refundRest = (
  payment: Payment,
  { reason, ...changes }: { readonly reason: string } & Partial<Pick<Payment, 'cancelRequested'>>,
  cause: Cause,
): Payment | undefined => {
  const refunds = withRest(payment, [ownCapture(payment), ...payment.extraCaptures], { reason, at: cause.at });
  if (refunds.length === payment.refunds.length) return undefined;
  return happened(payment, { ...changes, refunds }, { type: 'RefundRequested', note: reason }, cause);
};

/**
 * What was taken twice goes back by itself, whatever becomes of the order: nobody else asks for it. What failed is tried
 * again after a while, and after twice that.
 */
export const refundExtras = (payment: Payment, at: Date): readonly Refund[] =>
  withRest(payment, payment.extraCaptures, {
    reason: 'Paid twice',
    at,
    notBefore: (failed) =>
      failed === 0 ? undefined : new Date(at.getTime() + restSeconds * 1000 * 2 ** failed).toISOString(),
  });
