import { toMajor } from '../contracts/money';
import type { Finding } from './payment-rules';
import { type DisputeSeen, earlier, type OrderPayment, type RefundTried } from './watched-order';

const money = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  `${toMajor(amount, currency)} ${currency}`;

const firstAt = (seen: readonly { readonly at: string }[]): string | undefined =>
  seen.reduce<string | undefined>((first, { at }) => earlier(first, at), undefined);

/** Refunds that somebody made at the provider. What a dispute took is told by the dispute. */
const elsewhereOf = ({ refunds }: OrderPayment): (readonly [string, RefundTried])[] =>
  Object.entries(refunds).filter(
    ([, one]) => one.madeElsewhere && one.disputeId === undefined && one.state === 'COMPLETED',
  );

/** Told once for each; over when the order is undone and nothing of its money is kept, or when a person says so. */
export const findRefundedElsewhere = (state: OrderPayment, kept: number): Finding | undefined => {
  const found = elsewhereOf(state);
  const refunds = found.map(([, refund]) => refund);
  const dueAt = firstAt(refunds);
  if (dueAt === undefined) return undefined;
  const isNews = refunds.length > (state.alerts.refunded_elsewhere?.told ?? 0);
  const isOver = state.order?.undoneAt !== undefined && kept <= 0;
  const error = `Refunded at the provider, not by us: ${refunds.map(money).join(', ')}. Check that this was meant`;
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
  const what = `${money(dispute)} disputed (${reason})`;
  if (status === 'UNDER_REVIEW') return `${what}: the bank decides`;
  return evidenceDueBy === undefined
    ? `${what}: look at it at the provider`
    : `${what}: answer at the provider by ${evidenceDueBy}`;
};

const lostError = (dispute: DisputeSeen, { order }: OrderPayment): string =>
  `Dispute lost (${dispute.reason}): ${money(dispute)} are gone, and the order is ${order?.status ?? 'unknown'}`;

const errorOf = (dispute: DisputeSeen, state: OrderPayment): string => {
  if (isOpen(dispute)) return openError(dispute);
  return dispute.status === 'LOST'
    ? lostError(dispute, state)
    : `${money(dispute)} disputed (${dispute.reason}): ${dispute.status.toLowerCase()}, nothing is gone`;
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
export const findDisputed = (state: OrderPayment): Finding | undefined => {
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
