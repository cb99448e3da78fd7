import { possibleActions, startScheduled } from './actions';
import type { Simulation } from './simulation';

const minute = 60_000;

const sweepWhenDue = (simulation: Simulation) => {
  const { world, system } = simulation;
  if (world.now < simulation.nextSweepAt) return;
  simulation.nextSweepAt = world.now - (world.now % minute) + minute;
  const names = world.online.size > 0 ? (['sweep', 'poll', 'checkDeadlines'] as const) : (['sweep'] as const);
  for (const name of names)
    if (world.faults.at(name, { 'did not start': 0.05 }) === undefined) startScheduled(world, system, name);
};

/** Time passes, and with it the minutes on which the sweeps run, and what happens by itself. */
export const pass = async (simulation: Simulation, milliseconds: number): Promise<void> => {
  const { world } = simulation;
  world.now += milliseconds;
  sweepWhenDue(simulation);
  if (world.timers.next() > world.now) return;
  world.timers.fire(world.now);
  await new Promise((resolve) => setImmediate(resolve)); // whoever slept goes on
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
  await pass(simulation, 1 + world.random.below(40));
  return true;
};

/** Nothing can happen now: time passes until something can. */
export const idle = async (simulation: Simulation): Promise<void> => {
  const { world, messages, shop } = simulation;
  let wake = Math.min(simulation.nextSweepAt, simulation.nextOperatorAt, world.timers.next());
  for (const { messages: waiting } of messages.queues) {
    for (const { visibleAt } of waiting.values()) wake = Math.min(wake, visibleAt);
  }
  for (const { restsUntil, relaying, at, changes } of Object.values(world.streams))
    if (!relaying && at < changes.length && restsUntil > world.now) wake = Math.min(wake, restsUntil);
  for (const { startsAt } of shop.open()) if (startsAt > world.now) wake = Math.min(wake, startsAt);
  await pass(simulation, Math.max(1, wake - world.now));
};
