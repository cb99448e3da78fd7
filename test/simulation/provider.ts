import {
  type PaymentProvider,
  type PaymentReference,
  ProviderRefusedError,
  ProviderUnavailableError,
} from '../../lambda/payment/providers/provider';
import type { Io } from '../stores/io';
import type { Deal, GivenBack } from './deal';
import { createDeal, type listedRefund, refundDeal, snapshotOf, stopDeal, take } from './provider-ledger';
import type { World } from './world';

const chances = {
  'takes it, too late to say so': 0.06,
  'goes down': 0.05,
};
const chancesOf: Readonly<Record<string, typeof chances>> = {
  capture: { ...chances, 'takes it, too late to say so': 0.25 }, // meanwhile the order may be cancelled
};

const longestOutage = 240_000;
const longestQuestion = 60_000; // what was asked has its effect by then, or never

const isOut = ({ now, providerLedger }: World) => now < providerLedger.downUntil;

const search = (now: number, deal: Deal | undefined): Deal | undefined =>
  deal === undefined || (deal.shownFrom ?? 0) > now ? undefined : deal;

const find = ({ now, providerLedger }: World, { externalPaymentId, key }: PaymentReference): Deal | undefined =>
  externalPaymentId === undefined
    ? search(now, providerLedger.byKey.get(key))
    : providerLedger.deals.get(externalPaymentId);

const known = (world: World, asked: PaymentReference): Deal => {
  const deal = find(world, asked);
  if (deal === undefined) throw new ProviderRefusedError('no such payment');
  return deal;
};

const told = ({ externalRefundId, amount, state }: GivenBack) => ({
  ...{ externalRefundId, amount, state },
  ...(state === 'FAILED' ? { failureReason: 'account closed' } : {}),
});

const isOfPort = (error: unknown) => error instanceof ProviderRefusedError || error instanceof ProviderUnavailableError;

const happensLater = (world: World, effect: () => unknown) => {
  const at = world.now + world.random.below(longestQuestion);
  world.timers.set(at, () => {
    try {
      effect();
    } catch (error) {
      if (!isOfPort(error)) throw error; // nobody hears of the refusal
    }
  });
};

/** What one query comes to: its answer, no answer, or no answer and an effect that comes later. */
const ask = <T>(world: World, name: string, effect: () => T): T => {
  const fault = world.faults.at(`provider.${name}`, chancesOf[name] ?? chances);
  if (fault === 'goes down') world.providerLedger.downUntil = world.now + world.random.below(longestOutage);
  if (isOut(world)) throw new ProviderUnavailableError('503');
  if (fault === undefined) return effect();
  happensLater(world, effect);
  throw new ProviderUnavailableError('timeout');
};

type Callbacks = { readonly opened: (deal: Deal) => void; readonly findRefund: typeof listedRefund };

/** The provider as one process sees it: every query may be lost, and so may every answer. */
export const fakeProvider = (world: World, io: Io, { opened, findRefund }: Callbacks): PaymentProvider => {
  const call = async <T>(name: string, effect: () => T): Promise<T> => {
    try {
      return await io(`provider.${name}`, () => ask(world, name, effect));
    } catch (error) {
      throw isOfPort(error) ? error : new ProviderUnavailableError('no answer', { cause: error });
    }
  };
  return {
    create: (charge) => call('create', () => snapshotOf(world, createDeal(world, charge, opened))),
    fetch: (asked) =>
      call('fetch', () => {
        const deal = find(world, asked);
        return deal && snapshotOf(world, deal);
      }),
    capture: (asked) =>
      call('capture', () => {
        const deal = known(world, asked);
        if (deal.state === 'AUTHORIZED') {
          deal.ours = true;
          take(world, deal);
        }
        return snapshotOf(world, deal);
      }),
    cancel: (asked) =>
      call('cancel', () => {
        const deal = known(world, asked);
        stopDeal(world, deal);
        return snapshotOf(world, deal);
      }),
    refund: (asked, refund) => call('refund', () => told(refundDeal(world, known(world, asked), refund, findRefund))),
  };
};
