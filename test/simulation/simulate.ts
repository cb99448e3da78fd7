import './quiet';
import { chaos } from './chaos';
import { drain } from './drain';
import type { FaultScript } from './faults';
import { paidAfter } from './payment-effects';
import { BrokenPromiseError } from './promises';
import { seededRandom } from './random';
import { redriveEverything } from './redrive-everything';
import { prepare, type Run, type Simulation } from './simulation';
import { allOrders } from './world';

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
  /** How long after each payment its order was shown as paid, in seconds. */
  readonly paidAfter: readonly number[];
};

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
    paidAfter: paidAfter(simulation.world),
  });
  try {
    await play(simulation, run.seed % 3 === 0);
    return report(undefined);
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error;
    return report(error);
  }
};
