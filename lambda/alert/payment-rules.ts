import type { PaymentAlertType, Severity } from '../contracts/alert-events';
import { toMajor } from '../contracts/money';
import {
  type Capture,
  earlier,
  later,
  type OrderPayment,
  type Patience,
  type RefundTried,
  type Seen,
} from './watched-order';

/** Something that is wrong, and from when on it is an alert. */
export type Finding = {
  readonly dueAt: string;
  readonly error: string;
  /** How many there are of what is told one by one, even when it is over by the time it is heard. */
  readonly times?: number;
};

type Rule = {
  readonly severity: Severity;
  /** What is wrong; nothing when both sides agree. */
  readonly find: (state: OrderPayment, patience: Patience) => Finding | undefined;
};

/** How long order and payment may disagree by rules A and B, in seconds. */
const graceSeconds = 30;

const capturesOf = ({ captures }: OrderPayment): Capture[] =>
  Object.values(captures).sort((one, other) => one.at.localeCompare(other.at));

const refundsOf = ({ refunds }: OrderPayment, state: RefundTried['state']): RefundTried[] =>
  Object.values(refunds).filter((refund) => refund.state === state);

const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);

/** All that was captured, heard of or not. */
const captured = (state: OrderPayment): number => Math.max(sum(capturesOf(state)), state.capturedTotal ?? 0);

/** What of the money is still with the shop. */
const kept = (state: OrderPayment): number => captured(state) - sum(refundsOf(state, 'COMPLETED'));

const totalOf = ({ order, asked }: OrderPayment): number => order?.total ?? asked?.amount ?? 0;

const money = ({ order, asked }: OrderPayment, amount: number): string => {
  const currency = order?.currency ?? asked?.currency ?? 'JPY';
  return `${toMajor(amount, currency)} ${currency}`;
};

const firstAt = (seen: readonly { readonly at: string }[]): string | undefined =>
  seen.reduce<string | undefined>((first, { at }) => earlier(first, at), undefined);

const findUnconfirmed = (state: OrderPayment): Finding | undefined => {
  const { order } = state;
  const at = firstAt(capturesOf(state));
  if (order === undefined || order.confirmedAt !== undefined || order.undoneAt !== undefined) return undefined;
  return at === undefined || kept(state) <= 0
    ? undefined
    : { dueAt: later(at, graceSeconds), error: `Paid ${money(state, kept(state))}, and the order is not confirmed` };
};

const findUnpaid = (state: OrderPayment): Finding | undefined => {
  const { order, failure } = state;
  if (order?.confirmedAt === undefined || order.undoneAt !== undefined) return undefined;
  if (!order.needsPayment || captured(state) > 0) return undefined;
  const why = failure === undefined ? 'no payment is known' : `the payment failed (${failure})`;
  return { dueAt: later(order.confirmedAt, graceSeconds), error: `Confirmed, and ${why}` };
};

/** How often the order was paid: as often as was heard, and once for each total more that refunds tell of. */
const capturesKnown = (state: OrderPayment): number => {
  const heard = capturesOf(state);
  const unheard = captured(state) - sum(heard);
  return heard.length + Math.floor(unheard / Math.max(1, totalOf(state)));
};

const findSecondCapture = (state: OrderPayment): Finding | undefined => {
  const count = capturesKnown(state);
  const dueAt = capturesOf(state)[1]?.at ?? firstAt(Object.values(state.refunds));
  if (count < 2 || dueAt === undefined) return undefined;
  const isNews = count - 1 > (state.alerts.double_payment?.told ?? 0);
  const error = `Paid ${count} times, ${money(state, captured(state))} for ${money(state, totalOf(state))}`;
  return isNews || kept(state) > totalOf(state) ? { dueAt, error, times: count - 1 } : undefined;
};

const findOtherAmount = (state: OrderPayment): Finding | undefined => {
  const { order, asked } = state;
  const currency = order?.currency ?? asked?.currency;
  const expected = order?.undoneAt === undefined ? totalOf(state) : 0;
  const captures = capturesOf(state);
  const isSettled = captures.length > 0 && kept(state) === expected;
  const isWrong = (seen: Seen) => seen.amount !== totalOf(state) || seen.currency !== currency;
  const unasked = Object.entries(state.mismatches).filter(([id]) => state.captures[id] === undefined);
  const wrong: Seen[] = [...(isSettled ? [] : captures.filter(isWrong)), ...unasked.map(([, seen]) => seen)];
  const at = firstAt(wrong);
  if (at === undefined) return undefined;
  const seen = wrong.map(({ amount, currency }) => `${toMajor(amount, currency)} ${currency}`).join(', ');
  return { dueAt: at, error: `Asked for ${money(state, totalOf(state))}, paid ${seen}` };
};

const findOverpaidBack = (state: OrderPayment): Finding | undefined => {
  const at = firstAt(refundsOf(state, 'COMPLETED'));
  if (at === undefined || kept(state) >= 0) return undefined;
  return { dueAt: later(at, graceSeconds), error: `Paid back ${money(state, -kept(state))} more than was captured` };
};

const findOrphan = (state: OrderPayment): Finding | undefined => {
  const at = firstAt(capturesOf(state));
  if (state.order !== undefined || at === undefined || kept(state) <= 0) return undefined;
  return { dueAt: later(at, graceSeconds), error: `Paid ${money(state, kept(state))} for an order that nobody knows` };
};

const findLate = (state: OrderPayment): Finding | undefined => {
  const late = capturesOf(state).filter((capture) => capture.late);
  const at = firstAt(late);
  if (at === undefined) return undefined;
  const isNews = late.length > (state.alerts.capture_without_order?.told ?? 0);
  const error = `Paid ${money(state, sum(late))} after the payment was given up`;
  return isNews || kept(state) > 0 ? { dueAt: at, error, times: late.length } : undefined;
};

const findFailedRefund = (state: OrderPayment): Finding | undefined => {
  const done = refundsOf(state, 'COMPLETED');
  const isMadeGood = ({ version, amount }: RefundTried) =>
    done.some((other) => other.version > version && other.amount >= amount);
  const failed = refundsOf(state, 'FAILED').filter((refund) => !isMadeGood(refund));
  const at = firstAt(failed);
  const isOver = captured(state) > 0 && kept(state) <= 0;
  if (at === undefined || isOver) return undefined;
  return { dueAt: at, error: `${money(state, sum(failed))} could not be paid back` };
};

const findUnrefunded = (state: OrderPayment, { refundSeconds }: Patience): Finding | undefined => {
  const undoneAt = state.order?.undoneAt;
  const isTold = findFailedRefund(state) !== undefined || findLate(state) !== undefined; // one alert for one thing
  if (undoneAt === undefined || kept(state) <= 0 || isTold) return undefined;
  const lastAt = capturesOf(state).at(-1)?.at ?? undoneAt;
  const dueAt = later(lastAt > undoneAt ? lastAt : undoneAt, refundSeconds);
  return { dueAt, error: `${money(state, kept(state))} of an order that is undone is not paid back` };
};

const findStuck = (state: OrderPayment): Finding | undefined => {
  const { order } = state;
  const isPaid = order?.status === 'PENDING' && kept(state) > 0; // then it is unconfirmed, which is told already
  if (order?.waitsUntil === undefined || isPaid) return undefined;
  return { dueAt: order.waitsUntil, error: `${order.status} since version ${order.version}, and nothing goes on` };
};

/** How an order and its payment may disagree. */
export const rules = {
  payment_without_order: { severity: 'P2', find: findUnconfirmed },
  order_without_payment: { severity: 'P2', find: findUnpaid },
  double_payment: { severity: 'P1', find: findSecondCapture },
  amount_mismatch: { severity: 'P1', find: (state) => findOtherAmount(state) ?? findOverpaidBack(state) },
  capture_without_order: { severity: 'P1', find: (state) => findOrphan(state) ?? findLate(state) },
  refund_missing: { severity: 'P2', find: findUnrefunded },
  refund_failed: { severity: 'P1', find: findFailedRefund },
  order_stuck: { severity: 'P2', find: findStuck },
} as const satisfies Record<PaymentAlertType, Rule>;
