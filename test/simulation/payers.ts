import type { Deal } from './deal';
import { openDispute, refundElsewhere } from './elsewhere';
import { isPayable, take, takeAgain, turn } from './provider-ledger';
import type { World } from './world';

const plans = {
  pays: (world, deal) => at(world, 1000 + world.random.below(60_000), () => pay(world, deal)),
  'is declined, and pays': (world, deal) => {
    const first = 1000 + world.random.below(20_000);
    at(world, first, () => decline(world, deal));
    at(world, first + 1000 + world.random.below(60_000), () => pay(world, deal));
  },
  refuses: (world, deal) => at(world, 1000 + world.random.below(60_000), () => refuse(world, deal)),
  'gives up': () => undefined,
  'pays at the last moment': (world, deal) => {
    const left = Date.parse(deal.expiresAt) - world.now;
    at(world, Math.max(0, left) - 30_000 + world.random.below(90_000), () => pay(world, deal));
  },
  'pays as the page ends': (world, deal) => {
    const { endsAt = world.now + 60_000 } = deal;
    at(world, endsAt - world.now - 4000 + world.random.below(5000), () => pay(world, deal));
  },
} as const satisfies Readonly<Record<string, (world: World, deal: Deal) => void>>;

const chosen = [
  ...['pays', 'pays', 'pays', 'pays', 'pays', 'pays', 'is declined, and pays', 'refuses'],
  ...['gives up', 'pays at the last moment', 'pays as the page ends'],
] as readonly (keyof typeof plans)[];

const at = ({ timers, now }: World, delayMs: number, act: () => void) => timers.set(now + Math.max(0, delayMs), act);

/** The customer's money is taken at once, or as soon as we ask for it. Now and then it is not what was to be paid. */
const pay = (world: World, deal: Deal): void => {
  if (!isPayable(world, deal)) return;
  world.note(`customer pays ${deal.externalPaymentId} for ${deal.tenant}#${deal.orderId}`);
  if (world.random.chance(0.4)) turn(world, deal, 'AUTHORIZED');
  else takeNow(world, deal);
};

const takeNow = (world: World, deal: Deal): void => {
  const fault = world.faults.at('payment', { 'pays less': 0.06, 'pays twice': 0.06, 'a failure is told later': 0.1 });
  take(world, deal, { amount: fault === 'pays less' ? deal.amount - 1 : deal.amount });
  if (fault === 'a failure is told later')
    at(world, world.random.below(60_000), () => world.providerLedger.tell({ deal: { ...deal, state: 'FAILED' } }));
  if (fault === 'pays twice') at(world, world.random.below(20_000), () => takeAgain(world, deal));
  if (fault !== 'pays less') comesBack(world, deal);
};

/** Some of the money goes back without anybody here asking for it. PayPay knows no disputes. */
const comesBack = (world: World, deal: Deal): void => {
  const fault = world.faults.at('payment elsewhere', { 'is refunded': 0.4, 'is disputed': 0.45 });
  if (fault === 'is refunded') at(world, world.random.below(240_000), () => refundElsewhere(world, deal));
  if (fault === 'is disputed' && deal.provider === 'stripe')
    at(world, world.random.below(240_000), () => openDispute(world, deal));
};

const decline = (world: World, deal: Deal): void => {
  if (isPayable(world, deal)) turn(world, deal, 'DECLINED', 'insufficient_funds');
};

const refuse = (world: World, deal: Deal): void => {
  if (isPayable(world, deal)) turn(world, deal, 'FAILED', 'declined');
};

/** The provider itself ends what nobody has paid, some time after it might be paid. */
const expire = (world: World, deal: Deal): void => {
  const slack = world.random.below(300_000);
  const left = Date.parse(deal.expiresAt) + slack - world.now;
  at(world, left, () => {
    if (isPayable(world, deal)) turn(world, deal, 'CANCELLED', 'expired');
  });
};

/** Asks for a payment, and pays by the page that is shown. */
type Visits = (deal: Deal, pays: (shown: Deal) => void) => void;

/** A customer whose page has ended asks for the payment again, soon or later, and pays by what is shown. */
const comesBackTo = (world: World, deal: Deal, visits: Visits): void => {
  if (deal.endsAt === undefined || world.random.chance(0.3)) return;
  const soon = world.random.chance(0.6) ? 3000 : 200_000;
  const left = deal.endsAt - world.now + world.random.below(soon);
  at(world, left, () => visits(deal, (shown) => pay(world, shown)));
};

/** The customers of a payment that can be paid: most pay, some later than they may, some never. */
export const payers =
  (world: World, visits: Visits) =>
  (deal: Deal): void => {
    comesBackTo(world, deal, visits);
    const plan = world.random.pick(chosen);
    world.note(`customer of ${deal.tenant}#${deal.orderId}: ${plan}`);
    plans[plan](world, deal);
    if (world.random.chance(0.5)) expire(world, deal);
  };
