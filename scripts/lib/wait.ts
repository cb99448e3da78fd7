import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from './command';
import { elapsed, step } from './terminal';

/** Asks again and again until there is an answer. Returns undefined when the time is up. */
export const until = async <Answer>(
  ask: () => Promise<Answer | undefined>,
  { timeoutMs, everyMs = 50 }: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<Answer | undefined> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() > deadline) return answer;
    await sleep(everyMs);
  }
};

type Wait = { readonly timeoutMs: number; readonly everyMs?: number };

/** Runs a step that waits for something: `ORD-000001 is CONFIRMED`. Throws when it has not come when the time is up. */
export const stepUntil = <Answer>(what: string, ask: () => Promise<Answer | undefined>, wait: Wait): Promise<Answer> =>
  step({ doing: `waiting until ${what}`, done: what }, async () => {
    const answer = await until(ask, wait);
    if (answer !== undefined) return answer;
    throw new CommandError(`Not within ${elapsed(wait.timeoutMs)}: ${what}.`);
  });
