import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One change to one place of one file. */
export type Mutant = {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** What was changed, on one line: `EqualityOperator: a > b → a >= b`. */
  readonly what: string;
};

export type Mutated = {
  readonly mutants: readonly Mutant[];
  /** Each file with all of its mutants in it, of which one at a time is switched on. */
  readonly sources: Readonly<Record<string, string>>;
};

export const services = ['order', 'payment', 'inventory', 'billing', 'alert'] as const;
export type Service = (typeof services)[number];

const filesIn = (folder: string): string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', folder], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('.ts') && existsSync(file));

/** The source of a service without what describes its environment. */
export const sourcesOf = (service: Service): string[] =>
  filesIn(`lambda/${service}`).filter((file) => !file.endsWith('/env.ts'));

/** The files of a service that decide: those without a suffix. */
export const pureFilesOf = (service: Service): string[] =>
  sourcesOf(service).filter((file) => /\/[\w-]+\.ts$/.test(file));

export const testFilesOf = (service: Service): string[] =>
  filesIn(`test/${service}`).filter((file) => file.endsWith('.test.ts'));

/** `order/domain` of `lambda/order/domain/order.ts`. */
export const folderOf = (file: string): string => dirname(file).replace(/^lambda\//, '');

const clip = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 70 ? line : `${line.slice(0, 69)}…`;
};

type Position = { readonly line: number; readonly column: number };

const textBetween = (source: string, start: Position, end: Position): string => {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined))
    .join(' ');
};

const silent = () => undefined;
const isOff = () => false;
const noLogger = {
  isTraceEnabled: isOff,
  isDebugEnabled: isOff,
  isInfoEnabled: isOff,
  isWarnEnabled: isOff,
  isErrorEnabled: isOff,
  isFatalEnabled: isOff,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Puts every mutant that Stryker knows into the files. */
export const mutate = async (files: readonly string[]): Promise<Mutated> => {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const contents = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const instrumented = await new Instrumenter(noLogger).instrument(
    [...contents].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  const mutants = instrumented.mutants.map(({ id, fileName, mutatorName, replacement, location: { start, end } }) => ({
    id,
    file: fileName,
    line: start.line + 1,
    what: `${mutatorName}: ${clip(textBetween(contents.get(fileName) ?? '', start, end))} → ${clip(replacement)}`,
  }));
  return { mutants, sources: Object.fromEntries(instrumented.files.map(({ name, content }) => [name, content])) };
};
