import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { issueWords } from './issue-words';
import { maxAmount, minorDigits, toMinor } from './money';
import { productFields } from './product-api';
import { type Cell, type CellContext, readCell } from './product-cells';
import { ProductId } from './text';

const { name, description, currency, taxRate, categories, status } = productFields;
const maxStock = 1_000_000_000;

/**
 * One row of a file of products: `price` in major units, `taxRate` in percent. What it does not say stays as it is, be it
 * that the column is missing or that the cell is empty.
 */
const Row = z.strictObject({
  productId: ProductId,
  name,
  price: z.number().nonnegative(),
  currency,
  taxRate: taxRate.optional(),
  description: description.optional(),
  categories: categories.optional(),
  status: status.optional(),
  stock: z.int().min(0).max(maxStock).optional(),
});
export type ProductRow = z.infer<typeof Row>;
type Column = keyof ProductRow;

const priceFault = ({ price: major, currency: code }: ProductRow): string | undefined => {
  if (Math.round(major * 10 ** minorDigits(code)) > maxAmount)
    return `must be at most ${maxAmount} minor units of ${code}`;
  return toMinor(major, code) === undefined
    ? `must have at most ${minorDigits(code)} decimals, as ${code} has`
    : undefined;
};

const columns = Object.keys(Row.shape) as Column[];
const required: readonly Column[] = ['productId', 'name', 'price', 'currency'];

/** One wrong cell. Rows are counted from 1, without the header, empty ones too: as the spreadsheet shows them. */
export type FileError = { readonly row: number; readonly column: string; readonly detail: string };

/** The rows of a file that are well formed, by their number, and what is wrong with the others. */
export type ProductFile = {
  /** How many rows are not empty. */
  readonly count: number;
  readonly rows: ReadonlyMap<number, ProductRow>;
  /** The first wrong cells, at most `maxFileErrors`. */
  readonly errors: readonly FileError[];
  readonly errorCount: number;
};

export type FileRead = { readonly file: ProductFile } | { readonly refused: string };

/** How many wrong cells are listed. */
export const maxFileErrors = 50;
const maxRecord = 128 * 1024; // characters of a row; a description has 5,000
const maxNamed = 5;
const emptyRows = 5; // for each that may be filled

class FileFault extends Error {
  override readonly name = 'FileFault';
}

const shown = (text: string) => (text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text);

const few = (problems: readonly string[]): string =>
  problems.slice(0, maxNamed).join('; ') +
  (problems.length > maxNamed ? `; and ${problems.length - maxNamed} more` : '');

const key = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
const byKey = new Map(columns.map((column) => [key(column), column]));

/** The column that a cell of the header names; nothing for an empty one. */
type Heading = Column | undefined;

const headingsOf = (header: readonly string[]): Heading[] => {
  const last = header.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (last > 10 * columns.length)
    throw new FileFault(`the header has ${last} columns; the columns are ${columns.join(', ')}`);
  const cells = header.slice(0, last).map((cell) => cell.trim());
  const headings = cells.map((cell) => byKey.get(key(cell)));
  const named = new Set<Heading>();
  const problems = cells.flatMap((cell, at) => {
    const heading = headings[at];
    if (heading === undefined) return cell === '' ? [] : [`unknown column "${shown(cell)}"`];
    const isTwice = named.has(heading);
    named.add(heading);
    return isTwice ? [`column ${heading} stands there twice`] : [];
  });
  const missing = required.filter((column) => !named.has(column)).map((column) => `column ${column} is missing`);
  const all = [...problems, ...missing];
  if (all.length > 0) throw new FileFault(`${few(all)}; the columns are ${columns.join(', ')}`);
  return headings;
};

const knownIn = (line: string, delimiter: string): number =>
  line.split(delimiter).filter((cell) => byKey.has(key(cell.replaceAll('"', '')))).length;

/** What stands between the cells: Excel writes what the region has, and may say so in a line `sep=;`. */
const delimiterOf = (text: string): { delimiter: string; rest: string } => {
  const said = /^"?sep=(.)"?[,;\t]*(\r\n|\r|\n)/i.exec(text);
  if (said?.[1] !== undefined) return { delimiter: said[1], rest: text.slice(said[0].length) };
  const [line = ''] = text
    .slice(0, 2000)
    .trimStart()
    .split(/[\r\n]/, 1);
  const [delimiter = ','] = [',', ';', '\t'].sort((one, other) => knownIn(line, other) - knownIn(line, one));
  return { delimiter, rest: text };
};

const csvWords: Readonly<Partial<Record<CsvError['code'], string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark opens a cell and nothing closes it',
  INVALID_OPENING_QUOTE: 'a cell has a quotation mark in it: put the cell in quotation marks, and double those within',
  CSV_INVALID_CLOSING_QUOTE: 'a quotation mark within a cell must be doubled ("")',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'a quotation mark within a cell must be doubled ("")',
  CSV_MAX_RECORD_SIZE: `a row has more than ${maxRecord} characters: is a quotation mark never closed?`,
};

const csvFault = (error: CsvError): FileFault => {
  const line = 'lines' in error ? ` (line ${error.lines})` : '';
  return new FileFault(`not CSV: ${csvWords[error.code] ?? 'the quotation marks do not match'}${line}`);
};

/** The text without the empty rows and columns at its end: a spreadsheet may write a million of them. */
const withoutEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && ' \t\r\n,;'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
};

/** At most `maxRecords` rows: short ones cost the parser an error each, so that their number must have a bound. */
const recordsOf = (text: string, delimiter: string, maxRecords: number): string[][] => {
  try {
    return parse(withoutEnd(text), {
      to: maxRecords,
      bom: true,
      delimiter,
      max_record_size: maxRecord,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      trim: true,
    });
  } catch (error) {
    throw error instanceof CsvError ? csvFault(error) : error;
  }
};

type Wrong = Omit<FileError, 'row'>;

const letters = (at: number): string =>
  (at < 26 ? '' : letters(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));

type Read = { readonly row: unknown; readonly wrong: readonly Wrong[] };

const noColumn = (text: string) =>
  `"${shown(text)}" stands where the header names no column: is a cell with a comma in it without quotation marks?`;

/** What one cell says, or what is wrong with it; nothing when it is empty. */
const readAt = (column: Heading, text: string, context: CellContext): Cell | undefined => {
  if (text === '') return undefined;
  return column === undefined ? { wrong: noColumn(text) } : readCell(column, text, context);
};

/** What the cells of a row say, and which are wrong. An empty cell says nothing. */
const readCells = (record: readonly string[], headings: readonly Heading[], delimiter: string): Read => {
  const context: CellContext = { delimiter, currency: record[headings.indexOf('currency')]?.trim() ?? '' };
  const row: Record<string, unknown> = {};
  const wrong: Wrong[] = [];
  for (const [at, cell] of record.entries()) {
    const column = headings[at] ?? letters(at);
    const read = readAt(headings[at], cell.trim(), context);
    if (read === undefined) continue;
    if ('wrong' in read) wrong.push({ column, detail: read.wrong });
    else row[column] = read.value;
  }
  return { row, wrong };
};

const wrongOf = (issue: z.core.$ZodIssue): Wrong[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.slice(0, maxFileErrors).map((unknown) => ({ column: shown(unknown), detail: 'unknown column' }))
    : [{ column: String(issue.path[0] ?? ''), detail: issueWords(issue) }];

const order = ({ column }: Wrong) => (columns as string[]).indexOf(column);

type Checked = { readonly row: ProductRow } | { readonly wrong: readonly Wrong[] };

/** The row, or all that is wrong with it by the order of the columns: what cannot be read is not missing besides. */
const checkRow = ({ row, wrong }: Read): Checked => {
  const parsed = Row.safeParse(row);
  if (!parsed.success) {
    const unread = new Set(wrong.map(({ column }) => column));
    const more = parsed.error.issues.flatMap(wrongOf).filter(({ column }) => !unread.has(column));
    return { wrong: [...wrong, ...more].sort((one, other) => order(one) - order(other)) };
  }
  if (wrong.length > 0) return { wrong };
  const fault = priceFault(parsed.data);
  return fault === undefined ? { row: parsed.data } : { wrong: [{ column: 'price', detail: fault }] };
};

/** The rows whose ID no row before them has. */
const uniqueRows = () => {
  const firstRow = new Map<string, number>();
  return (number: number, checked: Checked): Checked => {
    if ('wrong' in checked) return checked;
    const { productId } = checked.row;
    const first = firstRow.get(productId);
    if (first !== undefined)
      return { wrong: [{ column: 'productId', detail: `${productId} stands in row ${first} too` }] };
    firstRow.set(productId, number);
    return checked;
  };
};

const checkRows = (read: readonly (readonly [number, Read])[]): ProductFile => {
  const rows = new Map<number, ProductRow>();
  const errors: FileError[] = [];
  const unique = uniqueRows();
  let errorCount = 0;
  for (const [number, given] of read) {
    const checked = unique(number, checkRow(given));
    if ('row' in checked) rows.set(number, checked.row);
    else {
      errorCount += checked.wrong.length;
      errors.push(...checked.wrong.slice(0, maxFileErrors - errors.length).map((wrong) => ({ row: number, ...wrong })));
    }
  }
  return { count: read.length, rows, errors, errorCount };
};

const isBlank = (record: readonly string[]) => record.every((cell) => cell.trim() === '');

const readText = (text: string, { maxRows, elsewhere }: FileRules): ProductFile => {
  const { delimiter, rest } = delimiterOf(text);
  const maxRecords = emptyRows * maxRows;
  const records = recordsOf(rest, delimiter, maxRecords);
  const start = records.findIndex((record) => !isBlank(record));
  const header = records[start];
  if (header === undefined) throw new FileFault('there is no row in it');
  const headings = headingsOf(header);
  const other = headings.find((heading) => heading !== undefined && elsewhere[heading] !== undefined);
  if (other !== undefined) throw new FileFault(`column ${other}: ${elsewhere[other]}`);
  const filled = [...records.slice(start + 1).entries()].filter(([, record]) => !isBlank(record));
  if (records.length === maxRecords)
    throw new FileFault(
      `it has ${maxRecords} rows or more; a file may have ${maxRows}: split it, or delete its empty rows`,
    );
  if (filled.length === 0) throw new FileFault('there is no row in it');
  if (filled.length > maxRows) throw new FileFault(`it has ${filled.length} rows; a file may have ${maxRows}`);
  return checkRows(filled.map(([index, record]) => [index + 1, readCells(record, headings, delimiter)]));
};

export type Elsewhere = Readonly<Partial<Record<Column, string>>>;

/** What a file may have. */
export type FileRules = {
  readonly maxRows: number;
  /** Columns that are known but not loaded from this file, each with where that is changed instead. */
  readonly elsewhere: Elsewhere;
};

/** Reads a CSV file of products, or says why it is none. Work and answer are bounded by the text and `maxRows`. */
export const readProductFile = (text: string, rules: FileRules): FileRead => {
  try {
    return { file: readText(text, rules) };
  } catch (error) {
    if (error instanceof FileFault) return { refused: error.message };
    throw error;
  }
};

const notHere = (row: unknown, elsewhere: Elsewhere): Wrong[] =>
  (Object.entries(elsewhere) as [Column, string][])
    .filter(([column]) => typeof row === 'object' && row !== null && Object.hasOwn(row, column))
    .map(([column, detail]) => ({ column, detail }));

/** Checks rows that are objects already, as a JSON file has them, by the rules of the columns. */
export const checkProductRows = (rows: readonly unknown[], elsewhere: Elsewhere): ProductFile =>
  checkRows(rows.map((row, index) => [index + 1, { row, wrong: notHere(row, elsewhere) }]));
