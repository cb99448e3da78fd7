import { amountStep } from '../../contracts/payment-methods';
import { accept, type Decision, reject } from '../../kernel/decision';
import { taxOf } from '../../kernel/money';
import { type Capture, type Cause, evolve, type PaidLine, type Payment, type Refund } from '../domain/payment';
import { leftOf, liveRefunds, ownCapture, refundable } from '../domain/payment-sums';

/** Pieces of one product that shall go back. */
export type Item = { readonly productId: string; readonly quantity: number };

type Quantities = ReadonlyMap<string, number>;

const quantitiesOf = (items: readonly Item[]): Quantities => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return quantities;
};

const refundedLines = (payment: Payment): readonly PaidLine[] =>
  liveRefunds(payment).flatMap(({ lines = [] }) => lines);

/** What these pieces of the order cost, with tax: rounded as the order was, once per tax rate. */
const costOf = ({ lines }: Payment, pieces: Quantities): number => {
  const paid = lines.map((line) => ({ ...line, lineTotal: line.unitPrice * (pieces.get(line.productId) ?? 0) }));
  return paid.reduce((sum, { lineTotal }) => sum + lineTotal, 0) + taxOf(paid);
};

const toStep = (amount: number, step: number): number => amount - (amount % step);

/**
 * What goes back for these pieces. Counted from all that has gone back by line, so that the parts add up to the whole however
 * they are rounded: up to what the provider takes, and with the last pieces all that is left.
 */
export const amountOf = (payment: Payment, items: readonly Item[]): number => {
  const before = quantitiesOf(refundedLines(payment));
  const after = quantitiesOf([...refundedLines(payment), ...items]);
  const left = refundable(payment);
  const isAll = payment.lines.every(({ productId, quantity }) => (after.get(productId) ?? 0) >= quantity);
  const step = amountStep(payment.provider, payment.currency);
  const takenOf = (pieces: Quantities) => toStep(costOf(payment, pieces), step);
  return isAll ? left : Math.min(left, takenOf(after) - takenOf(before));
};

/** Whether these pieces cost something, if less than the provider gives back at once. */
export const hasCost = (payment: Payment, items: readonly Item[]): boolean => costOf(payment, quantitiesOf(items)) > 0;

/** The order's lines that these pieces are of. */
export const linesOf = (payment: Payment, items: readonly Item[]): readonly PaidLine[] => {
  const quantities = quantitiesOf(items);
  return payment.lines.flatMap((line) => {
    const quantity = quantities.get(line.productId);
    return quantity === undefined ? [] : [{ ...line, quantity }];
  });
};

/** How many of each product of the order have not been refunded by line. */
export const piecesLeft = (payment: Payment): Quantities => {
  const refunded = quantitiesOf(refundedLines(payment));
  return new Map(
    payment.lines.map(({ productId, quantity }) => [productId, Math.max(0, quantity - (refunded.get(productId) ?? 0))]),
  );
};

/** The items that are no part of the order, or more than is left of it. */
export const invalidItems = (payment: Payment, items: readonly Item[]) => {
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
  /** The lines were given away: they cost nothing. */
  | { readonly refusal: 'free-lines' }
  /** Together the lines cost less than the provider gives back at once. */
  | { readonly refusal: 'too-small'; readonly step: number }
  /** The provider does not take an amount that ends so. */
  | { readonly refusal: 'wrong-step'; readonly step: number; readonly amount: number }
  | { readonly refusal: 'wrong-lines'; readonly wrong: readonly { index: number; left: number | undefined }[] };

/** What shall go back: an amount, or goods with their tax. */
export type RefundTerms = ({ readonly amount: number } | { readonly items: readonly Item[] }) & {
  readonly reason: string;
  readonly returnId?: string | undefined;
};

type New = Pick<Refund, 'amount' | 'reason' | 'lines' | 'returnId' | 'notBefore' | 'replaces'> & {
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
  evolve(
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
export const requestRefund = (
  payment: Payment,
  terms: RefundTerms,
  cause: Cause,
): Decision<Payment, RefundRejection> => {
  if (payment.capturedAmount === 0) return reject({ refusal: 'not-captured' });
  if (payment.refunds.length >= mostRefunds) return reject({ refusal: 'too-many' });
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

/** The return is noted: completed again, it asks for nothing that has become free since. */
const noteSettledReturn = (payment: Payment, returnId: string, cause: Cause): Payment =>
  evolve(
    payment,
    { settledReturns: [...(payment.settledReturns ?? []), returnId] },
    { type: 'RefundRequested', note: `Return ${returnId}: its money went back before` },
    cause,
  );

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

const automaticTries = 5; // of ours: then a person must: each try in vain is told
const retryDelaySeconds = 60;

const failedOf = ({ refunds }: Payment, { externalPaymentId }: Capture): readonly Refund[] =>
  refunds.filter((one) => one.status === 'FAILED' && one.externalPaymentId === externalPaymentId);

/** The failed refunds of a capture that no other one has been made for. */
const unreplaced = (payment: Payment, capture: Capture): readonly string[] => {
  const replaced = payment.refunds.flatMap(({ replaces = [] }) => replaces);
  return failedOf(payment, capture)
    .map(({ refundId }) => refundId)
    .filter((refundId) => !replaced.includes(refundId));
};

type Rest = {
  readonly reason: string;
  readonly at: Date /** Nobody has asked for all of it before. @default false */;
  readonly isFirst?: boolean;
};

/** What failed is tried again after a while, and after twice that. */
const notBefore = (failed: number, at: Date): string | undefined =>
  failed === 0 ? undefined : new Date(at.getTime() + retryDelaySeconds * 1000 * 2 ** failed).toISOString();

/** The payment's refunds with all that is left of these captures. */
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

/** Why nobody may keep anything of what was captured. */
export type Undone = Pick<Payment, 'cancelRequested'> | Required<Pick<Payment, 'orderReturned'>>;

const cancelReason = 'The order is cancelled';
const returnReason = 'The order is returned';

/** Whether all that was captured is owed back: nobody may keep any of it. */
const isUndone = ({ cancelRequested, orderReturned = false }: Payment): boolean => cancelRequested || orderReturned;

/** The order is undone: all that is left of what was captured goes back, now and whenever a refund of it fails. */
export const refundRest = (payment: Payment, undone: Undone, cause: Cause): Payment | undefined => {
  const reason = 'orderReturned' in undone ? returnReason : cancelReason;
  const isFirst = !isUndone(payment);
  const captures = [ownCapture(payment), ...payment.extraCaptures];
  const refunds = withRefundOfRest(payment, captures, { reason, at: cause.at, isFirst });
  if (refunds.length === payment.refunds.length && !isFirst) return undefined;
  return evolve(payment, { ...undone, refunds }, { type: 'RefundRequested', note: reason }, cause);
};

/**
 * What nobody may keep is asked back again by itself, however often anybody asks: all of an order that is undone, and
 * what was taken twice. Five tries, with growing pauses.
 */
export const retryRefunds = (payment: Payment, at: Date): readonly Refund[] => {
  const extras = withRefundOfRest(payment, payment.extraCaptures, { reason: 'Paid twice', at });
  if (!isUndone(payment)) return extras;
  const reason = payment.orderReturned ? returnReason : cancelReason;
  return withRefundOfRest({ ...payment, refunds: extras }, [ownCapture(payment)], { reason, at });
};
