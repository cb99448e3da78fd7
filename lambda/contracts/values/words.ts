import * as z from 'zod';

type Issue = z.core.$ZodRawIssue;
type IssueOf<Code extends Issue['code']> = Extract<Issue, { code: Code }>;

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'entry' };

const formats: Readonly<Record<string, string>> = {
  datetime: 'a time such as 2026-11-30T08:00:00.000Z',
  date: 'a date such as 2026-11-30',
  email: 'an e-mail address such as hanako@example.com',
  url: 'a web address such as https://example.com/',
  uuid: 'a UUID such as 5b1f9c8e-1f6b-4d8f-9a1c-3d2e1f0a9b8c',
};

const shown = (value: unknown): string => (typeof value === 'string' ? value : String(value));

/** Lists at most twenty values, since a list of all currencies is no help. */
const oneOf = (values: readonly unknown[]): string => {
  if (values.length === 1) return `must be ${shown(values[0])}`;
  const named = values.slice(0, 20).map(shown).join(', ');
  return `must be one of ${named}${values.length > 20 ? ' and others' : ''}`;
};

const counted = (count: number | bigint, origin: string): string => {
  const unit = units[origin];
  if (unit === undefined) return String(count);
  const plural = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${count} ${Number(count) === 1 ? unit : plural}`;
};

const verbOf = (origin: string): string => (origin in units ? 'must have' : 'must be');

const tooBig = ({ origin, maximum, inclusive, exact }: IssueOf<'too_big'>): string => {
  const bound = exact ? 'exactly' : inclusive === false ? 'less than' : 'at most';
  return `${verbOf(origin)} ${bound} ${counted(maximum, origin)}`;
};

const tooSmall = ({ origin, minimum, inclusive, exact }: IssueOf<'too_small'>): string => {
  if (origin === 'string' && Number(minimum) === 1 && !exact) return 'must not be empty';
  const bound = exact ? 'exactly' : inclusive === false ? 'more than' : 'at least';
  return `${verbOf(origin)} ${bound} ${counted(minimum, origin)}`;
};

/** Joins the requirements of a union's members: `must be a number, or must be true or false`. */
const unionWords = ({ input, errors, options }: IssueOf<'invalid_union'>): string => {
  if (Array.isArray(options) && options.length > 0) return oneOf(options);
  if (input === undefined) return 'is required';
  const requirements = [...new Set(errors.flatMap(([first]) => first?.message ?? []))];
  return requirements.length === 0 ? 'must be of another kind' : requirements.join(', or ');
};

const words: { readonly [Code in Issue['code']]: (issue: IssueOf<Code>) => string } = {
  invalid_type: ({ input, expected }) =>
    input === undefined ? 'is required' : `must be ${kinds[expected] ?? expected}`,
  invalid_value: ({ input, values }) => (input === undefined ? 'is required' : oneOf(values)),
  too_big: tooBig,
  too_small: tooSmall,
  invalid_format: ({ format }) => `must be ${formats[format] ?? 'written in another form'}`,
  not_multiple_of: ({ divisor }) => `must be a multiple of ${divisor}`,
  unrecognized_keys: ({ keys }) => `unknown field ${keys.slice(0, 3).join(', ').slice(0, 100)}`, // not in bodies
  invalid_key: ({ issues }) => `has a name that cannot be used: it ${issues[0]?.message ?? 'must be another one'}`,
  invalid_element: ({ issues }) => issues[0]?.message ?? 'must be another value',
  invalid_union: unionWords,
  custom: () => 'must be another value',
};

const wordsOf = (issue: Issue): string => (words[issue.code] as (one: Issue) => string)(issue);

/** Replaces the library's messages by plain words wherever a contract has none of its own. */
z.config({ customError: wordsOf });
