import { toMajor } from '../../contracts/values/money';
import type { KnownDispute, OrderPayment, RefundAttempt } from './payment-state';
import { unrefunded } from './totals';
import { firstAt, type Violation } from './violation';

const moneyText = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  `${toMajor(amount, currency)} ${currency}`;

/** The refunds that were made at the provider. Money taken by a dispute is left to the dispute's own rule. */
const elsewhereOf = ({ refunds }: OrderPayment): (readonly [string, RefundAttempt])[] =>
  Object.entries(refunds).filter(
    ([, one]) => one.madeElsewhere && one.disputeId === undefined && one.state === 'COMPLETED',
  );

/**
 * Alerts once for each refund. Over when the order is undone and all its money is refunded, or when a person closes it.
 */
export const findRefundedElsewhere = (state: OrderPayment): Violation | undefined => {
  const found = elsewhereOf(state);
  const refunds = found.map(([, refund]) => refund);
  const dueAt = firstAt(refunds);
  if (dueAt === undefined) return undefined;
  const isNew = refunds.length > (state.alerts.refunded_elsewhere?.told ?? 0);
  const isOver = state.order?.undoneAt !== undefined && unrefunded(state) <= 0;
  const error = `Refunded at the provider, not by this system: ${refunds.map(moneyText).join(', ')}. Check that it was intended`;
  const facts = found.map(([refundId]) => `refund ${refundId}`);
  return isNew || !isOver ? { dueAt, error, facts, times: refunds.length } : undefined;
};

const isOpen = ({ status }: KnownDispute) => status === 'NEEDS_RESPONSE' || status === 'UNDER_REVIEW';

const disputesOf = ({ disputes }: OrderPayment) => Object.values(disputes);

/**
 * Whether a dispute is open: until it is decided, the provider refunds none of the disputed money. An inquiry blocks no
 * refunds.
 */
export const isDisputed = (state: OrderPayment): boolean =>
  disputesOf(state).some((dispute) => isOpen(dispute) && dispute.inquiry !== true);

const openError = (dispute: KnownDispute): string => {
  const { reason, status, evidenceDueBy } = dispute;
  const what = `${moneyText(dispute)} disputed (${reason})`;
  if (status === 'UNDER_REVIEW') return `${what}: the bank decides`;
  return evidenceDueBy === undefined
    ? `${what}: check it at the provider`
    : `${what}: answer at the provider by ${evidenceDueBy}`;
};

const lostError = (dispute: KnownDispute, { order }: OrderPayment): string =>
  `Dispute lost (${dispute.reason}): ${moneyText(dispute)} were taken, and the order is ${order?.status ?? 'unknown'}`;

const errorOf = (dispute: KnownDispute, state: OrderPayment): string => {
  if (isOpen(dispute)) return openError(dispute);
  return dispute.status === 'LOST'
    ? lostError(dispute, state)
    : `${moneyText(dispute)} disputed (${dispute.reason}): ${dispute.status.toLowerCase()}, no money was taken`;
};

/** The disputes that no alert has reported. An old alert without facts counts as having reported all. */
const unreported = ({ disputes, alerts }: OrderPayment): KnownDispute[] => {
  const alert = alerts.payment_disputed;
  if (alert !== undefined && alert.facts === undefined) return [];
  const isReported = (id: string) => alert?.facts?.some((fact) => fact.startsWith(`dispute ${id} `)) ?? false;
  return Object.entries(disputes).flatMap(([id, dispute]) => (isReported(id) ? [] : [dispute]));
};

/**
 * Open disputes, and lost ones of an order that goes on: somebody must stop it or write the money off. Each is reported
 * at least once, even when it is over before its event arrives.
 */
export const findDisputed = (state: OrderPayment): Violation | undefined => {
  const all = disputesOf(state);
  const isLost = ({ status }: KnownDispute) => status === 'LOST';
  const unsettled = all.filter((one) => isOpen(one) || (isLost(one) && state.order?.undoneAt === undefined));
  const found = unsettled.length > 0 ? unsettled : unreported(state);
  const dueAt = firstAt(found);
  if (dueAt === undefined) return undefined;
  const sorted = [...found.filter(isOpen), ...found.filter((one) => !isOpen(one))];
  const error = sorted.map((dispute) => errorOf(dispute, state)).join('; ');
  const times = all.length + all.filter(isLost).length; // a lost one is reported again
  const facts = Object.entries(state.disputes).map(([id, { status }]) => `dispute ${id} ${status}`);
  return { dueAt, error: error.slice(0, 500), facts, times };
};
