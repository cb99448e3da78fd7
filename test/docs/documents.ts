import { readFileSync } from 'node:fs';

export const readmes = ['README.md', 'README.ja.md'] as const;

export const read = (file: string): string => readFileSync(file, 'utf8');

/** The fenced blocks of a document, as they stand. */
export const codeBlocks = (text: string): string[] => text.match(/^```.*?^```$/gms) ?? [];

/** The document without its fenced blocks. */
export const prose = (text: string): string => text.replace(/^```.*?^```$/gms, '');

/** The levels of the headings, in their order. */
export const headingLevels = (text: string): number[] =>
  [...prose(text).matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length);

/** What is found by the pattern's first group, each once, in alphabetical order. */
export const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** The part of a document under one heading. */
export const section = (text: string, heading: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

/** The anchors of a document's headings, as GitHub makes them. */
export const anchorsOf = (path: string): string[] =>
  [...prose(read(path)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
