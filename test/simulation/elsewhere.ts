import { type Deal, type Dispute, type GivenBack, isDisputed, leftOf } from './deal';
import { happened, nextNumber } from './provider-ledger';
import type { World } from './world';

const byHand = (world: World, deal: Deal, amount: number): GivenBack => {
  const externalRefundId = `re_${nextNumber(world)}`;
  const refund: GivenBack = { refundId: undefined, externalRefundId, amount, state: 'COMPLETED' };
  deal.refunds.set(externalRefundId, refund);
  return refund;
};

/** Somebody gives all of it back in the provider's own dashboard. */
export const giveBackByHand = (world: World, deal: Deal): void => {
  world.note(`provider: ${deal.externalPaymentId} is given back by hand`);
  byHand(world, deal, deal.captured);
  world.providerLedger.changes += 1;
};

/** Somebody gives a part of what is left back in the dashboard, or all of it. PayPay tells nobody. */
export const refundElsewhere = (world: World, deal: Deal): void => {
  const left = leftOf(deal);
  if (left <= 0 || isDisputed(deal)) return;
  const amount = world.random.chance(0.4) ? left : 1 + world.random.below(left);
  world.note(`provider: ${amount} of ${deal.externalPaymentId} is refunded in its dashboard`);
  const refund = byHand(world, deal, amount);
  happened(world, { deal, refund, certain: true });
  happened(world, { deal, refund }); // told by several events, each with an ID of its own
};

const decide = (world: World, deal: Deal, dispute: Dispute) => {
  dispute.state = world.random.chance(0.5) ? 'WON' : 'LOST';
  world.note(`bank: ${dispute.disputeId} of ${deal.externalPaymentId} is ${dispute.state}`);
  happened(world, { deal, dispute, certain: true });
};

const longestDispute = 600_000;

/** The customer disputes what is left of a payment, or a part of it, and some time later the bank decides. */
export const openDispute = (world: World, deal: Deal): void => {
  const left = leftOf(deal);
  const isBusy = [...deal.refunds.values()].some(({ state }) => state === 'PROCESSING');
  if (left <= 0 || isBusy || isDisputed(deal)) return;
  const amount = world.random.chance(0.6) ? left : 1 + world.random.below(left);
  const dispute: Dispute = { disputeId: `du_${nextNumber(world)}`, amount, state: 'OPEN' };
  deal.disputes.push(dispute);
  world.note(`customer: ${amount} of ${deal.externalPaymentId} is disputed`);
  happened(world, { deal, dispute, certain: true });
  world.timers.set(world.now + 2000 + world.random.below(longestDispute), () => decide(world, deal, dispute));
};
