import { isDeepStrictEqual } from 'node:util';
import { settle } from './drain';
import { effectsOf } from './effects';
import { queueNames, subscriptions } from './messaging';
import { broken } from './promises';
import { fillShelves } from './shop';
import type { Simulation } from './simulate';

/** Sends every event that was ever published again, up to three times, to its queues or to all: nothing may change. */
export const redriveEverything = async (simulation: Simulation): Promise<void> => {
  const { world, messages, ending } = simulation;
  if (ending === 'wait') return; // what waits for goods may get them now
  fillShelves(world); // so that nothing is refused for want of goods alone
  const before = structuredClone(effectsOf(world));
  for (const parcel of [...messages.published.values()]) {
    const queues = world.random.chance(0.3) ? queueNames : (subscriptions[parcel.type] ?? []);
    for (let times = 1 + world.random.below(3); times > 0; times -= 1) {
      for (const queue of queues) messages.send(queue, parcel);
    }
  }
  world.note('--- everything is redriven ---');
  await settle(simulation, 20);
  const after = structuredClone(effectsOf(world));
  for (const [name, effects] of Object.entries(before)) {
    if (isDeepStrictEqual(effects, after[name as keyof typeof after])) continue;
    broken('P7', `redriving changed the ${name}`);
  }
};
