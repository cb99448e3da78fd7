import type * as z from 'zod';
import '../values/words';

/** Returns the error of one cell for the author of a file, who has cells and columns instead of fields. */
export const issueWords = ({ code, message }: z.core.$ZodIssue): string => {
  if (code === 'unrecognized_keys') return 'is unknown';
  return message === 'is required' ? 'is missing' : message;
};

const maxFields = 10;

const keysOf = (issue: z.core.$ZodIssue): readonly (readonly PropertyKey[])[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** Returns the invalid fields of a JSON value in one line for people: `queueUrls.a: must be text; …`. */
export const fieldWords = (issues: readonly z.core.$ZodIssue[]): string => {
  const wrong = issues.flatMap((issue) =>
    keysOf(issue).map((path) => `${path.map(String).join('.') || 'the whole'}: ${issueWords(issue)}`),
  );
  const more = wrong.length - maxFields;
  return [...wrong.slice(0, maxFields), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};
