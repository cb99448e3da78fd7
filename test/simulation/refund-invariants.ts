import type { Payment } from '../../lambda/payment/domain/payment';
import { type Deal, type GivenBack, lostOf } from './deal';
import { broken } from './promises';

const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);

const isOurs = ({ refundId }: GivenBack) => refundId !== undefined;

const checkProvider = (deal: Deal) => {
  const { externalPaymentId, captured, refunds } = deal;
  const all = [...refunds.values()];
  const asked = sum(all.filter(({ state }) => state !== 'FAILED'));
  if (asked + lostOf(deal) > captured) broken('P5', `${asked} of ${captured} of ${externalPaymentId} go back`);
  const ids = all.filter(isOurs).map(({ refundId }) => refundId);
  if (new Set(ids).size !== ids.length) broken('P5', `a refund of ${externalPaymentId} was made twice`);
};

const checkAskedFor = ({ refunds }: Payment, deal: Deal) => {
  const wanted = refunds.map(({ refundId }) => refundId);
  for (const { refundId = wanted[0] ?? '' } of [...deal.refunds.values()].filter(isOurs))
    if (!wanted.includes(refundId))
      broken('P5', `${refundId} of ${deal.externalPaymentId} was made, and not asked for`);
};

/** What is known of the refunds of one payment at the provider: each once, and as a person's only what a person made. */
const checkBooked = (payment: Payment, { externalPaymentId, refunds }: Deal) => {
  const booked = payment.refunds.filter((refund) => refund.externalPaymentId === externalPaymentId);
  const named = booked.flatMap(({ externalRefundId }) => externalRefundId ?? []);
  if (new Set(named).size !== named.length) broken('P5', `a refund of ${externalPaymentId} is booked twice`);
  const elsewhere = booked.filter(({ madeElsewhere, disputeId }) => madeElsewhere && disputeId === undefined);
  const byHand = [...refunds.values()].filter((refund) => !isOurs(refund));
  if (elsewhere.length > byHand.length)
    broken(
      'P5',
      `${elsewhere.length} refunds of ${externalPaymentId} are booked as made elsewhere, not ${byHand.length}`,
    );
};

/** Nothing goes back twice, nothing that nobody asked for, and what is booked has happened. */
export const checkRefunds = (payment: Payment | undefined, deal: Deal): void => {
  checkProvider(deal);
  if (payment === undefined) return;
  checkAskedFor(payment, deal);
  checkBooked(payment, deal);
};
