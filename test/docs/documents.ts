import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The README in its three languages. */
export const readmes = ['README.md', 'README.ja.md', 'README.zh-CN.md'] as const;

/** Pages that are there in Japanese too, each with its translation. */
export const translated = [
  ['docs/tutorial.md', 'docs/ja/tutorial.md'],
  ['docs/order-flow.md', 'docs/ja/order-flow.md'],
  ['docs/local-setup.md', 'docs/ja/local-setup.md'],
  ['docs/deploy.md', 'docs/ja/deploy.md'],
  ['docs/guides/payments.md', 'docs/ja/payments.md'],
  ['docs/guides/sign-in-and-tenants.md', 'docs/ja/sign-in-and-tenants.md'],
  ['docs/operations/dead-letters.md', 'docs/ja/dead-letters.md'],
] as const;

/** Every Markdown file of the project. */
export const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter(existsSync);

export const read = (file: string): string => readFileSync(file, 'utf8');

/** The fenced blocks of a document, as they stand. */
export const codeBlocks = (text: string): string[] => text.match(/^```.*?^```$/gms) ?? [];

/** The lines of a document's shell blocks. */
export const typed = (text: string): string[] =>
  codeBlocks(text)
    .filter((block) => block.startsWith('```sh'))
    .join('\n')
    .split('\n');

/** The document without its fenced blocks. */
export const prose = (text: string): string => text.replace(/^```.*?^```$/gms, '');

/** The levels of the headings, in their order. */
export const headingLevels = (text: string): number[] =>
  [...prose(text).matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length);

/** What is found by the pattern's first group, each once, in alphabetical order. */
export const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** The part of a document under one heading, with the headings below it. */
export const section = (text: string, heading: string): string => {
  const [start] = text.matchAll(new RegExp(`^(#+) ${heading}.*$`, 'gm'));
  if (!start) return '';
  const rest = text.slice(start.index + start[0].length);
  const end = rest.search(new RegExp(`^#{1,${start[1]?.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
};

/** The anchors of a document's headings, as GitHub makes them. */
export const anchorsOf = (path: string): string[] =>
  [...prose(read(path)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
