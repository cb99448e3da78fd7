import { payPayIdOf } from '../../lambda/contracts/values/paypay-ids';
import type { Tenant } from '../../lambda/kernel/tenant';
import {
  type Charge,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type SnapshotState,
} from '../../lambda/payment/providers/provider';
import { type Deal, type GivenBack, isDisputed, leftOf, type News, pageOf, refundsOf } from './deal';
import type { World } from './world';

export const happened = ({ providerLedger }: World, news: News): void => {
  providerLedger.changes += 1;
  providerLedger.tell(news);
};

/** What the provider says of a payment at this moment. */
export const snapshotOf = ({ now, providerLedger }: World, deal: Deal): ProviderSnapshot => {
  const { externalPaymentId, state, amount, currency, captured, tenant, paymentId, failureReason } = deal;
  return {
    ...{ state, externalPaymentId, currency, tenant, paymentId },
    amount: state === 'CAPTURED' ? captured : amount,
    ...(deal.provider === 'stripe' ? { paymentIntentId: externalPaymentId } : {}),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(state === 'OPEN' ? { checkout: pageOf(deal) } : {}),
    ...(state === 'CAPTURED' ? refundsOf(deal) : {}),
    at: new Date(now + providerLedger.skewMs).toISOString(),
  };
};

export const nextNumber = ({ providerLedger }: World): number => {
  providerLedger.numbered += 1;
  return providerLedger.numbered;
};

type Owner = { readonly tenant: Tenant; readonly paymentId: string };

const idOf = (world: World, provider: Deal['provider'], owner: Owner): string => {
  if (provider === 'stripe') return `pi_${nextNumber(world)}`;
  const others = [...world.providerLedger.deals.values()].filter(
    ({ tenant, paymentId }) => tenant === owner.tenant && paymentId === owner.paymentId,
  );
  return payPayIdOf(owner, others.length === 0 ? '' : (360 + others.length).toString(36)); // "a1", "a2", …
};

const codeMs = 150_000;

const open = (world: World, charge: Charge, given: Pick<Deal, 'extra' | 'shownFrom'>): Deal => {
  const { tenant, paymentId, orderId, amount, currency, key, expiresAt, paymentMethod } = charge;
  const provider = paymentMethod === 'PAYPAY' ? 'paypay' : 'stripe';
  const externalPaymentId = idOf(world, provider, charge);
  const deal: Deal = {
    ...{ tenant, paymentId, orderId, amount, currency, key, expiresAt, provider, externalPaymentId, ...given },
    ...{ ours: false, state: 'OPEN', captured: 0, capturedAt: undefined, failureReason: undefined },
    refunds: new Map(),
    disputes: [],
    ...(provider === 'paypay' ? { endsAt: world.now + codeMs } : {}),
  };
  world.providerLedger.deals.set(externalPaymentId, deal);
  return deal;
};

const searchLagMs = 150_000;

/** The key fails for ever; now and then what was asked has happened all the same. */
const spend = (world: World, key: string, fault: string, happens: () => unknown): never => {
  world.providerLedger.spentKeys.add(key);
  if (fault === 'key spent after all') happens();
  throw new ProviderKeySpentError();
};

const openUnseen = (world: World, charge: Charge): void => {
  const shownFrom = world.now + world.random.below(searchLagMs);
  const deal = open(world, charge, { extra: false, shownFrom });
  world.providerLedger.byKey.set(charge.key, deal);
  happened(world, { deal });
};

/** A payment that can be paid; the same one for the same key. `opened` hears of a new one. */
export const createDeal = (world: World, charge: Charge, opened: (deal: Deal) => void): Deal => {
  const { byKey, refusedKeys, spentKeys } = world.providerLedger;
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
export const turn = (world: World, deal: Deal, state: Exclude<SnapshotState, 'CAPTURED'>, reason?: string): void => {
  if (deal.state === state) return;
  deal.state = state;
  deal.failureReason = reason;
  happened(world, { deal });
};

const canBeStopped = ({ state }: Deal) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

/** Whether the page to pay on has ended. */
export const isEnded = ({ now }: Pick<World, 'now'>, { endsAt }: Deal): boolean =>
  endsAt !== undefined && endsAt <= now;

/** Whether the customer may pay. */
export const isPayable = (world: World, deal: Deal): boolean =>
  (deal.state === 'OPEN' || deal.state === 'DECLINED') && !isEnded(world, deal);

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
export const listedRefund = ({ refunds }: Deal, { key, refundId }: Asked): GivenBack | undefined =>
  refunds.get(key) ?? [...refunds.values()].find((one) => one.refundId === refundId);

const refuseRefund = (deal: Deal, amount: number): void => {
  if (isDisputed(deal)) throw new ProviderUnavailableError('disputed');
  if (amount > leftOf(deal)) throw new ProviderRefusedError('more-than-left');
};

/** Gives back what is left; the same refund for the same key. Now and then the key fails for ever. */
export const refundDeal = (world: World, deal: Deal, asked: Asked, find = listedRefund): GivenBack => {
  const known = find(deal, asked);
  if (known !== undefined) return known;
  refuseRefund(deal, asked.amount);
  if (world.providerLedger.spentKeys.has(asked.key)) throw new ProviderKeySpentError();
  const fault = world.faults.at('provider refund key', { 'key spent': 0.02, 'key spent after all': 0.2 });
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
