import stringWidth from 'string-width';
import { wrap } from './table';

/** A text, and how far its first and its further lines are indented. */
type Item = { readonly head: string; readonly text: string };

const startOf = (line: string): number => line.length - line.trimStart().length;

/** `  --lang en|ja  the language` begins with its name; anything else with its blanks. */
const itemOf = (line: string): Item => {
  const [head = ''] = /^ {2,}\S.{0,44} {2,}(?=\S)/.exec(line) ?? /^ */.exec(line) ?? [];
  return { head, text: line.slice(head.length) };
};

const isNamedOrFlush = ({ head }: Item): boolean => head === '' || head.trim() !== '';

/** Joins the lines of each paragraph, and those of each description that goes on below itself. */
const itemsOf = (block: string): Item[] => {
  const items: Item[] = [];
  for (const line of block.split('\n')) {
    const last = items.at(-1);
    if (last !== undefined && startOf(line) === last.head.length && isNamedOrFlush(last))
      items.splice(-1, 1, { ...last, text: `${last.text} ${line.trim()}` });
    else items.push(itemOf(line));
  }
  return items;
};

const laidOut = ({ head, text }: Item, width: number): string[] => {
  const isLong = head.length > width / 2;
  const indent = ' '.repeat(isLong ? 6 : head.length);
  const lines = wrap(text, width - indent.length);
  if (isLong) return [head.trimEnd(), ...lines.map((line) => `${indent}${line}`)];
  return lines.map((line, at) => `${at === 0 ? head : indent}${line}`);
};

const isTooWide = (block: string, width: number): boolean =>
  block.split('\n').some((line) => stringWidth(line) > width);

/** Wraps a help text to a width. The first block, how the command is typed, keeps its lines. */
export const wrapHelp = (help: string, width: number): string => {
  const [usage = '', ...blocks] = help.trim().split('\n\n');
  const wrapped = blocks.map((block) =>
    isTooWide(block, width)
      ? itemsOf(block)
          .flatMap((item) => laidOut(item, width))
          .join('\n')
      : block,
  );
  const lines = usage.split('\n').flatMap((line) => (stringWidth(line) > width ? wrap(line, width) : [line]));
  return [lines.join('\n'), ...wrapped].join('\n\n');
};
