import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../scripts/lib/command';
import { localFolder } from '../../scripts/lib/folders';
import { run } from '../../scripts/local/emulator/run';

const requirements = join(__dirname, 'requirements.txt');
const venv = join(localFolder, 'localemu-venv');
const stamp = join(venv, 'installed.sha256');

/** The Python that LocalEmu is installed for. */
export const localEmuPython = join(venv, 'bin', 'python');

// published as sources alone; they are built with the pinned setuptools
const sourcePackages = 'airspeed-ext,crontab,jsonpath-rw';

/** `pyenv` keeps versions that are not on the PATH. */
const fromPyenv = (): string[] => {
  const folder = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions.filter((name) => name.startsWith('3.13.')).map((name) => join(folder, name, 'bin', 'python3'));
};

/** Where a Python 3.13 may be. */
const candidates = (): string[] => ['python3.13', 'python3', 'python', ...fromPyenv()];

const ask = (program: string, code: string): string | undefined => {
  const { status, stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** Returns the first Python 3.13 that has its venv module. Throws with what to install when there is none. */
export const findPython = (programs: readonly string[]): string => {
  const versions = programs.map((program) => ask(program, 'import sys; print("%d.%d" % sys.version_info[:2])'));
  const found = programs.find((_, index) => versions[index] === '3.13');
  if (found === undefined) {
    const seen = programs.flatMap((program, index) => (versions[index] ? [`${program} is ${versions[index]}`] : []));
    throw new CommandError(`LocalEmu, the second local AWS, needs Python 3.13 (${seen.join(', ') || 'no Python found'}).
Install it from https://www.python.org/downloads/, with your package manager (python3.13 and python3.13-venv) or with
"pyenv install 3.13", then try again.`);
  }
  if (ask(found, 'import venv, ensurepip') !== undefined) return found;
  throw new CommandError(
    `${found} comes without its venv module. On Debian and Ubuntu: sudo apt install python3.13-venv`,
  );
};

const pip = (name: string, ...args: string[]): Promise<void> =>
  run({
    program: localEmuPython,
    args: ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--require-hashes', ...args],
    log: join(localFolder, `localemu-${name}.log`),
  });

/** The lines of one package, as a requirements file of its own. */
const onlyPackage = (name: string): string => {
  const block = readFileSync(requirements, 'utf8').match(new RegExp(`^${name}==(?:.*\\\\\\n)*.*\\n`, 'm'))?.[0] ?? '';
  const file = join(venv, `${name}.txt`);
  writeFileSync(file, block);
  return file;
};

/** Installs the pinned LocalEmu into `.local/`, each file checked against its hash. Quick when it is there. */
export const installLocalEmu = async (programs = candidates()): Promise<void> => {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const python = findPython(programs);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(localFolder, { recursive: true });
  await run({ program: python, args: ['-m', 'venv', venv], log: join(localFolder, 'localemu-venv.log') });
  await pip('setuptools', '--only-binary=:all:', '-r', onlyPackage('setuptools'));
  const options = ['--only-binary=:all:', `--no-binary=${sourcePackages}`, '--no-build-isolation', '--no-deps'];
  await pip('install', ...options, '-r', requirements);
  writeFileSync(stamp, wanted);
};
