import { possibleActions, startSweep } from './actions';
import type { Simulation } from './simulate';

const minute = 60_000;

const sweepWhenDue = (simulation: Simulation) => {
  const { world, system } = simulation;
  if (world.now < simulation.nextSweepAt) return;
  simulation.nextSweepAt = world.now - (world.now % minute) + minute;
  if (world.faults.at('sweep', { 'did not start': 0.05 }) === undefined) startSweep(world, system);
};

/** Time passes, and with it the minutes on which the sweep runs. */
export const pass = (simulation: Simulation, milliseconds: number): void => {
  simulation.world.now += milliseconds;
  sweepWhenDue(simulation);
};

/** Lets one thing happen, and checks the promises. False when everything waits for time to pass. */
export const step = async (simulation: Simulation): Promise<boolean> => {
  const { world, messages, system, shop } = simulation;
  const actions = possibleActions(world, messages, system, shop);
  const total = actions.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return false;
  let left = world.random.below(total);
  const action = actions.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  simulation.steps += 1;
  await action?.act();
  simulation.watch();
  pass(simulation, 1 + world.random.below(40));
  return true;
};

/** Nothing can happen now: time passes until something can. */
export const idle = (simulation: Simulation): void => {
  const { world, messages, shop } = simulation;
  let wake = Math.min(simulation.nextSweepAt, simulation.nextOperatorAt);
  for (const { messages: waiting } of messages.queues) {
    for (const { visibleAt } of waiting.values()) wake = Math.min(wake, visibleAt);
  }
  for (const { startsAt } of shop.open()) if (startsAt > world.now) wake = Math.min(wake, startsAt);
  pass(simulation, Math.max(1, wake - world.now));
};
