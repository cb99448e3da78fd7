import { type ParseArgsConfig, parseArgs } from 'node:util';
import * as z from 'zod';
import { fieldWords } from '../../lambda/contracts/api/issue-words';
import { wrapHelp } from './help';
import { type Language, languageIn, languages, speak } from './language';
import { failMark, lineWidth, print, printError } from './terminal';

/** A failure the operator can act on: its message says what to do, and is shown without a stack. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number = 1;
}

/** A command line that says something that no rule allows. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
  override readonly exitCode = 2;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true }>>['values'];

export type Arguments<T extends Options> = { readonly values: Values<T>; readonly words: readonly string[] };

type Token = NonNullable<ReturnType<typeof parseArgs<{ tokens: true; strict: false }>>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const wrongOption = (options: Options, { name, rawName, value, inlineValue }: OptionToken): string | undefined => {
  const known = Object.hasOwn(options, name) ? options[name] : undefined;
  const names = Object.keys(options).map((option) => `--${option}`);
  if (known === undefined) return `${rawName}: unknown option; ${names.join(', ')} exist`;
  if (known.type === 'boolean')
    return value === undefined ? undefined : `${rawName}: takes no value, but has "${value}"`;
  if (!value || (value.startsWith('-') && !inlineValue)) return `${rawName}: needs a value`;
  return undefined;
};

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}. See --help.`);
};

/** Parses a command line; throws an error that names the wrong argument and the rule that it breaks. */
export const readArguments = <T extends Options>(
  argv: readonly string[],
  options: T,
  { words: maxWords = 0 }: { readonly words?: number } = {},
): Arguments<T & { help: { type: 'boolean' } }> => {
  const all = { ...options, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: all,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const given = tokens.filter((token): token is OptionToken => token.kind === 'option');
  for (const option of given) {
    const problem = wrongOption(all, option);
    if (problem !== undefined) refuse(problem);
  }
  const twice = given.find(({ name }, index) => given.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) refuse(`${twice.rawName}: may be given only once`);
  const extra = positionals[maxWords];
  if (extra !== undefined) refuse(`"${extra}": unexpected argument; at most ${maxWords} without "--" may be given`);
  return { values: values as Values<typeof all>, words: positionals };
};

const maxRepeated = 80; // characters of an argument

/** Repeats of a long argument its beginning. */
const shortened = (message: string, argv: readonly string[]): string =>
  argv
    .flatMap((argument) => [argument, argument.slice(argument.indexOf('=') + 1)])
    .filter((text) => text.length > maxRepeated)
    .reduce((said, text) => said.replaceAll(text, () => `${text.slice(0, maxRepeated).toWellFormed()}…`), message);

/** What a person reads of an error that ends a script. A stack is for faults of the script itself. */
export const describe = (error: unknown, argv: readonly string[] = []): string => {
  if (error instanceof UsageError) return shortened(error.message, argv);
  if (error instanceof CommandError) return error.message;
  if (error instanceof z.ZodError)
    return (
      `The system has answered something that this version of the scripts does not know: ${fieldWords(error.issues)}. ` +
      'Run the scripts of the version that is deployed, or deploy this one: "npm start", or "npm run deploy" on AWS.'
    );
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const endQuietly = (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0); // the reader of the pipe has seen enough
  throw error;
};

type Script<T extends Options> = {
  readonly help: string;
  readonly options: T;
  /** How many arguments without `--` may be given. @default 0 */
  readonly words?: number;
  /** It speaks Japanese too, as `--lang` and LANG choose. @default false, English only */
  readonly speaksJapanese?: boolean;
};

const languageFrom = (given: unknown): Language => {
  if (given === undefined) return languageIn(process.env);
  const known = languages.find((one) => one === given);
  if (known !== undefined) return known;
  throw new UsageError(`--lang "${given}": must be one of ${languages.join(', ')}. See --help.`);
};

/**
 * Runs a script: reads its arguments, answers `--help`, and ends with the exit code that `work` returns: 0 when it
 * gives none, 2 for a wrong command line, 1 for any other failure, with a message that says what to do.
 */
export const command = async <T extends Options>(
  { help, options, speaksJapanese = false, ...rest }: Script<T>,
  // biome-ignore lint/suspicious/noConfusingVoidType: most scripts have no exit code of their own
  work: (values: Values<T>, words: readonly string[]) => Promise<number | void>,
): Promise<void> => {
  process.stdout.on('error', endQuietly);
  try {
    const all = speaksJapanese ? { ...options, lang: { type: 'string' as const } } : options;
    const { values, words } = readArguments(process.argv.slice(2), all, rest);
    if (speaksJapanese) speak(languageFrom('lang' in values ? values.lang : undefined));
    if ('help' in values && values.help) return print(wrapHelp(help, lineWidth()));
    process.exitCode = (await work(values as Values<T>, words)) ?? 0;
  } catch (error) {
    printError(`\n${failMark} ${describe(error, process.argv.slice(2))}`);
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
};
