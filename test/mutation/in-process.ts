import '../support/environment';
import Module, { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import { transformSync } from '@swc/core';
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';

const load = createRequire(__filename);
const ownFiles = resolve('.') + sep;
const libraries = resolve('node_modules') + sep;
const contracts = resolve('lambda', 'contracts') + sep;
const environment = { ...process.env };
const compiled = new Map<string, string>();

/** Compiles as Jest does here. */
const compile = (file: string, source: string): string =>
  transformSync(source, {
    filename: file,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  }).code;

/** Loads TypeScript from here on, with other sources for some files: those that have mutants in them. */
export const useSources = (sources: Readonly<Record<string, string>>): void => {
  for (const [file, source] of Object.entries(sources)) compiled.set(resolve(file), compile(file, source));
  const extensions = (Module as unknown as { _extensions: NodeJS.Dict<(module: Compiling, file: string) => void> })
    ._extensions;
  extensions['.ts'] = (module, file) => {
    const code = compiled.get(file) ?? compile(file, load('node:fs').readFileSync(file, 'utf8'));
    compiled.set(file, code);
    module._compile(code, file);
  };
};
type Compiling = { _compile: (code: string, file: string) => void };

const mocker = new ModuleMocker(globalThis);

/** What the tests of services use of Jest. Anything else is missed at once, in the run without a mutant. */
Object.assign(globalThis, circus, {
  expect,
  jest: {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    setTimeout: () => undefined,
  },
});

let failure: string | undefined;
circus.addEventHandler((event) => {
  if (event.name === 'test_done' && event.test.errors.length > 0) failure ??= event.test.name;
  if (event.name === 'test_start' && failure !== undefined) event.test.mode = 'skip'; // one failure is enough
});
process.on('unhandledRejection', () => {
  failure ??= 'an unhandled rejection';
});
process.on('uncaughtException', () => {
  failure ??= 'an uncaught exception';
});

/** Libraries, and contracts, which import nothing but libraries and have no state that a test could see. */
const isKept = (file: string): boolean =>
  !file.startsWith(ownFiles) || file.startsWith(libraries) || file.startsWith(contracts) || file === __filename;

const forget = (): void => {
  for (const file of Object.keys(load.cache)) if (!isKept(file)) delete load.cache[file];
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
};

/** Runs a test file with fresh modules of this project. Returns what failed first, or undefined when all tests passed. */
export const runTestFile = async (file: string, timeoutMs: number): Promise<string | undefined> => {
  forget();
  failure = undefined;
  circus.resetState();
  circus.getState().testTimeout = timeoutMs;
  try {
    load(resolve(file));
    const { unhandledErrors } = await circus.run();
    return failure ?? unhandledErrors[0];
  } catch (error) {
    return `the file does not load: ${error}`;
  } finally {
    mocker.restoreAllMocks();
  }
};
