import fc from 'fast-check';

/** A product as a row of a sheet has it; `price` in yen. */
export type Row = { readonly productId: string; readonly name: string; readonly price: number };

const encoded = (label: string): ReadonlyMap<string, number[]> => {
  const decoder = new TextDecoder(label);
  const codes = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfc; lead += 1)
    for (let trail = 0x40; trail <= 0xfc; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== '\ufffd' && !codes.has(text)) codes.set(text, [lead, trail]);
    }
  for (let kana = 0xa1; kana <= 0xdf; kana += 1) codes.set(decoder.decode(Uint8Array.of(kana)), [kana]);
  return codes;
};

let windows31j: ReadonlyMap<string, number[]> | undefined;

/** A text as a Japanese Excel saves it. */
const shiftJis = (text: string): Uint8Array => {
  windows31j ??= encoded('shift_jis');
  const codes = windows31j;
  // a yen sign is a backslash there
  return Uint8Array.from(
    [...text.replaceAll('¥', '\\')].flatMap((one) => (one < '\u0080' ? one.charCodeAt(0) : (codes.get(one) ?? 0x3f))),
  );
};

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

type Encoding = { readonly type: string; readonly bytes: (text: string) => Uint8Array };

const encodings: Readonly<Record<string, Encoding>> = {
  'UTF-8': { type: 'text/csv', bytes: (text) => Buffer.from(text) },
  'UTF-8 with a mark': { type: 'text/csv; charset=utf-8', bytes: (text) => Buffer.from(`\ufeff${text}`) },
  'UTF-16': { type: 'text/csv', bytes: (text) => Buffer.from(`\ufeff${text}`, 'utf16le') },
  'UTF-16 the other way round': { type: 'text/csv', bytes: (text) => swapped(Buffer.from(`\ufeff${text}`, 'utf16le')) },
  Shift_JIS: { type: 'text/csv; charset=shift_jis', bytes: shiftJis },
  cp932: { type: 'text/csv;header=present; charset="CP932"', bytes: shiftJis },
};

/** How a program writes a sheet. */
export type Style = {
  readonly encoding: string;
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly quotesAll: boolean;
  readonly price: string;
  readonly header: string;
  readonly emptyColumns: number;
  readonly emptyRows: number;
  readonly saysDelimiter: boolean;
};

const wide = (text: string) => text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const grouped = (price: number) => String(price).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** How a price is written. What a shop's `1,234` means depends on its region, and is no style. */
const prices: Readonly<Record<string, (price: number, delimiter: string) => string>> = {
  plain: String,
  'full width': (price) => wide(String(price)),
  grouped: (price, delimiter) => (delimiter === ';' ? String(price) : grouped(price)),
  'with a yen sign': (price) => `¥${price}`,
  'with a word': (price) => `${price}円`,
  'as text': (price) => `'${price}`,
  'as a formula of text': (price) => `="${price}"`,
};

const headers: Readonly<Record<string, (name: string) => string>> = {
  'as it is': (name) => name,
  'in capitals': (name) => name.toUpperCase(),
  'with blanks': (name) => ` ${name.replace('Id', ' ID')} `,
  'in quotes': (name) => `"${name}"`,
};

export const styles: fc.Arbitrary<Style> = fc.record({
  encoding: fc.constantFrom(...Object.keys(encodings)),
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
  quotesAll: fc.boolean(),
  price: fc.constantFrom(...Object.keys(prices)),
  header: fc.constantFrom(...Object.keys(headers)),
  emptyColumns: fc.constantFrom(0, 0, 1, 3, 200),
  emptyRows: fc.constantFrom(0, 0, 1, 3),
  saysDelimiter: fc.boolean(),
});

/** Names as shops write them, in letters that every encoding above has. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'ワイヤレスマウス',
    'ﾏｳｽ',
    '髙橋の①号',
    '表示能力',
    'ソート、十',
    '～波',
    'say "hi"',
    'a,b;c',
    '=1+1',
    '-5 cm',
    'TRUE',
    '007',
  ),
  fc
    .string({ unit: fc.constantFrom(...'abcXYZ019あ漢ｶソ表"\',;= '), minLength: 1, maxLength: 20 })
    .map((text) => `N${text.trim()}`),
);

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** A sheet as a program of this style writes it. */
export const written = (rows: readonly Row[], style: Style): { readonly type: string; readonly bytes: Uint8Array } => {
  const { delimiter, lineEnd, quotesAll } = style;
  const cell = (text: string) => (quotesAll || /[",;\t\r\n]/.test(text) ? quoted(text) : text);
  const columns = ['productId', 'name', 'price', 'currency'].map((name) => headers[style.header]?.(name) ?? name);
  const price = (one: number) => prices[style.price]?.(one, delimiter) ?? '';
  const cells = rows.map((row) => [row.productId, row.name, price(row.price), 'JPY'].map(cell));
  const lines = [columns, ...cells].map((line) => line.join(delimiter) + delimiter.repeat(style.emptyColumns));
  const [header = '', ...others] = lines;
  const empty = Array.from({ length: style.emptyRows }, () => delimiter.repeat(3));
  const said = style.saysDelimiter ? [`sep=${delimiter}`] : [];
  const { type = '', bytes } = encodings[style.encoding] ?? {};
  const text = [...said, header, ...empty, ...others, ...empty].join(lineEnd) + lineEnd;
  return { type, bytes: bytes?.(text) ?? Buffer.from(text) };
};

/** What a client reads of a name: blanks at its ends are the sheet's. */
export const readName = (name: string): string => name.trim();
