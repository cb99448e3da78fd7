import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { anchorsOf, found, pages, prose, read } from './documents';

/** The links of a page that lead to a file or heading of the project: [file, anchor]. */
const linksOf = (page: string): [string, string][] =>
  [
    ...prose(read(page))
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\((?![a-z]+:)([^)#]*)#?([^)]*)\)/g),
  ].map(([, path = '', anchor = '']) => [path === '' ? page : join(dirname(page), path), anchor]);

test.each(pages)('every link of %s leads to a file and a heading that are there', (page) => {
  const broken = linksOf(page).filter(
    ([path, anchor]) => !existsSync(path) || (anchor !== '' && !anchorsOf(path).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test.each(pages)('a link of %s that is called after a file leads to that file', (page) => {
  const links = [...prose(read(page)).matchAll(/\[([\w.-]+\.ts)\]\(([^)#]+)\)/g)];
  expect(links.filter(([, label = '', path = '']) => basename(path) !== label).map(([link]) => link)).toEqual([]);
});

const current = pages.filter((page) => page !== 'docs/promises.md'); // the promises quote what others wrote

test.each(current)('every file and folder of the source that %s names is there', (page) => {
  const named = found(read(page), /`((?:bin|lambda|lib|test|scripts|clients|bench|docs)\/[\w./-]*)`/g);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('the index of docs/ leads to every page in English and in Japanese', () => {
  const expected = pages.filter((page) => /^docs\/(?!adr\/|README)/.test(page));
  const linked = linksOf('docs/README.md').map(([path]) => path);
  expect(expected.filter((page) => !linked.includes(page))).toEqual([]);
});
