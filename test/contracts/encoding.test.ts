import { decodeText } from '../../lambda/contracts/encoding';
import { line, recordedLine } from '../../lambda/contracts/text';

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
