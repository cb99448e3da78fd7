import { chaos } from './chaos';
import { clients } from './clients';
import { drain, type Ending, endings } from './drain';
import { effectSeen } from './effects';
import { type FaultScript, scriptedFaults, seededFaults } from './faults';
import { watcher } from './invariants';
import { keepers } from './keepers';
import { merchants } from './merchants';
import { messaging } from './messaging';
import { type Parts, soundParts } from './parts';
import { people } from './people';
import { BrokenPromiseError } from './promises';
import { calm, type Random, seededRandom } from './random';
import { redriveEverything } from './redrive-everything';
import { returners } from './returners';
import { openShops } from './shelves';
import { wishes } from './shop';
import { system } from './system';
import { allOrders, emptyWorld, startOfTime } from './world';

/** One run. Its faults follow from the seed unless a script names them. */
export type Run = {
  readonly seed: number;
  readonly script?: FaultScript;
  /** Which of the orders that follow from the seed the clients want, by number. @default all */
  readonly wanted?: readonly number[];
  /** What may happen next is taken in turn, not by chance. */
  readonly calm?: boolean;
  readonly parts?: Parts;
};

export type Report = {
  readonly seed: number;
  readonly broken: BrokenPromiseError | undefined;
  readonly faults: FaultScript;
  /** With a script: every place where something can go wrong, and what. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  readonly steps: number;
  /** How many orders the clients wanted, and how many are stored. */
  readonly wanted: number;
  readonly orders: number;
  readonly history: readonly string[];
};

const intensities = [0, 0.5, 1, 1, 1, 2, 3];

const prepare = (run: Run, scenario: Random, history: string[]) => {
  const intensity = scenario.pick(intensities);
  const faults = run.script === undefined ? seededFaults(run.seed, intensity) : scriptedFaults(run.script);
  const world = emptyWorld(faults, run.calm ? calm : seededRandom(~run.seed), (line) => history.push(line));
  openShops(world, scenario);
  const all = wishes(scenario, startOfTime, 1 + scenario.below(7));
  const intents = all.filter((_, index) => run.wanted?.includes(index) ?? true);
  const parts = run.parts ?? soundParts;
  const messages = messaging(world, (queue, parcel) => effectSeen(world, queue, parcel));
  return {
    world,
    messages,
    system: system(world, messages, parts),
    shop: clients(world, parts, intents),
    people: people(world, parts, intents),
    keepers: keepers(world, parts),
    merchants: merchants(world, parts),
    returners: returners(world, parts),
    intents,
    ...watcher(world, parts, intents),
    ending: scenario.pick<Ending>(endings),
    steps: 0,
    nextSweepAt: startOfTime + 60_000,
    nextOperatorAt: startOfTime,
    audited: false,
  };
};

/** Everything that one run is made of. */
export type Simulation = ReturnType<typeof prepare>;

const play = async (simulation: Simulation, redriven: boolean): Promise<void> => {
  const { world } = simulation;
  await chaos(simulation);
  world.note('--- no more faults ---');
  world.faults.stop();
  await drain(simulation);
  simulation.checkTheEnd();
  if (redriven) await redriveEverything(simulation);
};

/** Runs one seed from the first order to the last event, and says which promise broke, if any. */
export const simulate = async (run: Run): Promise<Report> => {
  const history: string[] = [];
  const simulation = prepare(run, seededRandom(run.seed), history);
  const report = (broken: BrokenPromiseError | undefined): Report => ({
    seed: run.seed,
    broken,
    faults: simulation.world.faults.fired,
    places: simulation.world.faults.places,
    steps: simulation.steps,
    wanted: simulation.intents.length,
    orders: allOrders(simulation.world).length,
    history,
  });
  try {
    await play(simulation, run.seed % 3 === 0);
    return report(undefined);
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error;
    return report(error);
  }
};
