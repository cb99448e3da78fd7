import { minorDigits } from './money';

/** What a cell of a file says, or what is wrong with it and how it is mended. */
export type Cell = { readonly value: unknown } | { readonly wrong: string };

/** What of a file and a row decides how a cell is read. */
export type CellContext = {
  /** Between cells. Where it is `;`, a comma may stand before decimals. */
  readonly delimiter: string;
  /** What the row's cell `currency` says. */
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
  return `${quoted(text)} is no number: write digits, such as 1000 or 59.98`;
};

/** The marks within a number: which of them group the digits, and which stands before the decimals. */
const forms: readonly { readonly form: RegExp; readonly plain: (text: string) => string }[] = [
  { form: /^\d+(\.\d+)?$/, plain: (text) => text },
  { form: /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, plain: (text) => text.replaceAll(',', '') },
  { form: /^[1-9]\d?(,\d{2})+,\d{3}(\.\d+)?$/, plain: (text) => text.replaceAll(',', '') }, // 1,00,000 in India
  { form: /^[1-9]\d{0,2}([ '’]\d{3})+([.,]\d+)?$/, plain: (text) => text.replaceAll(/[ '’]/g, '').replace(',', '.') },
  { form: /^[1-9]\d{0,2}(\.\d{3})+,\d+$/, plain: (text) => text.replaceAll('.', '').replace(',', '.') },
  { form: /^[1-9]\d{0,2}(\.\d{3}){2,}$/, plain: (text) => text.replaceAll('.', '') },
  { form: /^(\d+,(\d{1,2}|\d{4,})|(0|\d{4,}),\d{3})$/, plain: (text) => text.replace(',', '.') },
];

/** What a number of a column may be, so that a mark before three digits has one meaning. */
type NumberRule = {
  readonly delimiter: string;
  /** How many decimals the column has. */
  readonly decimals: number;
  /** Whether it is below 1,000: then a mark stands before decimals. */
  readonly small?: boolean;
};

/**
 * Whether one mark before three digits may group them or stand before decimals. A comma groups in a file whose cells have
 * commas between them, and wherever there are no decimals, but for semicolons, which are of regions with decimal commas. A
 * point groups in these, and is sure to stand before decimals only where three are usual.
 */
const isAmbiguous = (text: string, { delimiter, decimals }: NumberRule): boolean => {
  const [, mark] = /^[1-9]\d{0,2}([.,])\d{3}$/.exec(text) ?? [];
  if (mark === undefined) return false;
  if (mark === '.') return delimiter !== ',' || decimals !== 3;
  return delimiter !== ',' && (delimiter === ';' || decimals > 0);
};

/** What nobody sees: marks of writing direction and of places to break a line. */
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

const plainText = (text: string) => text.normalize('NFKC').replaceAll(unseen, '').trim();

/** `="10"` and `'10` are how a spreadsheet is told that a cell is text. */
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

/** Currencies that a sign may stand for. */
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

/** Yen are written as in Japan, where a comma groups digits. */
const asInJapan = /^¥|円$/;

const priceOf: ReadCell = (given, { delimiter, currency: code }) => {
  const text = plainText(given);
  const currency = plainText(code).toUpperCase();
  const rule = { delimiter, decimals: minorDigits(currency) };
  const [found] = sign.exec(text) ?? [];
  if (found === undefined) return toNumber(text, rule);
  if (currency !== '' && signs[found]?.includes(currency) !== true)
    return { wrong: `${quoted(text)} is not in ${currency.slice(0, 3)}, which the column currency says` };
  const isSure = asInJapan.test(text) && rule.decimals === 0 && delimiter === ';';
  return toNumber(text.replace(found, '').trim(), isSure ? { ...rule, delimiter: '\t' } : rule);
};

const taxRateOf: ReadCell = (given, { delimiter }) => {
  const text = plainText(given);
  if (/^(standard|reduced)$/i.test(text)) return { value: text.toLowerCase() };
  return toNumber(text.replace(/\s*%$/, ''), { delimiter, decimals: 2, small: true });
};

/** As Excel writes it in English, German, French, Spanish and Italian. */
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
      wrong: `${quoted(text)} is a code that a spreadsheet has cut: format the column as text and enter it again`,
    };
  if (/[/年月]|^\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i.test(text))
    return { wrong: `${quoted(text)} looks like a date: format the column as text and enter the code again` };
  return { value: text };
};

const nameOf: ReadCell = (text) =>
  /[\t\n\v\r]/.test(text) ? { wrong: 'must be one line: take the line break or tab out of the cell' } : { value: text };

/** Tabs are blanks, and an empty line has no blanks. */
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

/** How the cells of a column are read. */
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

/** What a cell says that is not empty. */
export const readCell = (column: string, text: string, context: CellContext): Cell => {
  if (isErrorValue(text))
    return { wrong: `${quoted(text)} is an error of the spreadsheet: mend the cell and save again` };
  return readers[column]?.(text, context) ?? { value: text };
};
