import { workQueues } from '../../scripts/lib/system/queues';
import { findSystem } from '../../scripts/lib/system/system';
import { depthOf, eventually } from './flow';

const steps = 3; // what an event causes is behind it: an order, its reservation, its confirmation

/** Waits until each queue has been empty since: what was in it is done with, though others go on sending. */
export const seenEmpty = async (queues: readonly string[], timeoutMs = 180_000): Promise<void> => {
  await Promise.all(
    queues.map((queue) => eventually(`${queue} is empty`, async () => (await depthOf(queue)) === 0, timeoutMs)),
  );
};

/** Waits until all that is on its way, and all that it causes, is done with. */
export const settledQueues = async (): Promise<void> => {
  const all = workQueues(await findSystem()).map(([name]) => name);
  for (let step = 0; step < steps; step += 1) await seenEmpty(all);
};
