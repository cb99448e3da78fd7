import type { DisputeSnapshot } from '../providers/provider';
import { completed, failed, ownIdOf } from '../refunds/apply-refund';
import { evolve } from './evolve-payment';
import type { Cause, Dispute, Payment, Refund } from './payment';
import { captureOf, ownCapture } from './payment-sums';

/** A dispute as the provider reports it, with its capture and the time of the report. */
export type DisputeUpdate = DisputeSnapshot & { readonly externalPaymentId?: string | undefined; readonly at: string };

const isOpen = ({ status }: Pick<Dispute, 'status'>) => status === 'NEEDS_RESPONSE' || status === 'UNDER_REVIEW';

/** Returns true for an old or repeated report. Of two reports of the same second, the closing one is the later. */
const isStale = (known: Dispute, update: DisputeUpdate): boolean => {
  if (update.at < known.seenAt) return true;
  if (update.at === known.seenAt && !isOpen(known) && isOpen(update)) return true;
  return (['status', 'amount', 'reason', 'inquiry', 'evidenceDueBy'] as const).every(
    (one) => known[one] === update[one],
  );
};

const nextOf = (known: Dispute | undefined, { at: seenAt, ...update }: DisputeUpdate, payment: Payment, at: Date) => {
  const now = at.toISOString();
  const { externalPaymentId: namedId = ownCapture(payment).externalPaymentId } = update;
  const externalPaymentId = captureOf(payment, namedId)?.externalPaymentId ?? namedId;
  return { ...update, externalPaymentId, seenAt, createdAt: known?.createdAt ?? now, updatedAt: now };
};

const sum = (refunds: readonly Refund[]) => refunds.reduce((all, { amount }) => all + amount, 0);

/** Returns what the bank took: the disputed amount, but at most what of the capture was not refunded before. */
const takenAmount = (payment: Payment, { externalPaymentId, amount, disputeId }: Dispute): number => {
  const capture = captureOf(payment, externalPaymentId);
  const gone = payment.refunds.filter(
    (one) => one.externalPaymentId === externalPaymentId && one.status === 'COMPLETED' && one.disputeId !== disputeId,
  );
  return capture === undefined ? 0 : Math.max(0, Math.min(amount, capture.amount - sum(gone)));
};

const lostRefund = ({ disputeId, externalPaymentId, reason }: Dispute, amount: number, at: Date): Refund => ({
  refundId: ownIdOf('DSP', disputeId),
  amount,
  reason: `Dispute lost: ${reason}`,
  status: 'PROCESSING',
  externalPaymentId,
  madeElsewhere: true,
  disputeId,
  createdAt: at.toISOString(),
});

/**
 * Applies a dispute update. A lost dispute is booked as a refund; a later win reverses it. Returns undefined for
 * repeated, late or out-of-order updates.
 */
export const applyDisputeUpdate = (payment: Payment, update: DisputeUpdate, cause: Cause): Payment | undefined => {
  const known = payment.disputes.find(({ disputeId }) => disputeId === update.disputeId);
  if (known !== undefined && isStale(known, update)) return undefined;
  const dispute: Dispute = nextOf(known, update, payment, cause.at);
  const disputes = [...payment.disputes.filter((one) => one !== known), dispute];
  const next = { ...payment, disputes };
  const lost = payment.refunds.find(
    ({ disputeId, status }) => disputeId === update.disputeId && status === 'COMPLETED',
  );
  const amount = takenAmount(next, dispute);
  if (update.status === 'LOST' && lost === undefined && amount > 0)
    return completed(next, lostRefund(dispute, amount, cause.at), cause);
  if (update.status !== 'LOST' && lost !== undefined && !isOpen(update))
    return failed(next, lost, `Dispute ${update.status.toLowerCase()}`, cause);
  return evolve(payment, { disputes }, { type: 'PaymentDisputed', disputeId: update.disputeId }, cause);
};

/** Finds a lost dispute of this capture that is not yet booked, because it was lost before the capture was known. */
const unbookedOf = (payment: Payment, externalPaymentId: string): Dispute | undefined =>
  payment.disputes.find(
    ({ disputeId, status, ...dispute }) =>
      status === 'LOST' &&
      (captureOf(payment, dispute.externalPaymentId)?.externalPaymentId ?? '') === externalPaymentId &&
      !payment.refunds.some((refund) => refund.disputeId === disputeId),
  );

/** Returns true when a dispute of a capture was lost before the capture was known and is not yet booked. */
export const isLostUnbooked = (payment: Payment, externalPaymentId: string): boolean =>
  unbookedOf(payment, externalPaymentId) !== undefined;

/** Books a dispute that was lost before its capture was known. Returns undefined when there is nothing to book. */
export const bookEarlierLostDispute = (
  payment: Payment,
  externalPaymentId: string,
  cause: Cause,
): Payment | undefined => {
  const lost = unbookedOf(payment, externalPaymentId);
  const dispute = lost && { ...lost, externalPaymentId };
  const amount = dispute === undefined ? 0 : takenAmount(payment, dispute);
  if (dispute === undefined || amount === 0) return undefined;
  return completed(payment, lostRefund(dispute, amount, cause.at), cause);
};
