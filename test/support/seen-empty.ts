import { workQueues } from '../../scripts/lib/system/queues';
import { findSystem } from '../../scripts/lib/system/system';
import { depthsOf, eventually } from './flow';

const steps = 3; // what an event causes is behind it: an order, its reservation, its confirmation

const holdsBack = ({ delaySeconds }: { readonly delaySeconds: number }) => delaySeconds > 0;

/**
 * Returns how one asks again and again whether a queue has been empty since now. One that holds every message back is seldom
 * empty beside other flows: what was in it is done with when the time has passed by, and nothing that is due is left.
 */
const asking = (queue: string) => {
  const since = Date.now();
  return async (): Promise<boolean> => {
    const { due, notDue, delaySeconds } = await depthsOf(queue);
    const hasPassed = holdsBack({ delaySeconds }) && Date.now() - since > delaySeconds * 1000;
    return due === 0 && (notDue === 0 || hasPassed);
  };
};

/** Waits until each queue has been empty since: what was in it is done with, though others go on sending. */
export const seenEmpty = async (queues: readonly string[], timeoutMs = 180_000): Promise<void> => {
  await Promise.all(queues.map((queue) => eventually(`${queue} is empty`, asking(queue), timeoutMs)));
};

/** The work queues that hand a message on at once, and those that hold each one back first. */
const queuesByDelay = async (): Promise<{ readonly direct: string[]; readonly held: string[] }> => {
  const all = workQueues(await findSystem()).map(([name]) => name);
  const depths = await Promise.all(all.map(async (name) => ({ name, ...(await depthsOf(name)) })));
  const names = (queues: typeof depths) => queues.map(({ name }) => name);
  return { direct: names(depths.filter((queue) => !holdsBack(queue))), held: names(depths.filter(holdsBack)) };
};

/** Waits until all that is on its way through queues that hold nothing back, and all that it causes, is done with. */
const settledDirect = async (): Promise<void> => {
  const { direct } = await queuesByDelay();
  for (let step = 0; step < steps; step += 1) await seenEmpty(direct);
};

/**
 * Waits until all that is on its way, and all that it causes, is done with: `settle` waits for what no queue holds back. What
 * is held back is waited for once, since nothing that it causes is held back again.
 */
export const settledQueues = async (settle: (direct: () => Promise<void>) => Promise<void> = (direct) => direct()) => {
  await settle(settledDirect);
  await seenEmpty((await queuesByDelay()).held);
  await settle(settledDirect);
};
