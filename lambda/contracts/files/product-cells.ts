import { minorDigits } from '../values/money';

/** The value of a cell, or what is wrong with it and how to correct it. */
export type Cell = { readonly value: unknown } | { readonly wrong: string };

/** The properties of the file and the row by which a cell is read. */
export type CellContext = {
  /** The separator of cells. With `;`, a comma may be a decimal mark. */
  readonly delimiter: string;
  /** The row's cell `currency`. */
  readonly currency: string;
};

type ReadCell = (text: string, context: CellContext) => Cell;

const maxShown = 40;
const quoted = (text: string) => `"${text.length > maxShown ? `${text.slice(0, maxShown).toWellFormed()}…` : text}"`;

const scientific = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i;
const dated = /^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$|^\d{1,2}\/\d{1,4}$|^\d{1,2}-[a-z]{3}$|\d[年月]/i;

const notNumber = (text: string): string => {
  if (scientific.test(text))
    return `${quoted(text)} is in scientific notation: format the column as a number with all digits`;
  if (dated.test(text)) return `${quoted(text)} is a date: format the column as a number`;
  return `${quoted(text)} is not a number: write digits, such as 1000 or 59.98`;
};

/** The accepted forms of numbers, with their grouping and decimal marks. */
const forms: readonly { readonly form: RegExp; readonly plain: (text: string) => string }[] = [
  { form: /^\d+(\.\d+)?$/, plain: (text) => text },
  { form: /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, plain: (text) => text.replaceAll(',', '') },
  { form: /^[1-9]\d?(,\d{2})+,\d{3}(\.\d+)?$/, plain: (text) => text.replaceAll(',', '') }, // 1,00,000 in India
  { form: /^[1-9]\d{0,2}([ '’]\d{3})+([.,]\d+)?$/, plain: (text) => text.replaceAll(/[ '’]/g, '').replace(',', '.') },
  { form: /^[1-9]\d{0,2}(\.\d{3})+,\d+$/, plain: (text) => text.replaceAll('.', '').replace(',', '.') },
  { form: /^[1-9]\d{0,2}(\.\d{3}){2,}$/, plain: (text) => text.replaceAll('.', '') },
  { form: /^(\d+,(\d{1,2}|\d{4,})|(0|\d{4,}),\d{3})$/, plain: (text) => text.replace(',', '.') },
];

/** What decides whether a mark before three digits groups them or is a decimal mark. */
type NumberRule = {
  readonly delimiter: string;
  /** The number of decimals in the column. */
  readonly decimals: number;
  /** Whether values are below 1,000, so that a mark is a decimal mark. */
  readonly small?: boolean;
};

/**
 * Whether a mark before three digits may be either a grouping or a decimal mark. A comma groups in columns without
 * decimals, except in files with semicolons, which come from regions with decimal commas. In a comma-separated file it
 * groups unless the column has three decimals: Google Sheets writes such files in regions with decimal commas, too. A
 * point is certainly a decimal mark only in a comma-separated file with three decimals.
 */
const isAmbiguous = (text: string, { delimiter, decimals }: NumberRule): boolean => {
  const [, mark] = /^[1-9]\d{0,2}([.,])\d{3}$/.exec(text) ?? [];
  if (mark === undefined) return false;
  if (mark === '.') return delimiter !== ',' || decimals !== 3;
  return delimiter === ',' ? decimals === 3 : delimiter === ';' || decimals > 0;
};

/** Invisible characters: marks of writing direction and of line break positions. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

const plainText = (text: string) => text.normalize('NFKC').replaceAll(invisible, '').trim();

/** Removes the text marks of spreadsheets: `="10"` and `'10`. */
const withoutTextMark = (text: string) => text.replace(/^="(.*)"$/, '$1').replace(/^'(?=[\dA-Za-z+-])/, '');

const toNumber = (given: string, rule: NumberRule): Cell => {
  const text = withoutTextMark(given).trim();
  if (text.length > maxShown) return { wrong: notNumber(text) };
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const known = forms.find(({ form }) => form.test(digits));
  if (known === undefined) return { wrong: notNumber(text) };
  const decimal = digits.replace(',', '.');
  if (rule.small === true && /^\d+\.\d+$/.test(decimal)) return { value: Number(`${sign}${decimal}`) + 0 };
  if (isAmbiguous(digits, rule)) {
    const [one, other] = [Number(decimal), digits.replace(/[.,]/, '')];
    return { wrong: `${quoted(text)} may be ${one} or ${other}: write it as one of these` };
  }
  return { value: Number(`${sign}${known.plain(digits)}`) + 0 }; // -0 is 0
};

const piecesOf: ReadCell = (given, { delimiter }) => toNumber(plainText(given), { delimiter, decimals: 0 });

/** The currencies of each currency sign. */
const signs: Readonly<Record<string, readonly string[]>> = {
  '¥': ['JPY', 'CNY'],
  円: ['JPY'],
  '€': ['EUR'],
  '£': ['GBP', 'EGP', 'SYP', 'LBP', 'FKP', 'GIP', 'SHP'],
  '₩': ['KRW', 'KPW'],
  $: 'USD CAD AUD NZD SGD HKD TWD MXN ARS BBD BMD BND BSD BZD CLP COP DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD'.split(
    ' ',
  ),
};
const sign = /^([¥$€£₩])|([¥$€£₩円])$/;

/** Yen amounts as in Japan, where a comma groups digits. */
const asInJapan = /^¥|円$/;

/** The sign of yen and won in the encodings of Japan and Korea, where `\` has its byte. */
const ofBackslash: Readonly<Record<string, string>> = { JPY: '¥', KRW: '₩' };

const priceOf: ReadCell = (given, { delimiter, currency: code }) => {
  const currency = plainText(code).toUpperCase();
  const text = plainText(given).replace(/^\\/, (sign) => ofBackslash[currency] ?? sign);
  const rule = { delimiter, decimals: minorDigits(currency) };
  const [found] = sign.exec(text) ?? [];
  if (found === undefined) return toNumber(text, rule);
  if (currency !== '' && signs[found]?.includes(currency) !== true)
    return { wrong: `${quoted(text)} is not in ${currency.slice(0, 3)}, the row's currency` };
  const isSure = asInJapan.test(text) && rule.decimals === 0 && delimiter === ';';
  return toNumber(text.replace(found, '').trim(), isSure ? { ...rule, delimiter: '\t' } : rule);
};

const taxRateOf: ReadCell = (given, { delimiter }) => {
  const text = plainText(given);
  if (/^(standard|reduced)$/i.test(text)) return { value: text.toLowerCase() };
  return toNumber(text.replace(/\s*%$/, ''), { delimiter, decimals: 2, small: true });
};

/** Excel's words in English, German, French, Spanish and Italian. */
const yes: readonly string[] = ['true', '1', 'wahr', 'vrai', 'verdadero', 'vero'];
const no: readonly string[] = ['false', '0', 'falsch', 'faux', 'falso'];

const statusOf: ReadCell = (given) => {
  const text = plainText(given).toLowerCase();
  if (yes.includes(text) || no.includes(text)) return { value: yes.includes(text) };
  return { wrong: `${quoted(given)} is neither true nor false: write TRUE or FALSE` };
};

const codeOf: ReadCell = (given) => {
  const text = withoutTextMark(given).trim();
  if (/^\d+([.,]\d+)?e\+\d+$/i.test(text))
    return {
      wrong: `${quoted(text)} is a code that a spreadsheet has shortened: format the column as text and enter it again`,
    };
  if (/[/年月]|^\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i.test(text))
    return { wrong: `${quoted(text)} looks like a date: format the column as text and enter the code again` };
  return { value: text };
};

const nameOf: ReadCell = (text) =>
  /[\t\n\v\r]/.test(text) ? { wrong: 'must be one line: remove the line break or tab from the cell' } : { value: text };

/** Replaces tabs by spaces and removes trailing spaces of lines. */
const descriptionOf: ReadCell = (text) => ({
  value: text
    .replaceAll(/\r\n?|\v/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\S\n]+$/gm, ''),
});

const categoriesOf: ReadCell = (text) => ({
  value: text
    .split(/[;,\n]/)
    .map((id) => id.trim())
    .filter((id) => id !== ''),
});

/** The reader of each column. */
const readers: Readonly<Record<string, ReadCell>> = {
  productId: codeOf,
  name: nameOf,
  price: priceOf,
  currency: (text) => ({ value: plainText(text).toUpperCase() }),
  taxRate: taxRateOf,
  description: descriptionOf,
  categories: categoriesOf,
  status: statusOf,
  stock: piecesOf,
};

const isErrorValue = (text: string) =>
  /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$|^#{2,}$/.test(text);

/** Reads a cell that is not empty. */
export const readCell = (column: string, text: string, context: CellContext): Cell => {
  if (isErrorValue(text)) return { wrong: `${quoted(text)} is a spreadsheet error: correct the cell and save again` };
  return readers[column]?.(text, context) ?? { value: text };
};
