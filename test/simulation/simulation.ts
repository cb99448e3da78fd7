import './quiet';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { clients } from './clients';
import { closers } from './closers';
import { newProviderLedger } from './deal';
import { effectSeen } from './effects';
import { type FaultScript, type Faults, type Favour, lostWebhooks, scriptedFaults, seededFaults } from './faults';
import { watcher } from './invariants';
import { merchants } from './merchants';
import { messaging } from './messaging';
import { type Parts, soundParts } from './parts';
import { paymentStaff } from './payment-staff';
import { people } from './people';
import { openShops } from './product-stock';
import { calm, type Random, seededRandom, unitOf } from './random';
import { returners } from './returners';
import { wishes } from './shop';
import { stockStaff } from './stock-staff';
import { system } from './system';
import { webhooks } from './webhooks';
import { emptyWorld, startOfTime } from './world';

/** How a run ends for orders that are short: left waiting, served after a restock, or given up at their deadline. */
const endings = ['wait', 'restock', 'expire'] as const;
export type Ending = (typeof endings)[number];

/** One run. Its faults follow from the seed unless a script names them. */
export type Run = {
  readonly seed: number;
  readonly script?: FaultScript;
  /** Which of the orders that follow from the seed the clients want, by number. @default all */
  readonly wanted?: readonly number[];
  /** What may happen next is taken in turn, not by chance. */
  readonly calm?: boolean;
  readonly parts?: Parts;
  /** Whether a shop is paid online. @default as follows from the seed */
  readonly online?: boolean;
  /** Faults that come more often than usual. @default none */
  readonly favour?: Favour;
  /** Nothing goes wrong but that this share of the webhooks is lost. */
  readonly webhooksLost?: number;
};

/** How many of the runs have a shop that is paid online: few of those that every test run repeats. */
const onlineShareOf = (seed: number): number => (seed <= 2000 ? 0.03 : 0.25);
const onlineShop = trustedTenant('shop-b');

const maxSkewMs = 240_000; // between the providers' clock and ours

const intensities = [0, 0.5, 1, 1, 1, 2, 3];

const faultsOf = ({ seed, script, webhooksLost, favour }: Run, intensity: number): Faults => {
  if (webhooksLost !== undefined) return lostWebhooks(seed, webhooksLost);
  return script === undefined ? seededFaults(seed, intensity, favour) : scriptedFaults(script);
};

/** Returns a run that has not begun: an empty world, its shops and everybody who acts in it. */
export const prepare = (run: Run, scenario: Random, history: string[]) => {
  const intensity = scenario.pick(intensities);
  const faults = faultsOf(run, intensity);
  const providerLedger = newProviderLedger(Math.round(maxSkewMs * (2 * unitOf(run.seed, 'skew') - 1)));
  const random = run.calm ? calm : seededRandom(~run.seed);
  const world = emptyWorld(faults, random, (line) => history.push(line), providerLedger);
  if (run.online ?? unitOf(run.seed, 'online') < onlineShareOf(run.seed)) world.online.add(onlineShop);
  openShops(world, scenario);
  const all = wishes(scenario, world, (world.online.size > 0 ? 3 : 1) + scenario.below(7));
  const intents = all.filter((_, index) => run.wanted?.includes(index) ?? true);
  const parts = run.parts ?? soundParts;
  world.rewrite = parts.rewrite;
  const messages = messaging(world, (queue, parcel) => effectSeen(world, queue, parcel));
  if (world.online.size > 0) webhooks(world, parts);
  const watched = watcher(world, parts, intents);
  const alertClosers = closers(world, parts);
  return {
    world,
    messages,
    system: system(world, messages, parts),
    shop: clients(world, parts, intents),
    people: people(world, parts, intents),
    stockStaff: stockStaff(world, parts),
    merchants: merchants(world, parts),
    returners: returners(world, parts),
    paymentStaff: paymentStaff(world, parts),
    closers: alertClosers,
    intents,
    ...watched,
    watch: () => {
      watched.watch();
      alertClosers.watch();
    },
    ending: scenario.pick<Ending>(endings),
    steps: 0,
    nextSweepAt: startOfTime + 60_000,
    nextOperatorAt: startOfTime,
    audited: false,
  };
};

/** Everything that one run is made of. */
export type Simulation = ReturnType<typeof prepare>;
