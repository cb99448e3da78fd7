import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CommandError } from '../../lib/command';
import { projectFolder } from '../../lib/folders';

/** The last lines of a log, without colours. */
export const tail = (file: string, lines = 25): string =>
  stripVTControlCharacters(readFileSync(file, 'utf8')).trimEnd().split('\n').slice(-lines).join('\n');

const exitOf = (
  program: string,
  args: readonly string[],
  log: number,
  { env, cwd = projectFolder, signal }: Pick<Run, 'env' | 'cwd' | 'signal'>,
): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', log, log] });
    child.on('error', reject);
    child.on('close', resolve);
  });

export type Run = {
  readonly program: string;
  readonly args: readonly string[];
  /** Takes the program's whole output; its end is shown when the program fails. */
  readonly log: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default the project's folder */
  readonly cwd?: string | undefined;
  /** Ends the program before its time. */
  readonly signal?: AbortSignal | undefined;
};

/** Runs a program quietly. Throws with the end of its output when it fails. */
export const run = async ({ program, args, log, env = process.env, cwd, signal }: Run): Promise<void> => {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'w');
  try {
    const code = await exitOf(program, args, file, { env, cwd, signal });
    if (code === 0) return;
    const shown = [program, ...args].join(' ');
    throw new CommandError(
      `${shown}\nended with code ${code}. The end of its output:\n\n${tail(log)}\n\nAll of it: ${log}`,
    );
  } finally {
    closeSync(file);
  }
};
