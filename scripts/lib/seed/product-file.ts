import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { decodeText } from '../../../lambda/contracts/files/encoding';
import {
  checkProductRows,
  type FileRead,
  readProductFile as readCsv,
} from '../../../lambda/contracts/files/product-file';
import { CommandError } from '../command';
import { type Product, productOf } from './product';

const maxRows = 100_000;
const maxProblems = 20;

/** The catalog's import checks that categories exist, and counts their products. */
const elsewhere = { categories: 'seed-data.sh changes no categories: use POST /products/import for them' };

/** Where the file stops being JSON: a parser says at which character, and a person looks for a line. */
const notJson = (text: string, error: unknown): string => {
  const [, position] = /position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  const lines = text.slice(0, Number(position)).split('\n').length;
  const where = position === undefined ? '' : ` (line ${lines})`;
  return `not JSON: check the commas, quotation marks and brackets${where}`;
};

const readJson = (text: string): FileRead => {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return { refused: notJson(text, error) };
  }
  if (!Array.isArray(json)) return { refused: 'the JSON must be an array of products' };
  return json.length === 0 ? { refused: 'there is no row in it' } : { file: checkProductRows(json, elsewhere) };
};

/** Reads the text of a product file by its extension; throws one error that names wrong rows, columns and rules. */
export const parseProducts = (text: string, extension: string): readonly Product[] => {
  const read = extension === '.csv' ? readCsv(text, { maxRows, elsewhere }) : readJson(text);
  if ('refused' in read) throw new CommandError(read.refused);
  const { rows, errors, errorCount } = read.file;
  if (errorCount === 0) return [...rows.values()].map(productOf);
  const problems = errors
    .slice(0, maxProblems)
    .map(({ row, column, detail }) => `row ${row}${column && `, column ${column}`}: ${detail}`);
  const more = errorCount - problems.length;
  const shown = [...problems, ...(more > 0 ? [`… and ${more} more`] : [])];
  throw new CommandError(`nothing was written:\n  ${shown.join('\n  ')}`);
};

const decode = (bytes: Uint8Array): string => {
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  throw new CommandError(`${decoded.refused}; save it as "CSV UTF-8" or JSON`);
};

const read = (path: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = error } = Object(error);
    if (code === 'ENOENT') throw new CommandError('there is no such file');
    throw new CommandError(`cannot be read (${code})`);
  }
};

/** Reads products from a `.json` or `.csv` file. */
export const readProductFile = (path: string): readonly Product[] => {
  const extension = extname(path).toLowerCase();
  try {
    const bytes = read(path);
    if (extension !== '.json' && extension !== '.csv') throw new CommandError('the name must end in .json or .csv');
    return parseProducts(decode(bytes), extension);
  } catch (error) {
    throw error instanceof CommandError ? new CommandError(`--file "${path}": ${error.message}`) : error;
  }
};
