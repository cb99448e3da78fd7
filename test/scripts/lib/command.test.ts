import { readArguments, UsageError } from '../../../scripts/lib/command';

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
