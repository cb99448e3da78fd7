import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { issueWords } from '../api/issue-words';
import { productFields } from '../api/product-api';
import { maxAmount, minorDigits, toMinor } from '../values/money';
import { ProductId } from '../values/text';
import { type Cell, type CellContext, readCell } from './product-cells';

const { name, description, currency, taxRate, categories, status } = productFields;
const maxStock = 1_000_000_000;

/**
 * One row of a file of products: `price` in major units, `taxRate` in percent. A missing column or an empty cell leaves
 * the field unchanged.
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

/** One invalid cell. Rows are numbered from 1 after the header, including empty ones. */
export type FileError = { readonly row: number; readonly column: string; readonly detail: string };

/** The valid rows of a file by their number, and the errors of the others. */
export type ProductFile = {
  /** The number of rows that are not empty. */
  readonly count: number;
  readonly rows: ReadonlyMap<number, ProductRow>;
  /** The first invalid cells, at most `maxFileErrors`. */
  readonly errors: readonly FileError[];
  readonly errorCount: number;
};

export type FileRead = { readonly file: ProductFile } | { readonly refused: string };

/** The largest number of listed errors. */
export const maxFileErrors = 50;
const maxRecord = 128 * 1024; // characters of a row; a description has 5,000
const maxNamed = 5;
const emptyRows = 5; // allowed for each filled one

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

/** The column of a header cell. Undefined for an empty one. */
type Heading = Column | undefined;

const headingsOf = (header: readonly string[], elsewhere: Elsewhere): Heading[] => {
  const here = `the columns are ${columns.filter((column) => elsewhere[column] === undefined).join(', ')}`;
  const last = header.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (last > 10 * columns.length) throw new FileFault(`the header has ${last} columns; ${here}`);
  const cells = header.slice(0, last).map((cell) => cell.trim());
  const headings = cells.map((cell) => byKey.get(key(cell)));
  const named = new Set<Heading>();
  const problems = cells.flatMap((cell, at) => {
    const heading = headings[at];
    if (heading === undefined) return cell === '' ? [] : [`unknown column "${shown(cell)}"`];
    const isTwice = named.has(heading);
    named.add(heading);
    return isTwice ? [`column ${heading} is there twice`] : [];
  });
  const missing = required.filter((column) => !named.has(column)).map((column) => `column ${column} is missing`);
  const all = [...problems, ...missing];
  if (all.length > 0) throw new FileFault(`${few(all)}; ${here}`);
  return headings;
};

const knownIn = (line: string, delimiter: string): number =>
  line.split(delimiter).filter((cell) => byKey.has(key(cell.replaceAll('"', '')))).length;

/** Finds the separator of cells. Excel uses the region's, and may name it in a line `sep=;`. */
const delimiterOf = (text: string): { delimiter: string; rest: string } => {
  const named = /^"?sep=(.)"?[,;\t]*(\r\n|\r|\n)/i.exec(text);
  if (named?.[1] !== undefined) return { delimiter: named[1], rest: text.slice(named[0].length) };
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

/** Removes the empty rows and cells at the end. A spreadsheet may write a million of them. */
const withoutEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && ' \t\r\n,;'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
};

/** Returns at most `maxRecords` rows. The bound limits the parser's work, since each short row costs it an error. */
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
  `"${shown(text)}" is in a column that the header does not name: does a cell with a comma lack quotation marks?`;

/** Reads one cell. Returns undefined when it is empty. */
const readAt = (column: Heading, text: string, context: CellContext): Cell | undefined => {
  if (text === '') return undefined;
  return column === undefined ? { wrong: noColumn(text) } : readCell(column, text, context);
};

/** Reads the cells of a row. Skips empty ones. */
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

/**
 * Returns the row, or all its errors in the order of the columns. An unreadable cell is not also reported as missing.
 */
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

/** Returns a check that refuses a row with the ID of an earlier row. */
const uniqueRows = () => {
  const firstRow = new Map<string, number>();
  return (number: number, checked: Checked): Checked => {
    if ('wrong' in checked) return checked;
    const { productId } = checked.row;
    const first = firstRow.get(productId);
    if (first !== undefined)
      return { wrong: [{ column: 'productId', detail: `${productId} is also in row ${first}` }] };
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
  const headings = headingsOf(header, elsewhere);
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

/** The limits of a file. */
export type FileRules = {
  readonly maxRows: number;
  /** Columns that cannot be loaded from this file, each with the place where it is changed instead. */
  readonly elsewhere: Elsewhere;
};

/** Reads a CSV file of products, or returns why it is refused. The text's length and `maxRows` bound the work. */
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

/** Checks the rows of a JSON file by the rules of the columns. */
export const checkProductRows = (rows: readonly unknown[], elsewhere: Elsewhere): ProductFile =>
  checkRows(rows.map((row, index) => [index + 1, { row, wrong: notHere(row, elsewhere) }]));
