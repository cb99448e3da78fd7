import * as z from 'zod';
import { fieldWords } from '../../../lambda/contracts/api/issue-words';
import { CommandError, readArguments, describe as said, UsageError } from '../../../scripts/lib/command';

const options = { file: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
const read = (...argv: string[]) => readArguments(argv, options, { words: 1 });

describe('a command line', () => {
  test('is read into values and words', () => {
    const { values, words } = read('list', '--file', 'a b.csv', '--dry-run');
    expect({ ...values }).toEqual({ file: 'a b.csv', 'dry-run': true });
    expect(words).toEqual(['list']);
  });

  test('may give a value after "=", even one that starts with a dash', () => {
    expect(read('--file=-x').values.file).toBe('-x');
  });

  test('takes what follows "--" as words', () => {
    expect(read('--', '--file').words).toEqual(['--file']);
  });

  test.each([
    [['--fil', 'x'], '--fil: unknown option; --file, --dry-run, --help exist. See --help.'],
    [['-x'], '-x: unknown option; --file, --dry-run, --help exist. See --help.'],
    [['--file'], '--file: needs a value. See --help.'],
    [['--file', '--dry-run'], '--file: needs a value. See --help.'],
    [['--file='], '--file: needs a value. See --help.'],
    [['--dry-run=yes'], '--dry-run: takes no value, but has "yes". See --help.'],
    [['--file', 'a', '--file', 'b'], '--file: may be given only once. See --help.'],
    [['a', 'b'], '"b": unexpected argument; at most 1 without "--" may be given. See --help.'],
    [['--__proto__'], '--__proto__: unknown option; --file, --dry-run, --help exist. See --help.'],
    [['--toString'], '--toString: unknown option; --file, --dry-run, --help exist. See --help.'],
  ])('%j is refused with the argument and the rule', (argv, message) => {
    expect(() => readArguments(argv, options, { words: 1 })).toThrow(new UsageError(message));
  });

  test('that is wrong ends the script with 2', () => {
    expect(new UsageError('x').exitCode).toBe(2);
  });
});

describe('F-15 what ends a script is said in plain words', () => {
  const Row = z.object({ stock: z.int(), at: z.iso.datetime(), lines: z.array(z.strictObject({ id: z.string() })) });
  const issuesOf = (value: unknown) => Row.safeParse(value).error?.issues ?? [];
  const thrownBy = (value: unknown) => {
    try {
      return Row.parse(value);
    } catch (error) {
      return said(error);
    }
  };

  test('a row of another version is reported by its fields, with what to do, and without a stack', () => {
    expect(thrownBy({ stock: '5', lines: [{ id: 1, more: 2 }] })).toBe(
      'The system has answered something that this version of the scripts does not know: stock: must be a number; ' +
        'at: is missing; lines.0.id: must be text; lines.0.more: is unknown. Run the scripts of the version that is ' +
        'deployed, or deploy this one: "npm start", or "npm run deploy" on AWS.',
    );
  });

  test('of many wrong fields ten are named, and how many more there are', () => {
    const lines = Array.from({ length: 30 }, () => ({}));
    expect(fieldWords(issuesOf({ stock: 1, at: '2026-11-30T08:00:00.000Z', lines }))).toMatch(
      /^(lines\.\d\.id: is missing; ){10}and 20 more$/,
    );
  });

  test('a long argument is repeated by its beginning', () => {
    const long = `${'日'.repeat(79)}🙂`.repeat(30);
    const argv = [`--file=${long}`, '--reason', long];
    expect(said(new UsageError(`--reason "${long}": is too long`), argv)).toBe(
      `--reason "${'日'.repeat(79)}\ufffd…": is too long`,
    );
    const short = 'x'.repeat(80);
    expect(said(new UsageError(`"${short}": is unknown`), [short])).toBe(`"${short}": is unknown`);
  });

  test('an error that says what to do is shown as it is, any other with its stack', () => {
    expect(said(new CommandError('Run "npm start" first.'))).toBe('Run "npm start" first.');
    expect(said(new TypeError('x is not a function'))).toMatch(/^TypeError: x is not a function\n {4}at /);
  });
});
