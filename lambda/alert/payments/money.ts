import { knownPaymentVersion } from './apply-events';
import type { Capture, OrderPayment, RefundTried } from './payment-state';

export const capturesOf = ({ captures }: OrderPayment): Capture[] =>
  Object.values(captures).sort((one, other) => one.at.localeCompare(other.at));

export const refundsOf = ({ refunds }: OrderPayment, state: RefundTried['state']): RefundTried[] =>
  Object.values(refunds).filter((refund) => refund.state === state);

export const sum = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((all, { amount }) => all + amount, 0);

/** All that was captured, heard of or not. */
export const captured = (state: OrderPayment): number => Math.max(sum(capturesOf(state)), state.capturedTotal ?? 0);

/** All that went back, heard of or not: what the payment service has answered, unless something was heard since. */
const refunded = (state: OrderPayment): number => {
  const { version = 0, refundedTotal = 0 } = state.answered?.payment ?? {};
  return Math.max(sum(refundsOf(state, 'COMPLETED')), version >= knownPaymentVersion(state) ? refundedTotal : 0);
};

/** What of the money is still with the shop. */
export const kept = (state: OrderPayment): number => captured(state) - refunded(state);

/** A capture with what of it has not gone back. */
export type KeptCapture = readonly [externalPaymentId: string, capture: Capture, left: number];

/** What refunds that do not say of which capture they are, or were not heard of, have taken: of the oldest first. */
const unnamedOf = (state: OrderPayment): number => {
  const named = refundsOf(state, 'COMPLETED').filter(({ externalPaymentId: id }) => id && state.captures[id]);
  return refunded(state) - sum(named);
};

/** The captures of which something has not gone back, the oldest first. */
export const keptCaptures = (state: OrderPayment): KeptCapture[] => {
  const done = refundsOf(state, 'COMPLETED');
  const sorted = Object.entries(state.captures).sort(([, one], [, other]) => one.at.localeCompare(other.at));
  let unnamed = unnamedOf(state);
  return sorted.flatMap(([id, capture]): KeptCapture[] => {
    const left = capture.amount - sum(done.filter(({ externalPaymentId }) => externalPaymentId === id));
    const taken = Math.max(0, Math.min(left, unnamed));
    unnamed -= taken;
    return left > taken ? [[id, capture, left - taken]] : [];
  });
};

export const totalOf = ({ order, asked }: OrderPayment): number => order?.total ?? asked?.amount ?? 0;

type Debts = Map<string, number>;

/** A completed refund makes good what failed before it, the oldest first; one that replaces others, those alone. */
const makeGood = (debts: Debts, { amount, replaces }: RefundTried) => {
  let left = replaces === undefined ? amount : 0;
  for (const [refundId, owed] of debts) {
    const paid = Math.min(owed, left);
    left -= paid;
    if (paid === owed) debts.delete(refundId);
    else debts.set(refundId, owed - paid);
  }
};

/**
 * Refunds that failed and were not made good since, with what of each is owed; in the order in which they failed. Of a
 * dispute that was won nothing is owed.
 */
const debtsOf = ({ refunds }: OrderPayment): Debts => {
  const debts: Debts = new Map();
  const tried = Object.entries(refunds).sort(([, one], [, other]) => one.version - other.version);
  for (const [refundId, refund] of tried) {
    for (const replaced of refund.replaces ?? []) debts.delete(replaced);
    if (refund.disputeId !== undefined && refund.state === 'FAILED') continue;
    if (refund.state === 'FAILED') debts.set(refundId, refund.amount);
    else makeGood(debts, refund);
  }
  return debts;
};

/** The refund that failed first of those that were tried one for another: the same money, however often it is tried. */
const rootsOf = (
  { refunds }: Pick<OrderPayment, 'refunds'>,
  refundId: string,
  seen: readonly string[] = [],
): string[] => {
  const replaces = (refunds[refundId]?.replaces ?? []).filter((id) => !seen.includes(id));
  return replaces.length === 0
    ? [refundId]
    : replaces.flatMap((replaced) => rootsOf({ refunds }, replaced, [...seen, refundId]));
};

/** What could not be paid back: never more than is still with the shop, where that is known. */
export const owedOfFailed = (
  state: OrderPayment,
): { readonly amount: number; readonly refundIds: readonly string[]; readonly roots: readonly string[] } => {
  const debts = debtsOf(state);
  const owed = [...debts.values()].reduce((all, amount) => all + amount, 0);
  const most = captured(state) > 0 ? Math.max(0, kept(state)) : owed;
  const refundIds = [...debts.keys()];
  const roots = [...new Set(refundIds.flatMap((refundId) => rootsOf(state, refundId)))];
  return { amount: Math.min(owed, most), refundIds, roots };
};

const isTooLate = ({ late, ownCapture = false }: Capture): boolean => late && !ownCapture;

/** Captures that the customer made after the payment was given up. */
export const paidTooLate = (state: OrderPayment): [string, Capture][] =>
  Object.entries(state.captures).filter(([, capture]) => isTooLate(capture));

/** What of them has not gone back. */
export const leftOfTooLate = (state: OrderPayment): number =>
  keptCaptures(state).reduce((all, [, capture, left]) => all + (isTooLate(capture) ? left : 0), 0);

/** Captures that were made in time, or by our own request, and have not gone back. */
export const keptInTime = (state: OrderPayment): KeptCapture[] =>
  keptCaptures(state).filter(([, capture]) => !isTooLate(capture));

/** The completed refund by which more had gone back than was captured. Returns undefined when none of them is that one. */
export const overpaidBy = (state: OrderPayment): RefundTried | undefined => {
  let left = captured(state);
  const sorted = refundsOf(state, 'COMPLETED').sort((one, other) => one.at.localeCompare(other.at));
  return sorted.find(({ amount }) => {
    left -= amount;
    return left < 0;
  });
};
