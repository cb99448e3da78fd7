import { isDeepStrictEqual } from 'node:util';
import { tooManyQueues } from './actions';
import { settle } from './drain';
import { effectsOf } from './effects';
import { fillStock } from './product-stock';
import { broken } from './promises';
import type { Parcel } from './queues';
import type { Simulation } from './simulation';
import { subscribersOf } from './subscriptions';

const pick = (effects: object, name: string): unknown => Object.entries(effects).find(([key]) => key === name)?.[1];

const resend = ({ world, messages }: Simulation, parcel: Parcel) => {
  const queues = world.random.chance(0.2) ? tooManyQueues(world, parcel.type) : subscribersOf(world, parcel.type);
  const times = 1 + world.random.below(3);
  for (const queue of Array.from({ length: times }, () => queues).flat()) messages.send(queue, parcel);
};

/** Sends every event that was ever published again, up to three times, to its queues or to all: nothing may change. */
export const redriveEverything = async (simulation: Simulation): Promise<void> => {
  const { world, messages, ending } = simulation;
  if (ending === 'wait') return; // what waits for goods would get them now
  fillStock(world); // so that nothing is refused for want of goods alone
  await settle(simulation, 20);
  const before = structuredClone(effectsOf(world));
  for (const parcel of [...messages.published.values()]) resend(simulation, parcel);
  world.note('--- everything is redriven ---');
  await settle(simulation, 20);
  const after = structuredClone(effectsOf(world));
  const changed = Object.keys(before).filter((name) => !isDeepStrictEqual(pick(before, name), pick(after, name)));
  if (changed.length > 0) broken('P7', `redriving changed the ${changed.join(', ')}`);
};
