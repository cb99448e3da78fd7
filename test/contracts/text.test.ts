import { line, recordedLine } from '../../lambda/contracts/values/text';

test.each([
  ['spaces', ' \u3000'],
  ['a zero-width space', '\u200b'],
  ['a byte order mark and a soft hyphen', '\ufeff\u00ad'],
  ['a Hangul filler', '\u3164'],
  ['a Braille cell without dots', '\u2800'],
  ['variation selectors', '\ufe0f\ufe0f'],
])('a line of which nobody sees anything is blank: %s', (_, text) => {
  expect(line(100).safeParse(text).error?.issues).toMatchObject([{ message: 'must not be blank' }]);
});

test.each(['夏のマグ', '☕️', 'a\u200bb', 'か\u3099', '👨‍👩‍👧', '-'])(
  'a line of which something is seen is taken: %s',
  (text) => {
    expect(line(100).safeParse(text).success).toBe(true);
  },
);

test('a line that older rules took is still read', () => {
  expect(recordedLine(100).safeParse('\u200b').success).toBe(true);
});
