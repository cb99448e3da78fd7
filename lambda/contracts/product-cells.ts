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
  { form: /^-?\d+(\.\d+)?$/, plain: (text) => text },
  { form: /^-?\d{1,3}(,\d{3})+(\.\d+)?$/, plain: (text) => text.replaceAll(',', '') },
  { form: /^-?\d{1,3}([ ']\d{3})+([.,]\d+)?$/, plain: (text) => text.replaceAll(/[ ']/g, '').replace(',', '.') },
  { form: /^-?\d{1,3}(\.\d{3})+,\d+$/, plain: (text) => text.replaceAll('.', '').replace(',', '.') },
  { form: /^-?\d{1,3}(\.\d{3}){2,}$/, plain: (text) => text.replaceAll('.', '') },
  { form: /^-?\d+,\d{1,2}$/, plain: (text) => text.replace(',', '.') },
];

const isAmbiguous = (text: string, { delimiter }: CellContext) =>
  delimiter === ';' && /^-?\d{1,3}[.,]\d{3}$/.test(text);

const numberOf: ReadCell = (given, context) => {
  const text = given
    .normalize('NFKC')
    .replaceAll(/[\u00a0\u202f\u2009]/g, ' ')
    .trim();
  if (text.length > maxShown) return { wrong: notNumber(text) };
  if (isAmbiguous(text, context)) {
    const digits = text.replace(/[.,]/, '');
    return { wrong: `${quoted(text)} may be ${Number(text.replace(',', '.'))} or ${digits}: write it without marks` };
  }
  const known = forms.find(({ form }) => form.test(text));
  return known === undefined ? { wrong: notNumber(text) } : { value: Number(known.plain(text)) };
};

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

const priceOf: ReadCell = (given, context) => {
  const text = given.normalize('NFKC').trim();
  const [found] = sign.exec(text) ?? [];
  if (found === undefined) return numberOf(text, context);
  const currency = context.currency.toUpperCase();
  if (currency !== '' && signs[found]?.includes(currency) !== true)
    return { wrong: `${quoted(text)} is not in ${currency.slice(0, 3)}, which the column currency says` };
  return numberOf(text.replace(found, ''), context);
};

const taxRateOf: ReadCell = (given, context) => {
  const text = given.normalize('NFKC').trim();
  if (/^(standard|reduced)$/i.test(text)) return { value: text.toLowerCase() };
  return numberOf(text.replace(/\s*%$/, ''), context);
};

/** As Excel writes it in English, German, French, Spanish and Italian. */
const yes: readonly string[] = ['true', '1', 'wahr', 'vrai', 'verdadero', 'vero'];
const no: readonly string[] = ['false', '0', 'falsch', 'faux', 'falso'];

const statusOf: ReadCell = (given) => {
  const text = given.normalize('NFKC').trim().toLowerCase();
  if (yes.includes(text) || no.includes(text)) return { value: yes.includes(text) };
  return { wrong: `${quoted(given)} is neither true nor false: write TRUE or FALSE` };
};

/** `="001"` and `'001` are how a spreadsheet is told to keep zeros. */
const codeOf: ReadCell = (given) => {
  const text = given
    .replace(/^="(.*)"$/, '$1')
    .replace(/^'(?=[\dA-Za-z])/, '')
    .trim();
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
  currency: (text) => ({ value: text.normalize('NFKC').toUpperCase() }),
  taxRate: taxRateOf,
  description: descriptionOf,
  categories: categoriesOf,
  status: statusOf,
  stock: numberOf,
};

const isErrorValue = (text: string) =>
  /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$|^#{2,}$/.test(text);

/** What a cell says that is not empty. */
export const readCell = (column: string, text: string, context: CellContext): Cell => {
  if (isErrorValue(text))
    return { wrong: `${quoted(text)} is an error of the spreadsheet: mend the cell and save again` };
  return readers[column]?.(text, context) ?? { value: text };
};
