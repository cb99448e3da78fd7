import { knownPaymentVersion } from './apply-events';
import type { Capture, OrderPayment, RefundAttempt } from './payment-state';

export const capturesOf = ({ captures }: OrderPayment): Capture[] =>
  Object.values(captures).sort((one, other) => one.at.localeCompare(other.at));

export const refundsOf = ({ refunds }: OrderPayment, state: RefundAttempt['state']): RefundAttempt[] =>
  Object.values(refunds).filter((refund) => refund.state === state);

export const sum = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((all, { amount }) => all + amount, 0);

/** The captured total, including captures whose events are missing. */
export const captured = (state: OrderPayment): number => Math.max(sum(capturesOf(state)), state.capturedTotal ?? 0);

/** The refunded total. It uses the payment service's answer unless a newer event has arrived. */
const refunded = (state: OrderPayment): number => {
  const { version = 0, refundedTotal = 0 } = state.answered?.payment ?? {};
  return Math.max(sum(refundsOf(state, 'COMPLETED')), version >= knownPaymentVersion(state) ? refundedTotal : 0);
};

/** The captured total minus the refunded total. */
export const unrefunded = (state: OrderPayment): number => captured(state) - refunded(state);

/** A capture with its unrefunded amount. */
export type UnrefundedCapture = readonly [externalPaymentId: string, capture: Capture, left: number];

/** The refunded amount that names no known capture. It counts against the oldest captures first. */
const unattributedRefunds = (state: OrderPayment): number => {
  const named = refundsOf(state, 'COMPLETED').filter(({ externalPaymentId: id }) => id && state.captures[id]);
  return refunded(state) - sum(named);
};

/** The captures that are not completely refunded, oldest first. */
export const unrefundedCaptures = (state: OrderPayment): UnrefundedCapture[] => {
  const done = refundsOf(state, 'COMPLETED');
  const sorted = Object.entries(state.captures).sort(([, one], [, other]) => one.at.localeCompare(other.at));
  let unattributed = unattributedRefunds(state);
  return sorted.flatMap(([id, capture]): UnrefundedCapture[] => {
    const left = capture.amount - sum(done.filter(({ externalPaymentId }) => externalPaymentId === id));
    const taken = Math.max(0, Math.min(left, unattributed));
    unattributed -= taken;
    return left > taken ? [[id, capture, left - taken]] : [];
  });
};

export const totalOf = ({ order, asked }: OrderPayment): number => order?.total ?? asked?.amount ?? 0;

type Debts = Map<string, number>;

/** A completed refund pays the failed ones before it, oldest first. One that replaces others pays only those. */
const payDebts = (debts: Debts, { amount, replaces }: RefundAttempt) => {
  let left = replaces === undefined ? amount : 0;
  for (const [refundId, owed] of debts) {
    const paid = Math.min(owed, left);
    left -= paid;
    if (paid === owed) debts.delete(refundId);
    else debts.set(refundId, owed - paid);
  }
};

/**
 * Returns the failed refunds that later refunds have not paid, with the amount that each still owes, in the order in
 * which they failed. A dispute that was won owes nothing.
 */
const debtsOf = ({ refunds }: OrderPayment): Debts => {
  const debts: Debts = new Map();
  const attempts = Object.entries(refunds).sort(([, one], [, other]) => one.version - other.version);
  for (const [refundId, refund] of attempts) {
    for (const replaced of refund.replaces ?? []) debts.delete(replaced);
    if (refund.disputeId !== undefined && refund.state === 'FAILED') continue;
    if (refund.state === 'FAILED') debts.set(refundId, refund.amount);
    else payDebts(debts, refund);
  }
  return debts;
};

/** Returns the first refunds of a chain of replacements: they identify the money across retries. */
const rootsOf = (
  { refunds }: Pick<OrderPayment, 'refunds'>,
  refundId: string,
  visited: readonly string[] = [],
): string[] => {
  const replaces = (refunds[refundId]?.replaces ?? []).filter((id) => !visited.includes(id));
  return replaces.length === 0
    ? [refundId]
    : replaces.flatMap((replaced) => rootsOf({ refunds }, replaced, [...visited, refundId]));
};

/** What failed refunds still owe: at most what is unrefunded, when the captures are known. */
export const owedForFailedRefunds = (
  state: OrderPayment,
): { readonly amount: number; readonly refundIds: readonly string[]; readonly roots: readonly string[] } => {
  const debts = debtsOf(state);
  const owed = [...debts.values()].reduce((all, amount) => all + amount, 0);
  const most = captured(state) > 0 ? Math.max(0, unrefunded(state)) : owed;
  const refundIds = [...debts.keys()];
  const roots = [...new Set(refundIds.flatMap((refundId) => rootsOf(state, refundId)))];
  return { amount: Math.min(owed, most), refundIds, roots };
};

const isLate = ({ late, ownCapture = false }: Capture): boolean => late && !ownCapture;

/** The captures that the customer made after the payment was given up. */
export const lateCaptures = (state: OrderPayment): [string, Capture][] =>
  Object.entries(state.captures).filter(([, capture]) => isLate(capture));

/** The unrefunded amount of late captures. */
export const unrefundedLate = (state: OrderPayment): number =>
  unrefundedCaptures(state).reduce((all, [, capture, left]) => all + (isLate(capture) ? left : 0), 0);

/** The unrefunded captures that were made in time or by our own request. */
export const unrefundedInTime = (state: OrderPayment): UnrefundedCapture[] =>
  unrefundedCaptures(state).filter(([, capture]) => !isLate(capture));

/** Returns the completed refund that brought the refunds above the captures, or undefined when none did. */
export const firstExcessRefund = (state: OrderPayment): RefundAttempt | undefined => {
  let left = captured(state);
  const sorted = refundsOf(state, 'COMPLETED').sort((one, other) => one.at.localeCompare(other.at));
  return sorted.find(({ amount }) => {
    left -= amount;
    return left < 0;
  });
};
