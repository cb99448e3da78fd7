import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command';
import { localFolder } from './folders';
import { run } from './run';

const requirements = join(__dirname, 'requirements.txt');
const venv = join(localFolder, 'venv');
const stamp = join(venv, 'installed.sha256');

/** The Python that MiniStack is installed for. */
export const ministackPython = join(venv, 'bin', 'python');

const otherWays = `
Other ways:
  • any LocalStack-compatible endpoint:  AWS_ENDPOINT_URL=http://localhost:4566 npm start
  • AWS itself, with credentials:        npx cdk bootstrap && npx cdk deploy`;

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const ask = (program: string, code: string): string | undefined => {
  const { status, stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

type Python = { readonly program: string; readonly version: string };

const isNewEnough = ({ version }: Python): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= 10;
};

const findPython = (programs: readonly string[]): Python => {
  const found = programs.flatMap((program) => {
    const version = ask(program, 'import sys; print("%d.%d.%d" % sys.version_info[:3])');
    return version === undefined ? [] : [{ program, version }];
  });
  const python = found.find(isNewEnough);
  if (python !== undefined) return python;
  const seen = found.map(({ program, version }) => `${program} is ${version}`).join(', ');
  throw new CommandError(`The local AWS needs Python 3.10 or newer (${seen || 'none found'}).
Install it from https://www.python.org/downloads/ or with your package manager, then try again.
${otherWays}`);
};

const requireVenv = ({ program, version }: Python): void => {
  if (ask(program, 'import venv, ensurepip') !== undefined) return;
  const minor = version.split('.').slice(0, 2).join('.');
  throw new CommandError(`Python ${version} comes without its venv module, which keeps the local AWS in a folder of its own.
On Debian and Ubuntu: sudo apt install python${minor}-venv, then try again.
${otherWays}`);
};

const fingerprint = (): string => createHash('sha256').update(readFileSync(requirements)).digest('hex');

/** Whether the pinned MiniStack is there already. */
export const isInstalled = (): boolean =>
  existsSync(stamp) && existsSync(ministackPython) && readFileSync(stamp, 'utf8') === fingerprint();

/** Installs the pinned MiniStack into `.local/venv`, each file checked against its hash. Quick when it is there. */
export const installMiniStack = async (programs: readonly string[] = candidates): Promise<void> => {
  if (isInstalled()) return;
  const python = findPython(programs);
  requireVenv(python);
  rmSync(venv, { recursive: true, force: true });
  const log = join(localFolder, 'install.log');
  await run({ program: python.program, args: ['-m', 'venv', venv], log });
  // what is never imported need not be compiled
  const options = [
    '--disable-pip-version-check',
    '--no-input',
    '--no-compile',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  await run({ program: ministackPython, args: ['-m', 'pip', 'install', ...options, '-r', requirements], log });
  writeFileSync(stamp, fingerprint());
};
