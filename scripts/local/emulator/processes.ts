import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../../lib/wait';

type Process = { readonly pid: number; readonly command: string };

const readCommand = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // it ended meanwhile
  }
};

const fromProc = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), command: readCommand(pid) }));

const fromPs = (): Process[] =>
  spawnSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .stdout.split('\n')
    .flatMap((line) => {
      const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), command }];
    });

/** The processes whose command line fits. Ended ones that nobody has waited for have no command line. */
export const processesLike = (fits: (command: string) => boolean): Process[] =>
  (process.platform === 'linux' ? fromProc() : fromPs()).filter(({ command }) => fits(command));

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Ends the processes whose command line fits: asks first, and kills what is still there after five seconds. */
export const endProcesses = async (fits: (command: string) => boolean): Promise<void> => {
  const left = () => processesLike(fits);
  const gone = async () => left().length === 0 || undefined;
  for (const { pid } of left()) signal(pid, 'SIGTERM');
  if (await until(gone, { timeoutMs: 5_000 })) return;
  for (const { pid } of left()) signal(pid, 'SIGKILL');
  await until(gone, { timeoutMs: 5_000 });
};
