import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };
export type Cell = string | number;

const indent = 2;
const gap = 2;
/** Below this width a wrapped cell is harder to read than a line of its own. */
const narrowest = 24;

/** Fills a text up to a width, counting full-width characters as two. */
export const pad = (text: string, width: number, align: Column['align'] = 'left'): string => {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
};

const oneLine = (cell: Cell): string => String(cell).replace(/\p{Cc}+/gu, ' '); // what came over a queue must not steer the terminal

/**
 * Breaks a text into lines of at most `width` columns, at blanks where it has them. Not `hard`, a longer word such as a
 * URL stays whole.
 */
export const wrap = (text: string, width: number, { hard = true } = {}): string[] =>
  Number.isFinite(width) ? wrapAnsi(text, Math.max(2, width), { hard }).split('\n') : [text];

type Laid = { readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] };

const naturalWidths = ({ columns, rows }: Laid): number[] =>
  columns.map(({ title }, index) => Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[index] ?? ''))));

const spaceOf = (widths: readonly number[]): number =>
  indent + widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);

/** The widest that a column may be so that all of them fit. */
const widthLimit = (widths: readonly number[], available: number): number => {
  let limit = Math.max(...widths);
  while (limit > 1 && spaceOf(widths.map((width) => Math.min(width, limit))) > available) limit -= 1;
  return limit;
};

const lineOf = (cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string =>
  `${' '.repeat(indent)}${cells
    .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
    .join(' '.repeat(gap))}`.trimEnd();

const headOf = (columns: readonly Column[], widths: readonly number[]): string[] => [
  ...wrapRow(
    columns.map(({ title }) => title),
    columns,
    widths,
  ),
  lineOf(
    widths.map((width) => '─'.repeat(width)),
    columns,
    widths,
  ),
];

const wrapRow = (row: readonly string[], columns: readonly Column[], widths: readonly number[]): string[] => {
  const cells = columns.map((_, index) => wrap(row[index] ?? '', widths[index] ?? 0));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    lineOf(
      cells.map((lines) => lines[at] ?? ''),
      columns,
      widths,
    ),
  );
};

const inColumns = ({ columns, rows }: Laid, widths: readonly number[]): string[] => [
  ...headOf(columns, widths),
  ...rows.flatMap((row) => wrapRow(row, columns, widths)),
];

/** The columns that fit, and below each row what is in the others, with their titles. */
const stacked = ({ columns, rows }: Laid, widths: readonly number[], available: number): string[] => {
  const fitting = columns.filter((_, index) => spaceOf(widths.slice(0, index + 1)) <= available).length;
  const shown = Math.max(1, fitting);
  const head = columns.slice(0, shown);
  const headWidths = widths.slice(0, shown).map((width) => Math.min(width, available - indent));
  const rest = columns.slice(shown);
  const titleWidth = Math.max(0, ...rest.map(({ title }) => stringWidth(title)));
  const start = 2 * indent + 2 + titleWidth + gap;
  const below = (row: readonly string[]) =>
    rest.flatMap(({ title }, index) => {
      const text = row[shown + index] ?? '';
      if (text === '') return [];
      const lines = wrap(text, available - start);
      return lines.map((line, at) => `${' '.repeat(2 * indent + 2)}${pad(at === 0 ? title : '', titleWidth)}  ${line}`);
    });
  return [...headOf(head, headWidths), ...rows.flatMap((row) => [...wrapRow(row, head, headWidths), ...below(row)])];
};

/** The length of the longest URL, which is to be copied whole. */
const longestAddress = ({ rows }: Laid): number =>
  Math.max(
    0,
    ...rows.flat().flatMap((cell) =>
      cell
        .split(' ')
        .filter((word) => word.includes('://'))
        .map(stringWidth),
    ),
  );

/**
 * Lays rows out under their titles, in lines of at most `available` columns. Full-width characters count as two, as
 * terminals show them. Long cells are wrapped; where that would leave them too narrow, or break a URL, the last columns go below the row.
 */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  available = Number.POSITIVE_INFINITY,
): string => {
  const laid = { columns, rows: rows.map((row) => columns.map((_, index) => oneLine(row[index] ?? ''))) };
  const widths = naturalWidths(laid);
  const limit = widthLimit(widths, available);
  const fits = spaceOf(widths) <= available || (limit >= narrowest && longestAddress(laid) <= limit);
  const lines = fits
    ? inColumns(
        laid,
        widths.map((width) => Math.min(width, limit)),
      )
    : stacked(laid, widths, available);
  return lines.map((line) => `${line}\n`).join('');
};
