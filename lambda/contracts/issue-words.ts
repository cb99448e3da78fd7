import type * as z from 'zod';

type Issue = z.core.$ZodIssue;
type Words<Code extends Issue['code']> = (issue: Extract<Issue, { code: Code }>) => string;

const things: Readonly<Record<string, string>> = { string: 'characters', array: 'entries', number: '', int: '' };

const bound = (side: 'least' | 'most', { origin, limit }: { origin: string; limit: number | bigint }): string => {
  const thing = things[origin];
  return thing ? `must have at ${side} ${limit} ${thing}` : `must be at ${side} ${limit}`;
};

const tooSmall: Words<'too_small'> = ({ origin, minimum }) =>
  origin === 'string' && minimum === 1 ? 'must not be empty' : bound('least', { origin, limit: minimum });

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What is wrong with one field, for whoever wrote it: the rule, and nothing of the library that found it. */
export const issueWords = (issue: Issue): string => {
  switch (issue.code) {
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return bound('most', { origin: issue.origin, limit: issue.maximum });
    case 'invalid_type':
      return issue.input === undefined && /received undefined$/.test(issue.message)
        ? 'is missing'
        : `must be ${types[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'is unknown';
    default:
      return issue.message;
  }
};
