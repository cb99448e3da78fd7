import type { PaymentAlertType, Severity } from '../../contracts/alert-events';
import { toMajor } from '../../contracts/money';
import {
  captured,
  capturesOf,
  type KeptCapture,
  kept,
  keptCaptures,
  keptInTime,
  leftOfTooLate,
  overpaidBy,
  owedOfFailed,
  paidTooLate,
  refundsOf,
  sum,
  totalOf,
} from './money';
import {
  type DisputeSeen,
  earlier,
  later,
  type OrderAlert,
  type OrderPayment,
  type Owner,
  type RefundTried,
  type Seen,
  type Timeouts,
} from './payment-state';

const moneyText = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  `${toMajor(amount, currency)} ${currency}`;

const firstAt = (seen: readonly { readonly at: string }[]): string | undefined =>
  seen.reduce<string | undefined>((first, { at }) => earlier(first, at), undefined);

/** Refunds that somebody made at the provider. What a dispute took is told by the dispute. */
const elsewhereOf = ({ refunds }: OrderPayment): (readonly [string, RefundTried])[] =>
  Object.entries(refunds).filter(
    ([, one]) => one.madeElsewhere && one.disputeId === undefined && one.state === 'COMPLETED',
  );

/** Told once for each; over when the order is undone and nothing of its money is kept, or when a person says so. */
export const findRefundedElsewhere = (state: OrderPayment, kept: number): Violation | undefined => {
  const found = elsewhereOf(state);
  const refunds = found.map(([, refund]) => refund);
  const dueAt = firstAt(refunds);
  if (dueAt === undefined) return undefined;
  const isNews = refunds.length > (state.alerts.refunded_elsewhere?.told ?? 0);
  const isOver = state.order?.undoneAt !== undefined && kept <= 0;
  const error = `Refunded at the provider, not by us: ${refunds.map(moneyText).join(', ')}. Check that this was meant`;
  const facts = found.map(([refundId]) => `refund ${refundId}`);
  return isNews || !isOver ? { dueAt, error, facts, times: refunds.length } : undefined;
};

const isOpen = ({ status }: DisputeSeen) => status === 'NEEDS_RESPONSE' || status === 'UNDER_REVIEW';

const disputesOf = ({ disputes }: OrderPayment) => Object.values(disputes);

/**
 * Whether the bank decides about some of the money: until then the provider gives nothing of it back. An inquiry takes
 * nothing, and holds nothing back.
 */
export const isDisputed = (state: OrderPayment): boolean =>
  disputesOf(state).some((dispute) => isOpen(dispute) && dispute.inquiry !== true);

const openError = (dispute: DisputeSeen): string => {
  const { reason, status, evidenceDueBy } = dispute;
  const what = `${moneyText(dispute)} disputed (${reason})`;
  if (status === 'UNDER_REVIEW') return `${what}: the bank decides`;
  return evidenceDueBy === undefined
    ? `${what}: look at it at the provider`
    : `${what}: answer at the provider by ${evidenceDueBy}`;
};

const lostError = (dispute: DisputeSeen, { order }: OrderPayment): string =>
  `Dispute lost (${dispute.reason}): ${moneyText(dispute)} are gone, and the order is ${order?.status ?? 'unknown'}`;

const errorOf = (dispute: DisputeSeen, state: OrderPayment): string => {
  if (isOpen(dispute)) return openError(dispute);
  return dispute.status === 'LOST'
    ? lostError(dispute, state)
    : `${moneyText(dispute)} disputed (${dispute.reason}): ${dispute.status.toLowerCase()}, nothing is gone`;
};

/** Those that no alert has told of. Of an alert from before facts were kept, all count as told. */
const untold = ({ disputes, alerts }: OrderPayment): DisputeSeen[] => {
  const told = alerts.payment_disputed;
  if (told !== undefined && told.facts === undefined) return [];
  const isTold = (id: string) => told?.facts?.some((fact) => fact.startsWith(`dispute ${id} `)) ?? false;
  return Object.entries(disputes).flatMap(([id, dispute]) => (isTold(id) ? [] : [dispute]));
};

/**
 * Open disputes, and lost ones of an order that goes on: stop it, or write the money off. Each is told at least once, even
 * when it is over by the time it is heard.
 */
export const findDisputed = (state: OrderPayment): Violation | undefined => {
  const all = disputesOf(state);
  const isLost = ({ status }: DisputeSeen) => status === 'LOST';
  const standing = all.filter((one) => isOpen(one) || (isLost(one) && state.order?.undoneAt === undefined));
  const found = standing.length > 0 ? standing : untold(state);
  const dueAt = firstAt(found);
  if (dueAt === undefined) return undefined;
  const sorted = [...found.filter(isOpen), ...found.filter((one) => !isOpen(one))];
  const error = sorted.map((dispute) => errorOf(dispute, state)).join('; ');
  const times = all.length + all.filter(isLost).length; // a lost one is told anew
  const facts = Object.entries(state.disputes).map(([id, { status }]) => `dispute ${id} ${status}`);
  return { dueAt, error: error.slice(0, 500), facts, times };
};

/** Something that is wrong, and from when on it is an alert. */
export type Violation = {
  readonly dueAt: string;
  readonly error: string;
  /** What it rests on: once a person has closed the alert, only another fact raises it again. */
  readonly facts: readonly string[];
  /** Who must say so before it is raised, since it follows from what was not heard. */
  readonly asks?: Owner;
  /** How many there are of what is told one by one, even when it is over by the time it is heard. */
  readonly times?: number;
};

type Rule = {
  readonly severity: Severity;
  /** Whose word ends it, once it is raised, when an event is lost. */
  readonly endedBy: Owner;
  /** What is wrong; undefined when both sides agree. */
  readonly find: (state: OrderPayment, timeouts: Timeouts) => Violation | undefined;
};

/** How long order and payment may disagree by rules A and B, in seconds. */
const graceSeconds = 30;

const money = ({ order, asked }: OrderPayment, amount: number): string => {
  const currency = order?.currency ?? asked?.currency ?? 'JPY';
  return `${toMajor(amount, currency)} ${currency}`;
};

const captureFact = (id: string): string => `capture ${id}`;

type About = { readonly at: string | undefined; readonly facts: readonly string[] };

/**
 * The captures that an alert is about, and since when: those that have not gone back, and of them those that nobody has
 * closed such an alert for. All that are heard of where refunds tell of others than these.
 */
const aboutCaptures = (state: OrderPayment, type: PaymentAlertType, keeps: readonly KeptCapture[]): About => {
  const known = state.alerts[type]?.closed?.facts ?? [];
  const news = keeps.filter(([id]) => !known.includes(captureFact(id)));
  const captures = [news, keeps].find(({ length }) => length > 0)?.map(([, capture]) => capture) ?? capturesOf(state);
  const ids = keeps.length > 0 ? keeps.map(([id]) => id) : Object.keys(state.captures);
  return { at: firstAt(captures), facts: ids.map(captureFact) };
};

const findUnconfirmed = (state: OrderPayment): Violation | undefined => {
  const { order } = state;
  const { at, facts } = aboutCaptures(state, 'payment_without_order', keptCaptures(state));
  if (order === undefined || order.confirmedAt !== undefined || order.undoneAt !== undefined) return undefined;
  if (at === undefined || kept(state) <= 0) return undefined;
  const error = `Paid ${money(state, kept(state))}, and the order is not confirmed`;
  return { dueAt: later(at, graceSeconds), error, facts, asks: 'order' };
};

const findUnpaid = (state: OrderPayment): Violation | undefined => {
  const { order, failure } = state;
  if (order?.confirmedAt === undefined || order.undoneAt !== undefined) return undefined;
  if (!order.needsPayment || captured(state) > 0) return undefined;
  const why = failure === undefined ? 'no payment is known' : `the payment failed (${failure})`;
  const dueAt = later(order.confirmedAt, graceSeconds);
  return { dueAt, error: `Confirmed, and ${why}`, facts: ['confirmed'], asks: 'payment' };
};

/** How often the order was paid: as often as was heard, and once for each total more that refunds tell of. */
const capturesKnown = (state: OrderPayment): number => {
  const heard = capturesOf(state);
  const unheard = captured(state) - sum(heard);
  return heard.length + Math.floor(unheard / Math.max(1, totalOf(state)));
};

const findSecondCapture = (state: OrderPayment): Violation | undefined => {
  const count = capturesKnown(state);
  const dueAt = capturesOf(state)[1]?.at ?? firstAt(Object.values(state.refunds));
  if (count < 2 || dueAt === undefined) return undefined;
  const isNews = count - 1 > (state.alerts.double_payment?.told ?? 0);
  const error = `Paid ${count} times, ${money(state, captured(state))} for ${money(state, totalOf(state))}`;
  const facts = Array.from({ length: count - 1 }, (_, index) => `capture ${index + 2}`);
  return isNews || kept(state) > totalOf(state) ? { dueAt, error, facts, times: count - 1 } : undefined;
};

/** What was captured, or told of by the provider, and is not what was asked for; nothing of what is settled. */
const wrongAmounts = (state: OrderPayment): [string, Seen][] => {
  const { order, asked, captures, mismatches } = state;
  const currency = order?.currency ?? asked?.currency;
  const expected = order?.undoneAt === undefined ? totalOf(state) : 0;
  const all = Object.entries(captures);
  const isSettled = all.length > 0 && kept(state) === expected;
  const wrong = all.filter(([, seen]) => seen.amount !== totalOf(state) || seen.currency !== currency);
  const unasked = Object.entries(mismatches).filter(
    ([id, { settledIn }]) => captures[id] === undefined && settledIn === undefined,
  );
  return [...(isSettled ? [] : wrong), ...unasked];
};

const findOtherAmount = (state: OrderPayment): Violation | undefined => {
  const wrong = wrongAmounts(state);
  const at = firstAt(wrong.map(([, seen]) => seen));
  if (at === undefined) return undefined;
  const seen = wrong.map(([, { amount, currency }]) => `${toMajor(amount, currency)} ${currency}`).join(', ');
  const facts = wrong.map(([id, { amount, currency }]) => `${id} ${amount} ${currency}`);
  return { dueAt: at, error: `Asked for ${money(state, totalOf(state))}, paid ${seen}`, facts };
};

const findOverpaidBack = (state: OrderPayment): Violation | undefined => {
  const at = overpaidBy(state)?.at ?? firstAt(refundsOf(state, 'COMPLETED'));
  if (at === undefined || kept(state) >= 0) return undefined;
  const error = `Paid back ${money(state, -kept(state))} more than was captured`;
  return { dueAt: later(at, graceSeconds), error, facts: Object.keys(state.refunds).map((id) => `refund ${id}`) };
};

const findOrphan = (state: OrderPayment): Violation | undefined => {
  const { at, facts } = aboutCaptures(state, 'capture_without_order', keptCaptures(state));
  if (state.order !== undefined || at === undefined || kept(state) <= 0) return undefined;
  const error = `Paid ${money(state, kept(state))} for an order that nobody knows`;
  return { dueAt: later(at, graceSeconds), error, facts, asks: 'order' };
};

const findLate = (state: OrderPayment): Violation | undefined => {
  const late = paidTooLate(state);
  const captures = late.map(([, capture]) => capture);
  const at = firstAt(captures);
  if (at === undefined) return undefined;
  const isNews = late.length > (state.alerts.capture_without_order?.told ?? 0);
  const error = `Paid ${money(state, sum(captures))} after the payment was given up`;
  const facts = late.map(([id]) => captureFact(id));
  return isNews || (kept(state) > 0 && leftOfTooLate(state) > 0)
    ? { dueAt: at, error, facts, times: late.length }
    : undefined;
};

const findFailedRefund = (state: OrderPayment): Violation | undefined => {
  const { amount, refundIds, roots } = owedOfFailed(state);
  const failed = refundIds.flatMap((refundId) => state.refunds[refundId] ?? []);
  const at = firstAt(failed);
  if (at === undefined || amount <= 0) return undefined;
  const facts = roots.map((refundId) => `refund ${refundId}`);
  return { dueAt: at, error: `${money(state, amount)} could not be paid back`, facts };
};

/** What nobody may keep and no other alert tells of: neither as failed nor as paid too late. */
const missing = (state: OrderPayment): number => kept(state) - owedOfFailed(state).amount - leftOfTooLate(state);

const findUnrefunded = (state: OrderPayment, { refundSeconds }: Timeouts): Violation | undefined => {
  const undoneAt = state.order?.undoneAt;
  const amount = missing(state);
  if (undoneAt === undefined || amount <= 0 || isDisputed(state)) return undefined;
  const { at = undoneAt, facts } = aboutCaptures(state, 'refund_missing', keptInTime(state));
  const dueAt = later(at > undoneAt ? at : undoneAt, refundSeconds);
  const error = `${money(state, amount)} of an order that is undone is not paid back`;
  return { dueAt, error, facts, asks: 'payment' };
};

const findStuck = (state: OrderPayment): Violation | undefined => {
  const { order } = state;
  const isPaid = order?.status === 'PENDING' && kept(state) > 0; // then it is unconfirmed, which is told already
  if (order?.waitsUntil === undefined || isPaid) return undefined;
  const error = `${order.status} since version ${order.version}, and nothing goes on`;
  return { dueAt: order.waitsUntil, error, facts: [`version ${order.version}`], asks: 'order' };
};

/** Whether all that a violation rests on was known to a person who has closed its alert. */
export const isClosed = (alert: OrderAlert | undefined, { facts }: Violation): boolean => {
  const known = alert?.state === 'RESOLVED' ? alert.closed?.facts : undefined;
  return known !== undefined && facts.every((fact) => known.includes(fact));
};

/** How an order and its payment may disagree. */
export const rules: Readonly<Record<PaymentAlertType, Rule>> = {
  payment_without_order: { severity: 'P2', endedBy: 'order', find: findUnconfirmed },
  order_without_payment: { severity: 'P2', endedBy: 'payment', find: findUnpaid },
  double_payment: { severity: 'P1', endedBy: 'payment', find: findSecondCapture },
  amount_mismatch: {
    severity: 'P1',
    endedBy: 'payment',
    find: (state) => findOtherAmount(state) ?? findOverpaidBack(state),
  },
  capture_without_order: { severity: 'P1', endedBy: 'payment', find: (state) => findLate(state) ?? findOrphan(state) },
  refund_missing: { severity: 'P2', endedBy: 'payment', find: findUnrefunded },
  refund_failed: { severity: 'P1', endedBy: 'payment', find: findFailedRefund },
  order_stuck: { severity: 'P2', endedBy: 'order', find: findStuck },
  refunded_elsewhere: {
    severity: 'P1',
    endedBy: 'order',
    find: (state) => findRefundedElsewhere(state, kept(state)),
  },
  payment_disputed: { severity: 'P1', endedBy: 'payment', find: findDisputed },
};
