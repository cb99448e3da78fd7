import { decodeText } from '../../lambda/contracts/files/encoding';
import { line, recordedLine } from '../../lambda/contracts/values/text';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** "X1,ノートPC" and more in encodings that are no UTF-8, byte by byte. */
const shiftJis = bytes('X1,', [0x83, 0x6d, 0x81, 0x5b, 0x83, 0x67], 'PC');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

test.each([
  ['UTF-8', bytes('X1,ノート'), undefined, 'X1,ノート'],
  ['UTF-8 with a byte order mark', bytes([0xef, 0xbb, 0xbf], 'X1,ノート'), undefined, 'X1,ノート'],
  ['UTF-16 of Excel’s "Unicode text"', bytes([0xff, 0xfe], [...utf16('X1\tノート')]), undefined, 'X1\tノート'],
  ['UTF-16, big endian', bytes([0xfe, 0xff], [...utf16('X1,ノ').swap16()]), undefined, 'X1,ノ'],
  ['Shift_JIS by its name', shiftJis, 'shift_jis', 'X1,ノートPC'],
  ['Shift_JIS as Windows calls it', bytes([0x87, 0x40, 0x87, 0x8a]), 'Windows-31J', '①㈱'],
  ['Shift_JIS as Python calls it', shiftJis, 'cp932', 'X1,ノートPC'],
  ['EUC-JP by its name', bytes([0xa5, 0xce]), 'euc-jp', 'ノ'],
  ['a mark that says more than the charset', bytes([0xef, 0xbb, 0xbf], 'ノ'), 'shift_jis', 'ノ'],
  ['plain ASCII called so', bytes('X1'), 'us-ascii', 'X1'],
])('F-20 reads %s', (_what, given, charset, text) => expect(decodeText(given, charset)).toEqual({ text }));

test.each([
  ['Shift_JIS', shiftJis, 'is not UTF-8: it looks like Shift_JIS'],
  ['one katakana of Shift_JIS', bytes('X1,', [0x83, 0x6d], 'm,1'), 'is not UTF-8: it looks like Shift_JIS'],
  ['half-width katakana', bytes([0xb1, 0xb2, 0xb3]), 'is not UTF-8: it looks like Shift_JIS'],
  ['日本語 in Shift_JIS', bytes([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea]), 'is not UTF-8: it looks like Shift_JIS'],
  ['EUC-JP', bytes([0xa5, 0xce, 0xa1, 0xbc, 0xa5, 0xc8]), 'is not UTF-8: it looks like EUC-JP'],
  ['ISO-2022-JP', bytes([0x1b], '$B%N', [0x1b], '(B'), 'is not UTF-8: it looks like ISO-2022-JP'],
  ['UTF-16 without a mark', utf16('productId,name'), 'is not UTF-8: it looks like UTF-16 without a byte order mark'],
  ['GB18030', bytes([0xce, 0xd2, 0xc3, 0xc7, 0xb5, 0xc4]), /is not UTF-8: it looks like (Shift_JIS|an East Asian)/],
  [
    'Windows-1252',
    bytes('Caf', [0xe9], ', M', [0xfc], 'ller, Se', [0xf1], 'or'),
    'is not UTF-8: it looks like Windows-1252 or another encoding of one byte a letter',
  ],
  ['a workbook', bytes('PK', [3, 4], 'x'), 'is no text but an Excel workbook (.xlsx) or another archive'],
  ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'is in an encoding that is not read here: UTF-32'],
  ['what was lost before', bytes('a\nb,\ufffdm'), /^has U\+FFFD in line 2, the mark of bytes that were not UTF-8/],
])('F-20 refuses %s and says what it looks like', (_what, given, refused) => {
  const pattern = typeof refused === 'string' ? expect.stringContaining(refused) : expect.stringMatching(refused);
  expect(decodeText(given)).toEqual({ refused: pattern });
});

test('F-20 refuses bytes that are not what their charset says, and a charset that nobody knows', () => {
  expect(decodeText(bytes([0x83]), 'shift_jis')).toEqual({ refused: 'is not shift_jis, which its charset says' });
  expect(decodeText(bytes('a'), 'klingon')).toEqual({ refused: 'is in an encoding that is not read here: klingon' });
});

test.each([
  ['what was lost', 'M\ufffdller', /U\+FFFD/],
  ['half of a surrogate pair', '\ud83d', /half of a surrogate pair/],
  ['the other half', 'a\ude00b', /half of a surrogate pair/],
])('F-20 no line of a request may have %s', (_what, text, message) => {
  expect(
    line(100)
      .safeParse(text)
      .error?.issues.map((issue) => issue.message),
  ).toEqual([expect.stringMatching(message)]);
});

test('F-20 what was stored before there was the rule can still be read', () => {
  expect(recordedLine(100).safeParse('M\ufffdller').success).toBe(true);
  expect(recordedLine(100).safeParse('\ud83d').success).toBe(false);
});

const file = 'productId,name\nX1,ワイヤレスマウス\nX2,お茶の葉';

test.each([
  ['a Japanese file cut in its last letter', bytes(file).subarray(0, -1), 'line 3'],
  ['the same, two bytes short', bytes(file).subarray(0, -2), 'line 3'],
  ['a German file cut in its last letter', bytes('Größe\nÄpfel ü').subarray(0, -1), 'line 2'],
  ['UTF-8 with a line of Shift_JIS', [...bytes(file), 10, 0x83, 0x7d], 'line 4'],
])('F-20 %s is not taken for Shift_JIS: the line is named', (_what, given, place) => {
  expect(decodeText(Uint8Array.from(given))).toEqual({
    refused: `is UTF-8, but not in ${place}: it was cut off there, or is mixed with another encoding`,
  });
});

test.each([
  ['shift_jis', 'X1,マウス,お茶\n'],
  ['windows-31j', 'X1,日本語の説明です。\n'],
  ['euc-jp', 'X1,日本語\n'],
  ['gb18030', 'X1,日本語の説明\n'],
  ['windows-1252', 'Müller'],
  ['iso-8859-15', 'Größe'],
])('F-20 UTF-8 is not read as %s, whose letters would be others', (charset, text) => {
  expect(decodeText(bytes(text), charset)).toEqual({
    refused: `is UTF-8, and not ${charset}, which its charset says`,
  });
});

test('F-20 half-width kana and Latin letters are read by their charset', () => {
  expect(decodeText(bytes([0xc3, 0xb2]), 'shift_jis')).toEqual({ text: 'ﾃｲ' });
  expect(decodeText(bytes([0x4d, 0xfc]), 'windows-1252')).toEqual({ text: 'Mü' });
});

test('F-20 UTF-16 without a mark is named where few letters of it are Latin', () => {
  const text = Buffer.from('日本語だけの文章です。日本語だけの文章です,1\n', 'utf16le');
  expect(decodeText(text)).toEqual({
    refused: 'is not UTF-8: it looks like UTF-16 without a byte order mark',
  });
});
