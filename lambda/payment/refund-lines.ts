import { amountStep } from '../contracts/payment-methods';
import { taxOf } from '../kernel/money';
import type { PaidLine, Payment } from './payment';
import { liveRefunds, refundable } from './payment-sums';

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
export const costSomething = (payment: Payment, items: readonly Item[]): boolean =>
  costOf(payment, quantitiesOf(items)) > 0;

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
export const wrongOf = (payment: Payment, items: readonly Item[]) => {
  const left = piecesLeft(payment);
  return items.flatMap(({ productId, quantity }, index) => {
    const pieces = left.get(productId);
    return pieces !== undefined && pieces >= quantity ? [] : [{ index, left: pieces }];
  });
};
