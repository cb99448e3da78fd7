import { workQueues } from '../../scripts/lib/system/queues';
import { findSystem } from '../../scripts/lib/system/system';
import { depthsOf, eventually } from './flow';

const steps = 3; // what an event causes is behind it: an order, its reservation, its confirmation

/**
 * Returns how one asks again and again whether a queue has been empty since now. One that holds every message back is seldom
 * empty beside other flows: what was in it is done with when the time has passed by, and nothing that is due is left.
 */
const asking = (queue: string) => {
  const since = Date.now();
  return async (): Promise<boolean> => {
    const { due, notDue, delaySeconds } = await depthsOf(queue);
    const hasPassed = delaySeconds > 0 && Date.now() - since > delaySeconds * 1000;
    return due === 0 && (notDue === 0 || hasPassed);
  };
};

/** Waits until each queue has been empty since: what was in it is done with, though others go on sending. */
export const seenEmpty = async (queues: readonly string[], timeoutMs = 180_000): Promise<void> => {
  await Promise.all(queues.map((queue) => eventually(`${queue} is empty`, asking(queue), timeoutMs)));
};

/** Waits until all that is on its way, and all that it causes, is done with. */
export const settledQueues = async (): Promise<void> => {
  const all = workQueues(await findSystem()).map(([name]) => name);
  for (let step = 0; step < steps; step += 1) await seenEmpty(all);
};
