import { taxOf } from '../../contracts/values/money';
import { amountStep } from '../../contracts/values/payment-methods';
import { accept, type Decision, reject } from '../../kernel/decision';
import { evolve } from '../domain/evolve-payment';
import type { Capture, Cause, PaidLine, Payment, Refund } from '../domain/payment';
import { leftOf, liveRefunds, ownCapture, refundable } from '../domain/payment-sums';

/** A quantity of one product to refund. */
export type Item = { readonly productId: string; readonly quantity: number };

type Quantities = ReadonlyMap<string, number>;

const quantitiesOf = (items: readonly Item[]): Quantities => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return quantities;
};

const refundedLines = (payment: Payment): readonly PaidLine[] =>
  liveRefunds(payment).flatMap(({ lines = [] }) => lines);

/** Returns what these pieces cost with tax, rounded once per tax rate as the order was. */
const costOf = ({ lines }: Payment, pieces: Quantities): number => {
  const paid = lines.map((line) => ({ ...line, lineTotal: line.unitPrice * (pieces.get(line.productId) ?? 0) }));
  return paid.reduce((sum, { lineTotal }) => sum + lineTotal, 0) + taxOf(paid);
};

const toStep = (amount: number, step: number): number => amount - (amount % step);

/**
 * Returns the refund for these pieces. It is computed from the running total, so that parts add up to the whole despite
 * rounding to the provider's step. The last pieces get all that is left.
 */
const amountOf = (payment: Payment, items: readonly Item[]): number => {
  const before = quantitiesOf(refundedLines(payment));
  const after = quantitiesOf([...refundedLines(payment), ...items]);
  const left = refundable(payment);
  const isAll = payment.lines.every(({ productId, quantity }) => (after.get(productId) ?? 0) >= quantity);
  const step = amountStep(payment.provider, payment.currency);
  const takenOf = (pieces: Quantities) => toStep(costOf(payment, pieces), step);
  return isAll ? left : Math.min(left, takenOf(after) - takenOf(before));
};

/** Returns true when these pieces have a price, even one below the provider's smallest refund. */
const hasCost = (payment: Payment, items: readonly Item[]): boolean => costOf(payment, quantitiesOf(items)) > 0;

/** Returns the order's lines with these quantities. */
const linesOf = (payment: Payment, items: readonly Item[]): readonly PaidLine[] => {
  const quantities = quantitiesOf(items);
  return payment.lines.flatMap((line) => {
    const quantity = quantities.get(line.productId);
    return quantity === undefined ? [] : [{ ...line, quantity }];
  });
};

/** Returns how many of each product are not refunded by line yet. */
const piecesLeft = (payment: Payment): Quantities => {
  const refunded = quantitiesOf(refundedLines(payment));
  return new Map(
    payment.lines.map(({ productId, quantity }) => [productId, Math.max(0, quantity - (refunded.get(productId) ?? 0))]),
  );
};

/** Returns the items that are not part of the order or exceed what is left. */
const invalidItems = (payment: Payment, items: readonly Item[]) => {
  const left = piecesLeft(payment);
  return items.flatMap(({ productId, quantity }, index) => {
    const pieces = left.get(productId);
    return pieces !== undefined && pieces >= quantity ? [] : [{ index, left: pieces }];
  });
};

export type RefundRejection =
  | { readonly refusal: 'not-captured' }
  | { readonly refusal: 'too-many' }
  /** `left` is what may still be refunded, in minor units. */
  | { readonly refusal: 'more-than-left'; readonly left: number }
  /** The lines cost nothing. */
  | { readonly refusal: 'free-lines' }
  /** The lines cost less than the provider's smallest refund. */
  | { readonly refusal: 'too-small'; readonly step: number }
  /** The amount is not a multiple of the provider's step. */
  | { readonly refusal: 'wrong-step'; readonly step: number; readonly amount: number }
  | { readonly refusal: 'wrong-lines'; readonly wrong: readonly { index: number; left: number | undefined }[] };

/** What to refund: an amount, or goods with their tax. */
export type RefundTerms = ({ readonly amount: number } | { readonly items: readonly Item[] }) & {
  readonly reason: string;
  readonly returnId?: string | undefined;
};

type New = Pick<Refund, 'amount' | 'reason' | 'lines' | 'returnId' | 'notBefore' | 'replaces'> & {
  readonly externalPaymentId?: string;
};

/** Creates a refund that is not sent yet. Its ID follows from its position, so a repeated decision has the same ID. */
export const newRefund = ({ orderId, externalPaymentId = '', refunds }: Payment, given: New, at: Date): Refund => ({
  externalPaymentId,
  ...given,
  refundId: `REF-${orderId}-${refunds.length + 1}`,
  status: 'PENDING',
  createdAt: at.toISOString(),
});

const add = (payment: Payment, given: New, cause: Cause): Payment =>
  evolve(
    payment,
    { refunds: [...payment.refunds, newRefund(payment, given, cause.at)] },
    { type: 'RefundRequested', note: given.reason },
    cause,
  );

/** Takes an amount from a duplicate capture with enough left, otherwise from the order's own. */
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

export const maxRefunds = 100; // automatic refunds come on top: all fit into one row

/** Decides a refund: at most what was captured and is neither refunded nor being refunded. */
export const requestRefund = (
  payment: Payment,
  terms: RefundTerms,
  cause: Cause,
): Decision<Payment, RefundRejection> => {
  if (payment.capturedAmount === 0) return reject({ refusal: 'not-captured' });
  if (payment.refunds.length >= maxRefunds) return reject({ refusal: 'too-many' });
  const left = Math.max(0, refundable(payment));
  const { reason, returnId } = terms;
  const step = amountStep(payment.provider, payment.currency);
  if ('amount' in terms && terms.amount % step !== 0)
    return reject({ refusal: 'wrong-step', step, amount: terms.amount });
  if ('amount' in terms) return requestAmount(payment, { ...terms, amount: terms.amount }, cause);
  const wrong = invalidItems(payment, terms.items);
  if (wrong.length > 0) return reject({ refusal: 'wrong-lines', wrong });
  if (left === 0) return reject({ refusal: 'more-than-left', left });
  const amount = amountOf(payment, terms.items);
  if (amount <= 0)
    return reject(hasCost(payment, terms.items) ? { refusal: 'too-small', step } : { refusal: 'free-lines' });
  return accept(add(payment, { amount, reason, returnId, lines: linesOf(payment, terms.items) }, cause));
};

/** Records a return that needs no refund. Its event may come again later, when more could be refunded, and must not. */
const noteSettledReturn = (payment: Payment, returnId: string, cause: Cause): Payment =>
  evolve(
    payment,
    { settledReturns: [...(payment.settledReturns ?? []), returnId] },
    { type: 'RefundRequested', note: `Return ${returnId}: its money went back before` },
    cause,
  );

/**
 * Refunds returned goods, once per return. Pieces refunded by hand before are not refunded again. The last goods of the
 * order get all that is left.
 */
export const refundReturn = (
  payment: Payment,
  returned: { readonly returnId: string; readonly items: readonly Item[]; readonly orderFullyReturned: boolean },
  cause: Cause,
): Payment | undefined => {
  const { returnId, orderFullyReturned } = returned;
  const { settledReturns = [] } = payment;
  const isKnown = payment.refunds.some((refund) => refund.returnId === returnId) || settledReturns.includes(returnId);
  if (isKnown || payment.capturedAmount === 0) return undefined;
  const left = piecesLeft(payment);
  const items = returned.items.map(({ productId, quantity }) => ({
    productId,
    quantity: Math.min(quantity, left.get(productId) ?? 0),
  }));
  const amount = orderFullyReturned ? refundable(payment) : amountOf(payment, items);
  if (amount <= 0) return noteSettledReturn(payment, returnId, cause);
  const lines = linesOf(
    payment,
    items.filter(({ quantity }) => quantity > 0),
  );
  return add(payment, { amount, reason: `Return ${returnId}`, returnId, lines }, cause);
};

const automaticTries = 5; // then a person must decide: every failure is published
const retryDelaySeconds = 60;

const failedOf = ({ refunds }: Payment, { externalPaymentId }: Capture): readonly Refund[] =>
  refunds.filter((one) => one.status === 'FAILED' && one.externalPaymentId === externalPaymentId);

/** The failed refunds of a capture that no other refund replaces. */
const unreplaced = (payment: Payment, capture: Capture): readonly string[] => {
  const replaced = payment.refunds.flatMap(({ replaces = [] }) => replaces);
  return failedOf(payment, capture)
    .map(({ refundId }) => refundId)
    .filter((refundId) => !replaced.includes(refundId));
};

type Rest = {
  readonly reason: string;
  readonly at: Date;
  /** The rest was not requested before. @default false */
  readonly isFirst?: boolean;
};

/** The first retry waits two minutes, each later one twice as long. A first try waits for nothing. */
const notBefore = (failed: number, at: Date): string | undefined =>
  failed === 0 ? undefined : new Date(at.getTime() + retryDelaySeconds * 1000 * 2 ** failed).toISOString();

/** Returns the payment's refunds with one more for what is left of each capture. */
const withRefundOfRest = (
  payment: Payment,
  captures: readonly Capture[],
  { reason, at, isFirst = false }: Rest,
): readonly Refund[] => {
  const refunds = [...payment.refunds];
  for (const capture of captures) {
    const amount = leftOf(payment, capture);
    const failed = failedOf(payment, capture).filter(({ madeElsewhere }) => madeElsewhere === undefined).length;
    if (amount <= 0 || failed >= automaticTries) continue;
    const replaces = unreplaced(payment, capture);
    const given = {
      ...{
        externalPaymentId: capture.externalPaymentId,
        amount,
        reason,
        notBefore: isFirst ? undefined : notBefore(failed, at),
      },
      ...(replaces.length === 0 ? {} : { replaces }),
    };
    refunds.push(newRefund({ ...payment, refunds }, given, at));
  }
  return refunds;
};

/** Why all captures must be refunded. */
export type RequiredRefund = Pick<Payment, 'cancelRequested'> | Required<Pick<Payment, 'orderReturned'>>;

const cancelReason = 'The order is cancelled';
const returnReason = 'The order is returned';

/** Returns true when all captures must be refunded. */
const isRefundRequired = ({ cancelRequested, orderReturned = false }: Payment): boolean =>
  cancelRequested || orderReturned;

/** Refunds all that is left of the captures, and marks the payment so that failed refunds are retried. */
export const refundRemaining = (payment: Payment, required: RequiredRefund, cause: Cause): Payment | undefined => {
  const reason = 'orderReturned' in required ? returnReason : cancelReason;
  const isFirst = !isRefundRequired(payment);
  const captures = [ownCapture(payment), ...payment.extraCaptures];
  const refunds = withRefundOfRest(payment, captures, { reason, at: cause.at, isFirst });
  if (refunds.length === payment.refunds.length && !isFirst) return undefined;
  return evolve(payment, { ...required, refunds }, { type: 'RefundRequested', note: reason }, cause);
};

/**
 * Retries required refunds: all captures of a cancelled or returned order, and duplicate captures. At most five tries
 * with growing pauses.
 */
export const retryRefunds = (payment: Payment, at: Date): readonly Refund[] => {
  const extras = withRefundOfRest(payment, payment.extraCaptures, { reason: 'Paid twice', at });
  if (!isRefundRequired(payment)) return extras;
  const reason = payment.orderReturned ? returnReason : cancelReason;
  return withRefundOfRest({ ...payment, refunds: extras }, [ownCapture(payment)], { reason, at });
};
