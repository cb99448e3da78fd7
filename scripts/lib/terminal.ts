import stringWidth from 'string-width';

/** Where text goes: a stream of the process, or a test's own. */
export type Output = { readonly write: (text: string) => unknown; readonly isTTY?: boolean };

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };
export type Cell = string | number;

const pad = (text: string, width: number, align: Column['align']): string => {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
};

const oneLine = (cell: Cell): string => String(cell).replace(/\p{Cc}+/gu, ' '); // what came over a queue must not steer the terminal

/** Lays rows out under their titles. Full-width characters count as two columns, as terminals show them. */
export const table = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string => {
  const texts = rows.map((row) => columns.map((_, index) => oneLine(row[index] ?? '')));
  const widths = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...texts.map((row) => stringWidth(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join('  ')}`.trimEnd();
  return [line(columns.map(({ title }) => title)), line(widths.map((width) => '─'.repeat(width))), ...texts.map(line)]
    .map((text) => `${text}\n`)
    .join('');
};

/** `850 ms`, `3.2 s`, `1 min 5 s`. */
export const elapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

const clearLine = '\r\u001b[2K';
const tick = { live: 200, plain: 10_000 };

/** Tells what a running step has reached: `120 of 250`. */
export type Tell = (detail: string) => void;

type Environment = Readonly<Record<string, string | undefined>>;

const isLive = (out: Output, env: Environment) => out.isTTY === true && env.TERM !== 'dumb';

const painter =
  (out: Output, env: Environment) =>
  (colour: Colour, text: string): string => {
    const [on, off] = codes[colour];
    return isLive(out, env) && !env.NO_COLOR ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };

/** Shows a running step: in place on a terminal, else a line every ten seconds. Answers with what ends it. */
const showRunning = (out: Output, env: Environment, what: string) => {
  const startedAt = performance.now();
  const live = isLive(out, env);
  let detail = '';
  const text = () => `${what}${detail && `: ${detail}`} (${elapsed(performance.now() - startedAt)})`;
  const timer = setInterval(
    () => out.write(live ? `${clearLine}… ${text()}` : `… ${text()}\n`),
    live ? tick.live : tick.plain,
  );
  return {
    tell: (reached: string) => {
      detail = reached;
    },
    end: (mark: string) => {
      clearInterval(timer);
      out.write(`${live ? clearLine : ''}${mark} ${text()}\n`);
    },
  };
};

/** Writes for people: marks, tables and the progress of slow steps. Colours only on a terminal and without NO_COLOR. */
export const terminal = (out: Output = process.stdout, env: Environment = process.env) => {
  const paint = painter(out, env);
  const line = (text = '') => void out.write(`${text}\n`);
  const okMark = paint('green', '✓');
  const failMark = paint('red', '✗');
  return {
    line,
    paint,
    okMark,
    failMark,
    ok: (text: string) => line(`${okMark} ${text}`),
    fail: (text: string) => line(`${failMark} ${text}`),
    warn: (text: string) => line(`${paint('yellow', '!')} ${text}`),
    title: (text: string) => line(`\n${paint('bold', text)}`),
    table: (columns: readonly Column[], rows: readonly (readonly Cell[])[]) => void out.write(table(columns, rows)),

    /** Runs one slow step, shows how long it has been running, and ends its line with ✓ or ✗. */
    step: async <Result>(what: string, work: (tell: Tell) => Promise<Result>): Promise<Result> => {
      const running = showRunning(out, env, what);
      try {
        const result = await work(running.tell);
        running.end(okMark);
        return result;
      } catch (error) {
        running.end(failMark);
        throw error;
      }
    },
  };
};

export type Terminal = ReturnType<typeof terminal>;

/** The process's own terminal. */
export const { line: print, paint, okMark, failMark, ok, fail, warn, title, step, table: printTable } = terminal();

/** Writes one line to standard error. */
export const { line: printError } = terminal(process.stderr);

const maxRows = 50;

/** Prints a table that may be long: its first fifty rows, and how many more there are. */
export const printLongTable = (columns: readonly Column[], rows: readonly (readonly Cell[])[], rest = ''): void => {
  printTable(columns, rows.slice(0, maxRows));
  if (rows.length > maxRows) print(`  … and ${rows.length - maxRows} more${rest}`);
};
