import { payPayIdOf } from '../../lambda/contracts/paypay-ids';
import type { Tenant } from '../../lambda/kernel/tenant';
import {
  type Charge,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
  type SightedState,
  type Sighting,
} from '../../lambda/payment/provider';
import type { World } from './world';

/** Money that a provider gives back. `refundId` is our own ID of it, as its metadata say; a person's has none. */
export type GivenBack = {
  readonly refundId: string | undefined;
  readonly externalRefundId: string;
  readonly amount: number;
  state: 'PROCESSING' | 'COMPLETED' | 'FAILED';
};

/** A customer disputes a payment with their bank, which holds the money until it decides. */
export type Dispute = { readonly disputeId: string; amount: number; state: 'OPEN' | 'WON' | 'LOST' };

/** A payment as its provider has it. Amounts are minor units of `currency`. */
export type Deal = Pick<Charge, 'tenant' | 'paymentId' | 'orderId' | 'amount' | 'currency' | 'key' | 'expiresAt'> & {
  readonly provider: 'stripe' | 'paypay';
  readonly externalPaymentId: string;
  /** The customer made it, and we never asked for it. */
  readonly extra: boolean;
  /** Its money was taken because we asked for that, once the customer had allowed it. */
  ours: boolean;
  /** Made under a key that failed, so nobody was told of it: a search shows it from then on. */
  readonly shownFrom?: number;
  state: SightedState;
  captured: number;
  capturedAt: number | undefined;
  failureReason: string | undefined;
  /** By the idempotency key. */
  readonly refunds: Map<string, GivenBack>;
  readonly disputes: Dispute[];
};

/** What happened at a provider. `certain` news is sent until it is taken: nobody would find out otherwise. */
export type News = {
  readonly deal: Deal;
  readonly refund?: GivenBack;
  readonly dispute?: Dispute;
  readonly certain?: boolean;
};

/** What the providers keep. Their clock is not ours. */
export type Acquirer = {
  readonly deals: Map<string, Deal>; // by external ID
  readonly byKey: Map<string, Deal>;
  readonly refusedKeys: Set<string>;
  /** Keys that fail for ever, of payments and of refunds. */
  readonly spentKeys: Set<string>;
  readonly skewMs: number;
  /** The webhooks that were taken up, by their IDs, and those that were so more than once. */
  readonly taken: Set<string>;
  readonly takenTwice: Set<string>;
  downUntil: number;
  numbered: number;
  /** How often something changed. */
  changes: number;
  tell: (news: News) => void;
};

export const newAcquirer = (skewMs: number): Acquirer => ({
  deals: new Map(),
  byKey: new Map(),
  refusedKeys: new Set(),
  spentKeys: new Set(),
  skewMs,
  taken: new Set(),
  takenTwice: new Set(),
  downUntil: 0,
  numbered: 0,
  changes: 0,
  tell: () => undefined,
});

const happened = ({ acquirer }: World, news: News) => {
  acquirer.changes += 1;
  acquirer.tell(news);
};

/** What the provider says of a payment at this moment. */
export const sight = ({ now, acquirer }: World, deal: Deal): Sighting => {
  const { externalPaymentId, state, amount, currency, captured, tenant, paymentId, failureReason } = deal;
  return {
    ...{ state, externalPaymentId, currency, tenant, paymentId },
    amount: state === 'CAPTURED' ? captured : amount,
    ...(deal.provider === 'stripe' ? { paymentIntentId: externalPaymentId } : {}),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(state === 'OPEN' ? { checkout: { redirectUrl: `https://pay.example.com/${externalPaymentId}` } } : {}),
    ...(state === 'CAPTURED' ? refundsOf(deal) : {}),
    at: new Date(now + acquirer.skewMs).toISOString(),
  };
};

const isLive = ({ state }: GivenBack) => state !== 'FAILED';
const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);

/** As a provider tells of them: what is on its way counts. */
const refundsOf = ({ refunds, externalPaymentId }: Deal) => {
  const all = [...refunds.values()];
  const list = all.map((one) => ({ ...one, externalPaymentId }));
  return { refundedAmount: sum(all.filter(isLive)), ...(all.length > 0 ? { refunds: list } : {}) };
};

/** What disputes have taken for good. */
export const lostOf = ({ disputes }: Deal): number => sum(disputes.filter(({ state }) => state === 'LOST'));

/** What of a payment may still go back. */
const leftOf = (deal: Deal): number => deal.captured - sum([...deal.refunds.values()].filter(isLive)) - lostOf(deal);

const isDisputed = ({ disputes }: Deal) => disputes.some(({ state }) => state === 'OPEN');

/** What of a payment has gone back. */
export const givenBack = ({ refunds }: Deal): number => {
  let sum = 0;
  for (const { state, amount } of refunds.values()) if (state === 'COMPLETED') sum += amount;
  return sum;
};

const nextNumber = ({ acquirer }: World): number => {
  acquirer.numbered += 1;
  return acquirer.numbered;
};

type Owner = { readonly tenant: Tenant; readonly paymentId: string };

const idOf = (world: World, provider: Deal['provider'], owner: Owner): string => {
  if (provider === 'stripe') return `pi_${nextNumber(world)}`;
  const others = [...world.acquirer.deals.values()].filter(
    ({ tenant, paymentId }) => tenant === owner.tenant && paymentId === owner.paymentId,
  );
  return payPayIdOf(owner, others.length === 0 ? '' : `a${others.length}`);
};

const open = (world: World, charge: Charge, given: Pick<Deal, 'extra' | 'shownFrom'>): Deal => {
  const { tenant, paymentId, orderId, amount, currency, key, expiresAt, paymentMethod } = charge;
  const provider = paymentMethod === 'PAYPAY' ? 'paypay' : 'stripe';
  const externalPaymentId = idOf(world, provider, charge);
  const deal: Deal = {
    ...{ tenant, paymentId, orderId, amount, currency, key, expiresAt, provider, externalPaymentId, ...given },
    ...{ ours: false, state: 'OPEN', captured: 0, capturedAt: undefined, failureReason: undefined },
    refunds: new Map(),
    disputes: [],
  };
  world.acquirer.deals.set(externalPaymentId, deal);
  return deal;
};

const searchLagMs = 150_000;

/** The key fails for ever; now and then what was asked has happened all the same. */
const spend = (world: World, key: string, fault: string, happens: () => unknown): never => {
  world.acquirer.spentKeys.add(key);
  if (fault === 'key spent after all') happens();
  throw new ProviderKeySpentError();
};

const openUnseen = (world: World, charge: Charge): void => {
  const shownFrom = world.now + world.random.below(searchLagMs);
  const deal = open(world, charge, { extra: false, shownFrom });
  world.acquirer.byKey.set(charge.key, deal);
  happened(world, { deal });
};

/** A payment that can be paid; the same one for the same key. `opened` hears of a new one. */
export const createDeal = (world: World, charge: Charge, opened: (deal: Deal) => void): Deal => {
  const { byKey, refusedKeys, spentKeys } = world.acquirer;
  if (spentKeys.has(charge.key)) throw new ProviderKeySpentError();
  const known = byKey.get(charge.key);
  if (known !== undefined) return known;
  const chances = { 'refused for good': 0.02, 'key spent': 0.03, 'key spent after all': 0.08 };
  const fault = world.faults.at('provider create', chances);
  if (fault?.startsWith('key spent')) spend(world, charge.key, fault, () => openUnseen(world, charge));
  if (fault !== undefined) refusedKeys.add(charge.key);
  if (refusedKeys.has(charge.key)) throw new ProviderRefusedError('risky');
  const deal = open(world, charge, { extra: false });
  byKey.set(charge.key, deal);
  happened(world, { deal });
  opened(deal);
  return deal;
};

/** The money is taken: all of it, unless `amount` says how much. */
export const take = (world: World, deal: Deal, { amount = deal.amount, certain = false } = {}): void => {
  deal.state = 'CAPTURED';
  deal.captured = amount;
  deal.capturedAt = world.now;
  happened(world, { deal, certain });
};

/** The customer pays for what is paid already. */
export const takeAgain = (world: World, deal: Deal): void => {
  const { tenant, paymentId, orderId, amount, currency, key, expiresAt, provider } = deal;
  const paymentMethod = provider === 'paypay' ? 'PAYPAY' : 'CREDIT_CARD';
  const charge = { tenant, paymentId, orderId, amount, currency, key, expiresAt, paymentMethod } as const;
  take(world, open(world, charge, { extra: true }), { certain: true });
};

/** The payment goes on without any money being taken. */
export const turn = (world: World, deal: Deal, state: Exclude<SightedState, 'CAPTURED'>, reason?: string): void => {
  if (deal.state === state) return;
  deal.state = state;
  deal.failureReason = reason;
  happened(world, { deal });
};

const canBeStopped = ({ state }: Deal) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

/** Whether the customer may pay. */
export const isPayable = ({ state }: Deal): boolean => state === 'OPEN' || state === 'DECLINED';

/** Stops a payment that nobody has paid. Now and then the money arrives after all. */
export const stopDeal = (world: World, deal: Deal): void => {
  if (!canBeStopped(deal)) return;
  turn(world, deal, 'CANCELLED', 'requested');
  if (world.faults.at('provider cancel', { 'captured after all': 0.2 }) === undefined) return;
  world.timers.set(world.now + 1000 + world.random.below(90_000), () => {
    world.note(`provider: ${deal.externalPaymentId} is captured after all`);
    take(world, deal, { certain: true });
  });
};

type Asked = { readonly key: string; readonly refundId: string; readonly amount: number };

const settleRefund = (world: World, deal: Deal, refund: GivenBack, state: GivenBack['state']) => {
  refund.state = state;
  happened(world, { deal, refund });
};

/** Whoever asks for a refund looks first whether there is one of this name. */
const listed = ({ refunds }: Deal, { key, refundId }: Asked): GivenBack | undefined =>
  refunds.get(key) ?? [...refunds.values()].find((one) => one.refundId === refundId);

const refuseRefund = (deal: Deal, amount: number): void => {
  if (isDisputed(deal)) throw new ProviderUnavailableError('disputed');
  if (amount > leftOf(deal)) throw new ProviderRefusedError('more-than-left');
};

/** Gives back what is left; the same refund for the same key. Now and then the key fails for ever. */
export const refundDeal = (world: World, deal: Deal, asked: Asked): GivenBack => {
  const known = listed(deal, asked);
  if (known !== undefined) return known;
  refuseRefund(deal, asked.amount);
  if (world.acquirer.spentKeys.has(asked.key)) throw new ProviderKeySpentError();
  const fault = world.faults.at('provider refund key', { 'key spent': 0.02, 'key spent after all': 0.04 });
  if (fault !== undefined) spend(world, asked.key, fault, () => makeRefund(world, deal, asked));
  return makeRefund(world, deal, asked);
};

/** It may take its time, or not succeed. */
const makeRefund = (world: World, deal: Deal, { key, refundId, amount }: Asked): GivenBack => {
  const fate = world.faults.at('provider refund', { fails: 0.12, 'fails later': 0.06, 'takes long': 0.2 });
  const state = fate === undefined ? 'COMPLETED' : fate === 'fails' ? 'FAILED' : 'PROCESSING';
  const refund: GivenBack = { refundId, externalRefundId: `re_${nextNumber(world)}`, amount, state };
  deal.refunds.set(key, refund);
  happened(world, { deal, refund });
  if (state === 'PROCESSING') {
    const end = fate === 'takes long' ? 'COMPLETED' : 'FAILED';
    const at = world.now + 5000 + world.random.below(120_000);
    world.timers.set(at, () => settleRefund(world, deal, refund, end));
  }
  return refund;
};

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
  world.acquirer.changes += 1;
};

/** Somebody gives a part of what is left back in the dashboard, or all of it. PayPay tells nobody. */
export const refundElsewhere = (world: World, deal: Deal): void => {
  const left = leftOf(deal);
  if (left <= 0 || isDisputed(deal)) return;
  const amount = world.random.chance(0.4) ? left : 1 + world.random.below(left);
  world.note(`provider: ${amount} of ${deal.externalPaymentId} is refunded in its dashboard`);
  happened(world, { deal, refund: byHand(world, deal, amount), certain: true });
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
