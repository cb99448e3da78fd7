import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './one-connection';

export type Load = {
  readonly url: string;
  readonly count: number;
  readonly perSecond: number;
  readonly bodyOf: (n: number) => unknown;
};

/** What became of a load: how many requests were answered with each status, and when the last answer came. */
export type Answered = { readonly statuses: Readonly<Record<number, number>>; readonly endedAt: number };

/** Sends requests at a steady rate, whether or not those before have been answered, as customers do. */
export const sendSteadily = async ({ url, count, perSecond, bodyOf }: Load): Promise<Answered> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const started = performance.now();
  const sent: Promise<number>[] = [];
  for (let n = 0; n < count; n += 1) {
    await sleep(Math.max(0, started + (n * 1000) / perSecond - performance.now()));
    sent.push(send(agent, url, JSON.stringify(bodyOf(n))).catch(() => 0)); // 0: nobody answered
  }
  const statuses: Record<number, number> = {};
  for (const status of await Promise.all(sent)) statuses[status] = (statuses[status] ?? 0) + 1;
  agent.destroy();
  return { statuses, endedAt: performance.now() };
};
