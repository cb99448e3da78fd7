import type { PaymentAlertType, Severity } from '../../contracts/events/alert-events';
import { toMajor } from '../../contracts/values/money';
import { findDisputed, findRefundedElsewhere, isDisputed } from './elsewhere-rules';
import { type AmountAt, later, type OrderAlert, type OrderPayment, type Owner, type Timeouts } from './payment-state';
import {
  captured,
  capturesOf,
  firstExcessRefund,
  lateCaptures,
  owedForFailedRefunds,
  refundsOf,
  sum,
  totalOf,
  type UnrefundedCapture,
  unrefunded,
  unrefundedCaptures,
  unrefundedInTime,
  unrefundedLate,
} from './totals';
import { firstAt, type Violation } from './violation';

type Rule = {
  readonly severity: Severity;
  /** The service that is queried whether a raised alert is over, in case an event is lost. */
  readonly resolvedBy: Owner;
  /** Returns the violation, or undefined when order and payment agree. */
  readonly find: (state: OrderPayment, timeouts: Timeouts) => Violation | undefined;
};

/** How long a payment may lack its order, or a confirmed order its payment, in seconds. */
const graceSeconds = 30;

const money = ({ order, asked }: OrderPayment, amount: number): string => {
  const currency = order?.currency ?? asked?.currency ?? 'JPY';
  return `${toMajor(amount, currency)} ${currency}`;
};

const captureFact = (id: string): string => `capture ${id}`;

type CaptureEvidence = { readonly at: string | undefined; readonly facts: readonly string[] };

/**
 * The captures that an alert is about, and since when: the unrefunded ones, preferably those that no closed alert of
 * this type covers. Falls back to all known captures when the refunds name others.
 */
const captureEvidence = (
  state: OrderPayment,
  type: PaymentAlertType,
  unrefunded: readonly UnrefundedCapture[],
): CaptureEvidence => {
  const known = state.alerts[type]?.closed?.facts ?? [];
  const uncovered = unrefunded.filter(([id]) => !known.includes(captureFact(id)));
  const captures =
    [uncovered, unrefunded].find(({ length }) => length > 0)?.map(([, capture]) => capture) ?? capturesOf(state);
  const ids = unrefunded.length > 0 ? unrefunded.map(([id]) => id) : Object.keys(state.captures);
  return { at: firstAt(captures), facts: ids.map(captureFact) };
};

const findUnconfirmed = (state: OrderPayment): Violation | undefined => {
  const { order } = state;
  const { at, facts } = captureEvidence(state, 'payment_without_order', unrefundedCaptures(state));
  if (order === undefined || order.confirmedAt !== undefined || order.undoneAt !== undefined) return undefined;
  if (at === undefined || unrefunded(state) <= 0) return undefined;
  const error = `Paid ${money(state, unrefunded(state))}, and the order is not confirmed`;
  return { dueAt: later(at, graceSeconds), error, facts, confirmWith: 'order' };
};

const findUnpaid = (state: OrderPayment): Violation | undefined => {
  const { order, failure } = state;
  if (order?.confirmedAt === undefined || order.undoneAt !== undefined) return undefined;
  if (!order.needsPayment || captured(state) > 0) return undefined;
  const why = failure === undefined ? 'no payment is known' : `the payment failed (${failure})`;
  const dueAt = later(order.confirmedAt, graceSeconds);
  return { dueAt, error: `Confirmed, and ${why}`, facts: ['confirmed'], confirmWith: 'payment' };
};

/** How often the order was paid: the known captures, and one for each further order total that the refunds imply. */
const capturesKnown = (state: OrderPayment): number => {
  const known = capturesOf(state);
  const unknown = captured(state) - sum(known);
  return known.length + Math.floor(unknown / Math.max(1, totalOf(state)));
};

const findSecondCapture = (state: OrderPayment): Violation | undefined => {
  const count = capturesKnown(state);
  const dueAt = capturesOf(state)[1]?.at ?? firstAt(Object.values(state.refunds));
  if (count < 2 || dueAt === undefined) return undefined;
  const isNew = count - 1 > (state.alerts.double_payment?.told ?? 0);
  const error = `Paid ${count} times, ${money(state, captured(state))} for ${money(state, totalOf(state))}`;
  const facts = Array.from({ length: count - 1 }, (_, index) => `capture ${index + 2}`);
  return isNew || unrefunded(state) > totalOf(state) ? { dueAt, error, facts, times: count - 1 } : undefined;
};

/**
 * The captures and open mismatches whose amount differs from the requested one. Empty for captures that are settled.
 */
const wrongAmounts = (state: OrderPayment): [string, AmountAt][] => {
  const { order, asked, captures, mismatches } = state;
  const currency = order?.currency ?? asked?.currency;
  const expected = order?.undoneAt === undefined ? totalOf(state) : 0;
  const all = Object.entries(captures);
  const isSettled = all.length > 0 && unrefunded(state) === expected;
  const wrong = all.filter(([, capture]) => capture.amount !== totalOf(state) || capture.currency !== currency);
  const unasked = Object.entries(mismatches).filter(
    ([id, { settledIn }]) => captures[id] === undefined && settledIn === undefined,
  );
  return [...(isSettled ? [] : wrong), ...unasked];
};

const findOtherAmount = (state: OrderPayment): Violation | undefined => {
  const wrong = wrongAmounts(state);
  const at = firstAt(wrong.map(([, amountAt]) => amountAt));
  if (at === undefined) return undefined;
  const paid = wrong.map(([, { amount, currency }]) => `${toMajor(amount, currency)} ${currency}`).join(', ');
  const facts = wrong.map(([id, { amount, currency }]) => `${id} ${amount} ${currency}`);
  return { dueAt: at, error: `Requested ${money(state, totalOf(state))}, paid ${paid}`, facts };
};

const findExcessRefund = (state: OrderPayment): Violation | undefined => {
  const at = firstExcessRefund(state)?.at ?? firstAt(refundsOf(state, 'COMPLETED'));
  if (at === undefined || unrefunded(state) >= 0) return undefined;
  const error = `Refunded ${money(state, -unrefunded(state))} more than was captured`;
  return { dueAt: later(at, graceSeconds), error, facts: Object.keys(state.refunds).map((id) => `refund ${id}`) };
};

const findOrphan = (state: OrderPayment): Violation | undefined => {
  const { at, facts } = captureEvidence(state, 'capture_without_order', unrefundedCaptures(state));
  if (state.order !== undefined || at === undefined || unrefunded(state) <= 0) return undefined;
  const error = `Paid ${money(state, unrefunded(state))} for an unknown order`;
  return { dueAt: later(at, graceSeconds), error, facts, confirmWith: 'order' };
};

const findLate = (state: OrderPayment): Violation | undefined => {
  const late = lateCaptures(state);
  const captures = late.map(([, capture]) => capture);
  const at = firstAt(captures);
  if (at === undefined) return undefined;
  const isNew = late.length > (state.alerts.capture_without_order?.told ?? 0);
  const error = `Paid ${money(state, sum(captures))} after the payment was given up`;
  const facts = late.map(([id]) => captureFact(id));
  return isNew || (unrefunded(state) > 0 && unrefundedLate(state) > 0)
    ? { dueAt: at, error, facts, times: late.length }
    : undefined;
};

const findFailedRefund = (state: OrderPayment): Violation | undefined => {
  const { amount, refundIds, roots } = owedForFailedRefunds(state);
  const failed = refundIds.flatMap((refundId) => state.refunds[refundId] ?? []);
  const at = firstAt(failed);
  if (at === undefined || amount <= 0) return undefined;
  const facts = roots.map((refundId) => `refund ${refundId}`);
  return { dueAt: at, error: `${money(state, amount)} could not be refunded`, facts };
};

/** The unrefunded money that no other alert reports, as a failed refund or a late capture. */
const unreportedMoney = (state: OrderPayment): number =>
  unrefunded(state) - owedForFailedRefunds(state).amount - unrefundedLate(state);

const findUnrefunded = (state: OrderPayment, { refundSeconds }: Timeouts): Violation | undefined => {
  const undoneAt = state.order?.undoneAt;
  const amount = unreportedMoney(state);
  if (undoneAt === undefined || amount <= 0 || isDisputed(state)) return undefined;
  const { at = undoneAt, facts } = captureEvidence(state, 'refund_missing', unrefundedInTime(state));
  const dueAt = later(at > undoneAt ? at : undoneAt, refundSeconds);
  const error = `${money(state, amount)} of a cancelled or returned order is not refunded`;
  return { dueAt, error, facts, confirmWith: 'payment' };
};

const findStuck = (state: OrderPayment): Violation | undefined => {
  const { order } = state;
  const isPaid = order?.status === 'PENDING' && unrefunded(state) > 0; // payment_without_order reports it
  if (order?.waitsUntil === undefined || isPaid) return undefined;
  const error = `${order.status} since version ${order.version}, with no progress`;
  return { dueAt: order.waitsUntil, error, facts: [`version ${order.version}`], confirmWith: 'order' };
};

/** Whether a person has closed the alert with every fact of this violation. */
export const isClosed = (alert: OrderAlert | undefined, { facts }: Violation): boolean => {
  const known = alert?.state === 'RESOLVED' ? alert.closed?.facts : undefined;
  return known !== undefined && facts.every((fact) => known.includes(fact));
};

/** The rules by which an order and its payment are compared. */
export const rules: Readonly<Record<PaymentAlertType, Rule>> = {
  payment_without_order: { severity: 'P2', resolvedBy: 'order', find: findUnconfirmed },
  order_without_payment: { severity: 'P2', resolvedBy: 'payment', find: findUnpaid },
  double_payment: { severity: 'P1', resolvedBy: 'payment', find: findSecondCapture },
  amount_mismatch: {
    severity: 'P1',
    resolvedBy: 'payment',
    find: (state) => findOtherAmount(state) ?? findExcessRefund(state),
  },
  capture_without_order: {
    severity: 'P1',
    resolvedBy: 'payment',
    find: (state) => findLate(state) ?? findOrphan(state),
  },
  refund_missing: { severity: 'P2', resolvedBy: 'payment', find: findUnrefunded },
  refund_failed: { severity: 'P1', resolvedBy: 'payment', find: findFailedRefund },
  order_stuck: { severity: 'P2', resolvedBy: 'order', find: findStuck },
  refunded_elsewhere: {
    severity: 'P1',
    resolvedBy: 'order',
    find: findRefundedElsewhere,
  },
  payment_disputed: { severity: 'P1', resolvedBy: 'payment', find: findDisputed },
};
