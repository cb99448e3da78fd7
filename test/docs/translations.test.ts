import { dirname, join } from 'node:path';
import { codeBlocks, headingLevels, prose, read, readmes, translated } from './documents';

const [readme, ...others] = readmes;
const pairs: [string, string][] = [
  ...others.map((other): [string, string] => [readme, other]),
  ...translated.map(([page, other]): [string, string] => [page, other]),
];

/** The page in English that a file is, or is the translation of. */
const original = (file: string): string => pairs.find(([, other]) => other === file)?.[0] ?? file;

const shape = (text: string): string[] => prose(text).match(/^(?:\||- |\d+\. )/gm) ?? [];

/** Where the links of a page lead, whatever the language and without headings, which are translated. */
const targets = (file: string): string[] => {
  const links = [...prose(read(file)).matchAll(/\]\(([^)#]*)[^)]*\)/g)].map(([, link = '']) => link);
  const inside = links.map((link) => (/^[a-z]+:/.test(link) ? link : join(dirname(file), link)));
  return [...new Set(inside.map(original))].filter((link) => link !== readme).sort();
};

describe.each(pairs)('%s and %s say the same', (english, other) => {
  test('they have the same headings, level by level', () => {
    expect(headingLevels(read(other))).toEqual(headingLevels(read(english)));
  });

  test('they have the same code, line by line', () => {
    expect(codeBlocks(read(other))).toEqual(codeBlocks(read(english)));
  });

  test('their tables and lists are of the same length', () => {
    expect(shape(read(other))).toEqual(shape(read(english)));
  });

  test('they lead to the same pages', () => {
    expect(targets(other)).toEqual(targets(english));
  });
});
