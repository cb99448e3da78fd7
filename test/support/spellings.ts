/** Bytes that are stored somewhere. */
export type Stored = { readonly where: string; readonly bytes: Buffer };

const escaped = (text: string): string =>
  [...text].map((one) => (one < '\u0080' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('');

/** The part of a base64 text that is the same whatever stands around it, at each of the three places it may begin. */
const inBase64 = (text: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.toString('base64').replace(/=+$/, '');
    const inner = whole.slice(Math.ceil((before * 8) / 6) + (before === 0 ? 0 : 1), -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });

const half: Readonly<Record<string, string>> = { シ: 'ｼ', ョ: 'ｮ', ウ: 'ｳ', キ: 'ｷ', ハ: 'ﾊ', ナ: 'ﾅ', コ: 'ｺ' };
const inHalfWidth = (text: string): string => [...text].map((one) => half[one] ?? one).join('');
const inFullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));

/** How text may be spelled where it is stored: plain, escaped as in JSON, in a URL, base64, UTF-16, other widths. */
export const spellings = (text: string): Readonly<Record<string, readonly Buffer[]>> => ({
  plain: [Buffer.from(text)],
  'JSON-escaped': [Buffer.from(escaped(text)), Buffer.from(escaped(text).toUpperCase().replaceAll('\\U', '\\u'))],
  'percent-encoded': [Buffer.from(encodeURIComponent(text))],
  base64: inBase64(text).map((one) => Buffer.from(one)),
  'UTF-16': [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()],
  'other widths': [Buffer.from(inHalfWidth(text)), Buffer.from(inFullWidth(text))],
});

/** Returns where texts are found, and in which spelling. */
export const findTexts = async (texts: readonly string[], stored: AsyncIterable<Stored>): Promise<string[]> => {
  const wanted = texts.flatMap((text) =>
    Object.entries(spellings(text)).flatMap(([spelling, all]) => all.map((bytes) => ({ text, spelling, bytes }))),
  );
  const found: string[] = [];
  for await (const { where, bytes } of stored)
    for (const { text, spelling, bytes: one } of wanted)
      if (bytes.includes(one)) found.push(`${where}: ${text}, ${spelling}`);
  return [...new Set(found)];
};
