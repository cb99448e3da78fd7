import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'lambda'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts'));

const text = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;

/** Sentences of the source: quoted texts that begin with a capital, end with a full stop and have a blank. */
const sentencesOf = (source: string): string[] =>
  [...source.matchAll(text)]
    .map(([, quoted, template]) => quoted ?? template ?? '')
    .filter((one) => /^[A-Z][^\n]* [^\n]*\.$/.test(one));

/** What follows `error:`, `message:`, a check or a pointer: rules of fields. */
const rulesOf = (source: string): string[] =>
  [...source.matchAll(text)]
    .map(([, quoted, template]) => quoted ?? template ?? '')
    .filter((one) => /^(must|is|has|are) /.test(one));

const sources = files.map((file) => [file, readFileSync(file, 'utf8')] as const);
const http = sources.filter(([file]) => /\.http\.ts$|kernel\/|\/live\/|contracts\//.test(file));
const sentences = http.flatMap(([file, source]) => sentencesOf(source).map((one) => `${file}: ${one}`));
const rules = sources.flatMap(([file, source]) => rulesOf(source).map((one) => `${file}: ${one}`));

const library =
  /Invalid (input|option|string|number|key|discriminator)|Too (small|big):|Unrecognized key|expected (string|number|int|boolean|object|array)/;
const riddles =
  /[Nn]obody can|is no (file|event)|not good|no longer good|good for|at present, and who|is on its way|may be told|is for another|to give back|keeps? no more|the same at the same time|by now\b|so much\b/;

describe('what problems say', () => {
  test('there are texts to look at', () => {
    expect(sentences.length).toBeGreaterThan(80);
    expect(rules.length).toBeGreaterThan(40);
  });

  test('no text of ours has the words of a library', () =>
    expect([...sentences, ...rules].filter((one) => library.test(one))).toEqual([]));

  test('no text of ours is a riddle', () =>
    expect([...sentences, ...rules].filter((one) => riddles.test(one))).toEqual([]));

  test.each([
    ['lambda/identity/sessions/session.http.ts', 'The sign-in service is unavailable. Try again in a minute.'],
    ['lambda/catalog/products/import-products.http.ts', 'The body is not a CSV file of products that can be imported.'],
    [
      'lambda/identity/sign-in/sign-in.http.ts',
      'The code is wrong or has expired, or there is no such account. Request a new code.',
    ],
  ])('%s says: %s', (file, sentence) => expect(readFileSync(file, 'utf8')).toContain(sentence));
});
