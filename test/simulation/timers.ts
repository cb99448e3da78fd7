/** Something that happens by itself once its time has come. */
type Timer = { readonly at: number; readonly act: () => void };

/** What is to happen later, in the order of its time. */
export const timers = () => {
  const waiting: Timer[] = [];
  return {
    set: (at: number, act: () => void): void => {
      const index = waiting.findIndex((timer) => timer.at > at);
      waiting.splice(index < 0 ? waiting.length : index, 0, { at, act });
    },
    /** When the next one is due. */
    next: (): number => waiting[0]?.at ?? Number.POSITIVE_INFINITY,
    /** Does all that is due by then. */
    fire: (now: number): void => {
      while (waiting[0] !== undefined && waiting[0].at <= now) waiting.shift()?.act();
    },
    left: (): number => waiting.length,
  };
};

export type Timers = ReturnType<typeof timers>;
