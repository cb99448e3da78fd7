const maxKept = 10_000;

/**
 * Asks once and goes on with the answer for `ms`. What is not there is asked for each time, so that something new is seen
 * at once.
 */
export const remember = <Answer>(
  ask: (name: string) => Promise<Answer | undefined>,
  ms: number,
  now: () => number = Date.now,
): ((name: string) => Promise<Answer | undefined>) => {
  const kept = new Map<string, { answer: Answer; askedAt: number }>();
  return async (name) => {
    const known = kept.get(name);
    if (known !== undefined && now() - known.askedAt < ms) return known.answer;
    const askedAt = now();
    const answer = await ask(name);
    kept.delete(name);
    if (kept.size >= maxKept) kept.clear();
    if (answer !== undefined) kept.set(name, { answer, askedAt });
    return answer;
  };
};
