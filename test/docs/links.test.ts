import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, prose, read } from './documents';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter(existsSync);

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
