import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { type ImportReport, productFields } from '../contracts/product-api';
import { ProductId } from '../contracts/text';
import { accept, type Decision, reject } from '../kernel/decision';

export type RowError = ImportReport['errors'][number];

/** How many rows one file may have. What it changes must fit into one transaction besides. */
export const maxRows = 1000;

const { name, description, price, currency, taxRate, categories, status } = productFields;

/** One row of the file: `price` in major units, `taxRate` in percent. What it does not say stays as it is. */
const ImportRow = z.strictObject({
  productId: ProductId,
  name,
  price,
  currency,
  taxRate: taxRate.optional(),
  description: description.optional(),
  categories: categories.optional(),
  status: status.optional(),
});
export type ImportRow = z.infer<typeof ImportRow>;

const columns = Object.keys(ImportRow.shape);
const required: readonly string[] = ['productId', 'name', 'price', 'currency'];

/** Digits with at most one decimal point. Anything else stays text, and the row's contract refuses it. */
const toNumber = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const toBoolean = (text: string): boolean | string => (text === 'true' || text === 'false' ? text === 'true' : text);

const cells: Readonly<Record<string, (text: string) => unknown>> = {
  price: toNumber,
  taxRate: toNumber,
  status: toBoolean,
  categories: (text) => text.split(';').map((id) => id.trim()),
};

/** An empty cell says nothing. */
const toCell = ([column, text]: [string, string]): [string, unknown][] =>
  text === '' ? [] : [[column, (cells[column] ?? String)(text)]];

const headerErrors = (header: readonly string[]): string[] => [
  ...header.filter((column) => !columns.includes(column)).map((column) => `unknown column "${column.slice(0, 64)}"`),
  ...required.filter((column) => !header.includes(column)).map((column) => `column ${column} is missing`),
  ...header
    .filter((column, index) => header.indexOf(column) < index)
    .map((column) => `column ${column} stands there twice`),
];

class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

const readHeader = (given: string[]): string[] => {
  const header = given.map((column) => column.trim());
  const errors = headerErrors(header);
  if (errors.length > 0) throw new HeaderError(`${errors.join('; ')}; the columns are ${columns.join(', ')}`);
  return header;
};

/** The records of the text, or why it is no file of products. */
const readRecords = (text: string): Decision<Record<string, string>[], string> => {
  try {
    return accept(parse(text, { bom: true, columns: readHeader, skip_empty_lines: true, trim: true }));
  } catch (error) {
    if (error instanceof HeaderError || error instanceof CsvError) return reject(error.message);
    throw error;
  }
};

const errorsOf = (row: number, issues: readonly z.core.$ZodIssue[]): RowError[] =>
  issues.map(({ path, message }) => ({ row, column: String(path[0] ?? ''), detail: message }));

const repeated = (rows: ReadonlyMap<number, ImportRow>): RowError[] => {
  const firstRow = new Map<string, number>();
  return [...rows].flatMap(([row, { productId }]) => {
    const first = firstRow.get(productId);
    if (first === undefined) firstRow.set(productId, row);
    return first === undefined ? [] : [{ row, column: 'productId', detail: `${productId} stands in row ${first} too` }];
  });
};

/** The rows of a file that are well formed, by their number from 1 without the header, and what is wrong with others. */
export type ImportFile = {
  readonly count: number;
  readonly rows: ReadonlyMap<number, ImportRow>;
  readonly errors: readonly RowError[];
};

/** Reads a CSV file of products, or says why it is none. */
export const readImport = (text: string): Decision<ImportFile, string> => {
  const records = readRecords(text);
  if (!records.accepted) return records;
  const count = records.fact.length;
  if (count === 0) return reject('there is no row in it');
  if (count > maxRows) return reject(`it has ${count} rows; a file may have ${maxRows}`);
  const rows = new Map<number, ImportRow>();
  const errors: RowError[] = [];
  for (const [index, record] of records.fact.entries()) {
    const parsed = ImportRow.safeParse(Object.fromEntries(Object.entries(record).flatMap(toCell)));
    if (parsed.success) rows.set(index + 1, parsed.data);
    else errors.push(...errorsOf(index + 1, parsed.error.issues));
  }
  return accept({ count, rows, errors: [...errors, ...repeated(rows)] });
};
