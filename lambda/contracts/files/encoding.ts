/** The decoded text, or the reason why bytes are refused. */
export type Decoded = { readonly text: string } | { readonly refused: string };

const lost = /\ufffd/;

const lineOf = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\r|\n/).length;

/** Returns the fault of a text with U+FFFD or a lone surrogate, otherwise undefined. */
export const encodingFault = (text: string): string | undefined => {
  if (lost.test(text))
    return 'must not contain U+FFFD, the mark of bytes that were not UTF-8: send the original text again, as UTF-8';
  return text.isWellFormed() ? undefined : 'must not contain half of a surrogate pair (U+D800 to U+DFFF)';
};

/** Windows names of encodings that the Encoding Standard does not have. */
const aliases: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  cp1252: 'windows-1252',
};

const decoderOf = (label: string) => {
  try {
    return new TextDecoder(aliases[label] ?? label, { fatal: true });
  } catch {
    return undefined; // unknown, or not built into this runtime
  }
};

const decodeAs = (label: string, bytes: Uint8Array): string | undefined => {
  try {
    return decoderOf(label)?.decode(bytes);
  } catch {
    return undefined;
  }
};

const marks = [
  { name: 'UTF-32', label: undefined, bytes: [0xff, 0xfe, 0, 0] },
  { name: 'UTF-8', label: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { name: 'UTF-16', label: 'utf-16le', bytes: [0xff, 0xfe] },
  { name: 'UTF-16', label: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

const markOf = (bytes: Uint8Array) => marks.find((mark) => mark.bytes.every((byte, at) => bytes[at] === byte));

/** Counts the bytes with a property. */
const count = (bytes: Uint8Array, has: (byte: number, at: number) => boolean): number =>
  bytes.reduce((total, byte, at) => total + (has(byte, at) ? 1 : 0), 0);

const isHigh = (byte: number) => byte >= 0x80;
const isEucKana = (bytes: Uint8Array) =>
  count(bytes, (byte, at) => (byte === 0xa4 || byte === 0xa5) && isHigh(bytes[at + 1] ?? 0)) > 0;

/** Whether it is UTF-16. Its Latin letters, digits and commas have bytes of 0, which no other encoding has. */
const isWide = (bytes: Uint8Array) => count(bytes, (byte) => byte === 0) * 100 > bytes.length;

/** Counts the UTF-8 characters of two bytes, those of three or more, and the invalid sequences. */
const utf8In = (bytes: Uint8Array) => {
  const text = new TextDecoder('utf-8').decode(bytes);
  const of = (characters: RegExp) => text.match(characters)?.length ?? 0;
  return {
    text,
    ofTwo: of(/[\u0080-\u07ff]/g),
    ofThree: of(/[\u0800-\ufffc\u{10000}-\u{10ffff}]/gu),
    lost: of(/\ufffd/g),
  };
};

/** Returns the first invalid line of bytes that are mostly UTF-8, or undefined for another encoding. */
const brokenLine = (bytes: Uint8Array): number | undefined => {
  const { text, ofTwo, ofThree, lost: broken } = utf8In(bytes);
  return ofTwo + ofThree > 2 * broken ? lineOf(text, text.indexOf('\ufffd')) : undefined;
};

/** Whether bytes are UTF-8, although the named encoding would decode them to other letters. */
const isUtf8After = (bytes: Uint8Array, encoding: string): boolean => {
  const { ofTwo, ofThree, lost: broken } = utf8In(bytes);
  if (/^(windows-12|iso-8859)/.test(encoding)) return ofTwo + ofThree > 0 && broken === 0;
  return ofThree > 1 && ofTwo + ofThree > 2 * broken; // two half-width kana may look like one UTF-8 character
};

const guessLength = 64 * 1024;

/** Guesses the encoding of bytes that are not UTF-8 by its typical lead bytes. */
const looksLike = (bytes: Uint8Array): string => {
  const high = count(bytes, isHigh);
  const leads = count(bytes, (byte) => byte > 0x80 && byte < 0xa0); // kana and common kanji of Shift_JIS
  if (isWide(bytes)) return 'UTF-16 without a byte order mark';
  if (leads * 4 >= high && decodeAs('shift_jis', bytes) !== undefined) return 'Shift_JIS';
  if (isEucKana(bytes) && decodeAs('euc-jp', bytes) !== undefined) return 'EUC-JP';
  const lone = count(bytes, (byte, at) => isHigh(byte) && !isHigh(bytes[at - 1] ?? 0) && !isHigh(bytes[at + 1] ?? 0));
  if (lone * 2 > high) return 'Windows-1252 or another encoding of one byte a letter';
  if (decodeAs('shift_jis', bytes) !== undefined) return 'Shift_JIS';
  return 'an East Asian encoding such as GB18030, Big5 or EUC-KR';
};

/** Returns the start of the bytes, up to a line end if there is one, so that no character is split. */
const startOf = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= guessLength) return bytes;
  const start = bytes.subarray(0, guessLength);
  const end = start.lastIndexOf(10);
  return end < 0 ? start : start.subarray(0, end);
};

const containers = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'an Excel workbook (.xlsx) or another archive' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an Excel workbook (.xls)' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
  { bytes: [0x1f, 0x8b], what: 'compressed by gzip' },
];

const containerOf = (bytes: Uint8Array) =>
  containers.find((container) => container.bytes.every((byte, at) => bytes[at] === byte))?.what;

const shift = '\u001b'; // starts each change of the character set in ISO-2022-JP

const faultOfUtf8 = (text: string): string | undefined => {
  if (text.includes(`${shift}$`)) return 'is not UTF-8: it looks like ISO-2022-JP';
  const start = text.slice(0, 1000);
  if ((start.split('\0').length - 1) * 4 > start.length)
    return 'is not UTF-8: it looks like UTF-16 without a byte order mark';
  const at = text.indexOf('\ufffd');
  if (at < 0) return undefined;
  return `has U+FFFD in line ${lineOf(text, at)}, the mark of bytes that were not UTF-8 but, for example, Shift_JIS: the characters are lost`;
};

/** Refuses text whose characters were lost before it arrived. */
export const checkText = (text: string): Decoded => {
  const refused = faultOfUtf8(text);
  return refused === undefined ? { text: text.replace(/^\ufeff/, '') } : { refused };
};

const asUtf8 = (bytes: Uint8Array): Decoded => {
  const text = decodeAs('utf-8', bytes);
  if (text !== undefined) return checkText(text);
  const line = brokenLine(bytes);
  return line === undefined
    ? { refused: `is not UTF-8: it looks like ${looksLike(startOf(bytes))}` }
    : { refused: `is UTF-8, but not in line ${line}: it was cut off there, or is mixed with another encoding` };
};

/**
 * Decodes bytes by their byte order mark, by `charset`, or as UTF-8. Refuses another encoding with the name that it
 * looks like. Never replaces characters.
 */
export const decodeText = (bytes: Uint8Array, charset = 'utf-8'): Decoded => {
  const container = containerOf(bytes);
  if (container !== undefined) return { refused: `is no text but ${container}` };
  const mark = markOf(bytes);
  const label = mark === undefined ? charset.trim().toLowerCase() : mark.label;
  if (label === undefined || decoderOf(label) === undefined)
    return { refused: `is in an encoding that is not read here: ${mark?.name ?? charset.slice(0, 40)}` };
  const { encoding = '' } = decoderOf(label) ?? {};
  if (encoding === 'utf-8') return asUtf8(bytes);
  if (mark === undefined && isUtf8After(bytes, encoding))
    return { refused: `is UTF-8, and not ${charset.slice(0, 40)}, which its charset says` };
  const text = decodeAs(label, bytes);
  return text === undefined ? { refused: `is not ${charset.slice(0, 40)}, which its charset says` } : checkText(text);
};
