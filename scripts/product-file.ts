import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import type * as z from 'zod';
import { CommandError } from './command';
import { type Product, ProductRow } from './product';

const columns = ['productId', 'name', 'price', 'currency', 'stock', 'taxRate'] as const;
const required = columns.filter((name) => name !== 'taxRate');
const numeric: readonly string[] = ['price', 'stock', 'taxRate'];
const maxProblems = 20;

/** Digits with at most one decimal point. Anything else stays text, and the row's contract refuses it. */
const toNumber = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const csvCell = (name: string, text: string): unknown => {
  if (!numeric.includes(name)) return text;
  return text === '' ? undefined : toNumber(text);
};

const csvRow = (record: Record<string, string>): unknown =>
  Object.fromEntries(Object.entries(record).map(([name, text]) => [name, csvCell(name, text)]));

const checkHeader = (header: string[]): string[] => {
  const names = header.map((name) => name.trim());
  const unknown = names.filter((name) => !columns.some((column) => column === name));
  const missing = required.filter((column) => !names.includes(column));
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  const problems = [
    ...unknown.map((name) => `unknown column "${name}"`),
    ...missing.map((name) => `column ${name} is missing`),
    ...twice.map((name) => `column ${name} stands there twice`),
  ];
  if (problems.length > 0)
    throw new CommandError(`header: ${problems.join('; ')}; the columns are ${columns.join(', ')}`);
  return names;
};

const readCsv = (text: string): unknown[] => {
  try {
    const records: Record<string, string>[] = parseCsv(text, {
      bom: true,
      columns: checkHeader,
      skip_empty_lines: true,
      trim: true,
    });
    return records.map(csvRow);
  } catch (error) {
    if (error instanceof CsvError) throw new CommandError(`not CSV: ${error.message}`);
    throw error;
  }
};

const readJson = (text: string): unknown[] => {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CommandError(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(json)) throw new CommandError('the JSON must be an array of products');
  return json;
};

const problemsOf = (row: number, issues: readonly z.core.$ZodIssue[]): string[] =>
  issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `row ${row}, column ${key}: unknown column`);
    const column = issue.path.join('.');
    return [`row ${row}${column && `, column ${column}`}: ${issue.message}`];
  });

type Checked = { readonly products: readonly Product[]; readonly problems: readonly string[] };

const duplicates = (products: ReadonlyMap<number, Product>): string[] => {
  const firstRow = new Map<string, number>();
  return [...products].flatMap(([row, { productId }]) => {
    const first = firstRow.get(productId);
    if (first === undefined) firstRow.set(productId, row);
    return first === undefined ? [] : [`row ${row}, column productId: ${productId} stands in row ${first} too`];
  });
};

/** Checks every row, counted from 1 without the header, and tells all that is wrong. */
export const checkRows = (rows: readonly unknown[]): Checked => {
  const products = new Map<number, Product>();
  const problems = rows.length === 0 ? ['there is no row in it'] : [];
  for (const [index, row] of rows.entries()) {
    const parsed = ProductRow.safeParse(row);
    if (parsed.success) products.set(index + 1, parsed.data);
    else problems.push(...problemsOf(index + 1, parsed.error.issues));
  }
  return { products: [...products.values()], problems: [...problems, ...duplicates(products)] };
};

/** Reads the text of a product file by its extension; throws one error that names every wrong row, column and rule. */
export const parseProducts = (text: string, extension: string): readonly Product[] => {
  const { products, problems } = checkRows(extension === '.csv' ? readCsv(text) : readJson(text));
  if (problems.length === 0) return products;
  const more = problems.length - maxProblems;
  const shown = [...problems.slice(0, maxProblems), ...(more > 0 ? [`… and ${more} more`] : [])];
  throw new CommandError(`nothing was written:\n  ${shown.join('\n  ')}`);
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandError('is not UTF-8; save it as "CSV UTF-8" or JSON');
  }
};

const read = (path: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = error } = Object(error);
    throw new CommandError(`cannot be read (${code})`);
  }
};

/** Reads products from a `.json` or `.csv` file. */
export const readProductFile = (path: string): readonly Product[] => {
  const extension = extname(path).toLowerCase();
  try {
    if (extension !== '.json' && extension !== '.csv') throw new CommandError('the name must end in .json or .csv');
    return parseProducts(decode(read(path)), extension);
  } catch (error) {
    throw error instanceof CommandError ? new CommandError(`${path}: ${error.message}`) : error;
  }
};
