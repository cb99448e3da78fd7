import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is an answer. Answers `undefined` when the time is up. */
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
