import type { Io } from '../stores/io';

type Call = { readonly task: number; readonly perform: () => void };

/** Starts tasks that wait at each call until they are told to go on. */
const startAll = (tasks: readonly ((io: Io) => Promise<unknown>)[]) => {
  const calls: Call[] = [];
  const ioOf =
    (task: number): Io =>
    (_, effect) =>
      new Promise((resolve, reject) => {
        const perform = () => {
          try {
            resolve(effect());
          } catch (error) {
            reject(error);
          }
        };
        calls.push({ task, perform });
      });
  const ended = Promise.allSettled(tasks.map((run, task) => run(ioOf(task))));
  return { calls, ended };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Which calls may come next. Tasks that do the same are interchangeable, so the first call of one is made only after
 * the first call of its twin before it.
 */
const choicesOf = (
  calls: readonly Call[],
  started: ReadonlySet<number>,
  twinOf: (task: number) => number | undefined,
) =>
  calls.filter(({ task }) => {
    const twin = twinOf(task);
    return started.has(task) || twin === undefined || started.has(twin);
  });

type Scenario = {
  readonly tasks: readonly ((io: Io) => Promise<unknown>)[];
  /** The task before this one that does the same, if any. */
  readonly twinOf: (task: number) => number | undefined;
};

/** Runs the scenario along one path; `path` says which call comes next at each point, and grows by first choices. */
const follow = async ({ tasks, twinOf }: Scenario, path: number[]): Promise<number[]> => {
  const { calls, ended } = startAll(tasks);
  const started = new Set<number>();
  const widths: number[] = [];
  await settled();
  while (calls.length > 0) {
    const choices = choicesOf(calls, started, twinOf);
    const next = choices[path[widths.length] ?? 0];
    if (next === undefined) throw new Error('no such path');
    widths.push(choices.length);
    started.add(next.task);
    calls.splice(calls.indexOf(next), 1);
    next.perform();
    await settled();
  }
  await ended;
  return widths;
};

/** The next path in depth-first order, or nothing after the last. */
const nextPath = (path: readonly number[], widths: readonly number[]): number[] | undefined => {
  for (let at = widths.length - 1; at >= 0; at -= 1) {
    const choice = (path[at] ?? 0) + 1;
    if (choice < (widths[at] ?? 0)) return [...widths.slice(0, at).map((_, index) => path[index] ?? 0), choice];
  }
  return undefined;
};

/** Runs a new scenario along every path there is, and has each end checked. Answers with how many there were. */
export const everyInterleaving = async (open: () => Scenario & { readonly check: () => void }): Promise<number> => {
  let paths = 0;
  for (let path: number[] | undefined = []; path !== undefined; paths += 1) {
    const scenario = open();
    const widths = await follow(scenario, path);
    scenario.check();
    path = nextPath(path, widths);
  }
  return paths;
};
