import type * as z from 'zod';
import { hasCardNumber } from '../contracts/card-number';

/** How many wrong fields an answer lists: a body of ten thousand is not answered with ten thousand lines. */
export const maxListed = 50;
const maxPart = 100;

type FieldError = { readonly pointer: string; readonly detail: string };

/** A text that a caller made up, short enough to be repeated in an answer or a log line, never a card number. */
export const shorten = (text: string): string => {
  const start = text.slice(0, maxPart).toWellFormed();
  if (hasCardNumber(start)) return '…';
  return text.length > maxPart ? `${start}…` : text;
};

/** RFC 6901, with names that are too long to repeat cut off. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${shorten(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const sizeOf = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);

/** How many fields are wrong, be they listed or not. */
export const countErrors = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((total, issue) => total + sizeOf(issue), 0);

/** The first wrong fields with where they are; a field that no contract knows is named itself. */
export const fieldErrors = (issues: readonly z.core.$ZodIssue[], root = '', limit = maxListed): FieldError[] => {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    if (errors.length >= limit) break;
    if (issue.code !== 'unrecognized_keys')
      errors.push({ pointer: root + pointerTo(issue.path), detail: issue.message });
    else
      for (const key of issue.keys.slice(0, limit - errors.length))
        errors.push({ pointer: root + pointerTo([...issue.path, key]), detail: 'unknown field' });
  }
  return errors;
};

/** The sentence that says so when not all of `count` errors are listed, to be appended to the detail. */
export const leftOut = (count: number, listed = maxListed): string =>
  count > listed ? ` The first ${listed} of ${count} errors are listed.` : '';
