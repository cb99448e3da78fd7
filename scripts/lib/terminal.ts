import { createColors } from 'picocolors';
import { type Cell, type Column, table, wrap } from './table';

/** Where text goes: a stream of the process, or a test's own. */
export type Output = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  /** How wide a terminal is. */
  readonly columns?: number;
};

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** `850 ms`, `3.2 s`, `1 min 5 s`. */
export const elapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

const clearLine = '\r\u001b[2K';
const tick = { live: 200, plain: 10_000 };

/** Shows what a running step has reached: `120 of 250`. */
export type Report = (detail: string) => void;

type Environment = Readonly<Record<string, string | undefined>>;

const isLive = (out: Output, env: Environment) => out.isTTY === true && env.TERM !== 'dumb';

const painter =
  (out: Output, env: Environment) =>
  (colour: Colour, text: string): string =>
    createColors(isLive(out, env) && !env.NO_COLOR)[colour](text);

/** How many columns a line may have: as many as the terminal has, or COLUMNS says. What is piped has no limit. */
const widthOf = (out: Output, { COLUMNS }: Environment): number => {
  const chosen = Number(COLUMNS);
  if (Number.isInteger(chosen) && chosen > 0) return chosen;
  return (out.isTTY && out.columns) || Number.POSITIVE_INFINITY;
};

/**
 * What a step is called while it runs, and when it has succeeded: `placing ten orders`, `ten orders placed`. A function
 * that returns undefined for the result says that the step has failed.
 */
export type StepName<Result> =
  | string
  | { readonly doing: string; readonly done: string | ((result: Result) => string | undefined) };

const outcome = <Result>(name: StepName<Result>, result: Result): string | undefined => {
  if (typeof name === 'string') return name;
  return typeof name.done === 'string' ? name.done : name.done(result);
};

/** Wraps a sentence to the width of the terminal; its further lines are below its text when it begins with a mark. */
const flow = (text: string, width: number, mark = ''): string =>
  mark === ''
    ? wrap(text, width, { hard: false }).join('\n')
    : `${mark} ${wrap(text, width - 2, { hard: false }).join('\n  ')}`;

const cut = (text: string, width: number): string => wrap(text, width)[0] ?? '';

/** Shows a running step: in place on a terminal, else a line every ten seconds. Returns what ends it. */
const showRunning = (out: Output, env: Environment, doing: string) => {
  const startedAt = performance.now();
  const live = isLive(out, env);
  let detail = '';
  const text = (what: string) => `${what}${detail && `: ${detail}`} (${elapsed(performance.now() - startedAt)})`;
  const running = () => (live ? `${clearLine}${cut(`… ${text(doing)}`, widthOf(out, env) - 1)}` : `… ${text(doing)}\n`);
  const timer = setInterval(() => out.write(running()), live ? tick.live : tick.plain);
  return {
    report: (reached: string) => {
      detail = reached;
    },
    end: (mark: string, what: string) => {
      clearInterval(timer);
      out.write(`${live ? clearLine : ''}${flow(text(what), widthOf(out, env), mark)}\n`);
    },
  };
};

/** Writes for people: marks, tables and the progress of slow steps. Colours only on a terminal and without NO_COLOR. */
export const terminal = (out: Output = process.stdout, env: Environment = process.env) => {
  const paint = painter(out, env);
  const line = (text = '') => void out.write(`${text}\n`);
  const flowing = (text: string, mark?: string) => line(flow(text, widthOf(out, env), mark));
  const okMark = paint('green', '✓');
  const failMark = paint('red', '✗');
  return {
    /** Writes a line as it is: a command or an answer, which is to be copied. */
    line,
    /** Writes a sentence, wrapped to the width of the terminal, as are those after a mark and titles. */
    sentence: (text: string) => flowing(text),
    lineWidth: () => widthOf(out, env),
    paint,
    okMark,
    failMark,
    ok: (text: string) => flowing(text, okMark),
    fail: (text: string) => flowing(text, failMark),
    warn: (text: string) => flowing(text, paint('yellow', '!')),
    title: (text: string) => flowing(`\n${paint('bold', text)}`),
    table: (columns: readonly Column[], rows: readonly (readonly Cell[])[]) =>
      void out.write(table(columns, rows, widthOf(out, env))),

    /** Runs one slow step, shows how long it has been running, and ends its line with ✓ and what is done, or with ✗. */
    step: async <Result>(name: StepName<Result>, work: (report: Report) => Promise<Result>): Promise<Result> => {
      const doing = typeof name === 'string' ? name : name.doing;
      const running = showRunning(out, env, doing);
      try {
        const result = await work(running.report);
        const done = outcome(name, result);
        running.end(done === undefined ? failMark : okMark, done ?? doing);
        return result;
      } catch (error) {
        running.end(failMark, doing);
        throw error;
      }
    },
  };
};

/** The process's own terminal. */
export const {
  line: print,
  sentence,
  lineWidth,
  paint,
  okMark,
  failMark,
  ok,
  fail,
  warn,
  title,
  step,
  table: printTable,
} = terminal();

/** Writes one line to standard error. */
export const { line: printError } = terminal(process.stderr);

const maxRows = 50;

/** Prints a table that may be long: its first fifty rows, and how many more there are. */
export const printLongTable = (columns: readonly Column[], rows: readonly (readonly Cell[])[], rest = ''): void => {
  printTable(columns, rows.slice(0, maxRows));
  if (rows.length > maxRows) print(`  … and ${rows.length - maxRows} more${rest}`);
};
