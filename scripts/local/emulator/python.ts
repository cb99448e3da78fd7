import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../lib/command';
import { localFolder } from '../../lib/folders';
import { run } from './run';

/** Something that is written in Python, and installed into a folder of its own. */
export type PythonTool = {
  /** What it is, for whoever has no Python. */
  readonly what: string;
  /** Pinned packages, each with its hashes. */
  readonly requirements: string;
  readonly venv: string;
  /** The oldest Python 3 that it runs on. */
  readonly leastMinor: number;
  readonly log: string;
  /** How to go on without it. @default nothing */
  readonly otherWays?: string;
};

/** The Python that a tool is installed for. */
export const pythonOf = ({ venv }: Pick<PythonTool, 'venv'>): string => join(venv, 'bin', 'python');

const miniStack: PythonTool = {
  what: 'The local AWS',
  requirements: join(__dirname, '..', 'requirements.txt'),
  venv: join(localFolder, 'venv'),
  leastMinor: 10,
  log: join(localFolder, 'install.log'),
  otherWays: `
Other ways:
  • any LocalStack-compatible endpoint:  AWS_ENDPOINT_URL=http://localhost:4566 npm start
  • AWS itself, with credentials:        npx cdk bootstrap && npx cdk deploy`,
};

/** The Python that MiniStack is installed for. */
export const ministackPython = pythonOf(miniStack);

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const ask = (program: string, code: string): string | undefined => {
  const { status, stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

type Python = { readonly program: string; readonly version: string };

const isNewEnough = ({ leastMinor }: PythonTool, { version }: Python): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= leastMinor;
};

const findPython = (tool: PythonTool, programs: readonly string[]): Python => {
  const found = programs.flatMap((program) => {
    const version = ask(program, 'import sys; print("%d.%d.%d" % sys.version_info[:3])');
    return version === undefined ? [] : [{ program, version }];
  });
  const python = found.find((one) => isNewEnough(tool, one));
  if (python !== undefined) return python;
  const seen = found.map(({ program, version }) => `${program} is ${version}`).join(', ');
  throw new CommandError(`${tool.what} needs Python 3.${tool.leastMinor} or newer (${seen || 'none found'}).
Install it from https://www.python.org/downloads/ or with your package manager, then try again.
${tool.otherWays ?? ''}`);
};

const requireVenv = ({ otherWays = '' }: PythonTool, { program, version }: Python): void => {
  if (ask(program, 'import venv, ensurepip') !== undefined) return;
  const minor = version.split('.').slice(0, 2).join('.');
  throw new CommandError(`Python ${version} comes without its venv module, which keeps what is installed in a folder of its own.
On Debian and Ubuntu: sudo apt install python${minor}-venv, then try again.
${otherWays}`);
};

const fingerprint = ({ requirements }: PythonTool): string =>
  createHash('sha256').update(readFileSync(requirements)).digest('hex');

const stampOf = ({ venv }: PythonTool): string => join(venv, 'installed.sha256');

const isToolInstalled = (tool: PythonTool): boolean =>
  existsSync(stampOf(tool)) && existsSync(pythonOf(tool)) && readFileSync(stampOf(tool), 'utf8') === fingerprint(tool);

/** Whether the pinned MiniStack is there already. */
export const isInstalled = (): boolean => isToolInstalled(miniStack);

/** Installs a pinned tool into its folder, each file checked against its hash. Quick when it is there. */
export const installTool = async (tool: PythonTool, programs: readonly string[] = candidates): Promise<void> => {
  if (isToolInstalled(tool)) return;
  const python = findPython(tool, programs);
  requireVenv(tool, python);
  const { venv, requirements, log } = tool;
  rmSync(venv, { recursive: true, force: true });
  await run({ program: python.program, args: ['-m', 'venv', venv], log });
  // what is never imported need not be compiled
  const options = [
    '--disable-pip-version-check',
    '--no-input',
    '--no-compile',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  await run({ program: pythonOf(tool), args: ['-m', 'pip', 'install', ...options, '-r', requirements], log });
  writeFileSync(stampOf(tool), fingerprint(tool));
};

/** Installs the pinned MiniStack into `.local/venv`. */
export const installMiniStack = (programs?: readonly string[]): Promise<void> => installTool(miniStack, programs);
