import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, projectFolder } from '../../../scripts/lib/folders';
import type { Report } from '../../../scripts/lib/terminal';
import { installTool, type PythonTool, pythonOf } from '../../../scripts/local/emulator/python';
import { outputOf } from '../linters/output';
import type { Broken, Outcome, Settings } from '../part';
import { serveApi } from './server';

const schemathesis: PythonTool = {
  what: 'Schemathesis, which reads the description of the API,',
  requirements: join(__dirname, 'requirements.txt'),
  venv: join(localFolder, 'schemathesis-venv'),
  leastMinor: 11,
  log: join(localFolder, 'schemathesis-install.log'),
};

/** Generated requests for each operation. */
const examples = { short: 1, whole: 5 };

const folder = join(localFolder, 'attack');

type Run = Pick<Settings, 'seed' | 'short'> & { readonly url: string; readonly role: string };

/** The operations that a run found something about: `____ GET /orders ____`. */
const failedIn = (output: string): string[] => [
  ...new Set([...output.matchAll(/^_{3,} ((?:[A-Z]+ \/|Stateful).*?) _{3,}$/gm)].map(([, name = '']) => name)),
];

const check = async ({ url, role, seed, short }: Run): Promise<Outcome> => {
  const args = [
    ...['--config-file', join(__dirname, 'schemathesis.toml')],
    ...['run', join(projectFolder, 'docs', 'openapi.json'), '--url', url],
    ...['--header', `Authorization: Bearer ${role}`, '--exclude-checks', 'positive_data_acceptance'],
    ...['--max-examples', String(short ? examples.short : examples.whole), '--seed', String(seed)],
    ...['--no-color', '--warnings', 'off', '--suppress-health-check', 'too_slow'], // which is the machine's
  ];
  const { code, stdout, stderr } = await outputOf(join(pythonOf(schemathesis), '..', 'st'), args, {
    env: { ...process.env, SCHEMATHESIS_HOOKS: join(__dirname, 'hooks.py') },
    cwd: folder, // where it keeps what it has seen
  });
  const log = join(folder, `schemathesis-${role}.log`);
  writeFileSync(log, stdout + stderr);
  const tried = Number(/(\d+) generated/.exec(stdout)?.[1] ?? 0);
  const failed = failedIn(stdout);
  const names = failed.length === 0 ? [`ended with ${code}`] : failed;
  const broken: Broken[] =
    code === 0 && tried > 0 ? [] : names.map((name) => ({ what: `as ${role}: ${name}; ${log}` }));
  return { tried, broken };
};

/**
 * Holds the API to its description: whatever it allows is taken, whatever it forbids is refused, and every answer is one
 * that it knows, for requests one by one and one after another. As staff and as a tenant admin.
 */
export const runSchemathesis = async ({ seed, short }: Settings, report: Report): Promise<Outcome> => {
  mkdirSync(folder, { recursive: true });
  report('it is installed');
  await installTool(schemathesis);
  const { server, url } = await serveApi();
  const outcomes: Outcome[] = [];
  try {
    for (const role of ['staff', 'tenant-admin']) {
      report(`as ${role}`);
      outcomes.push(await check({ url, role, seed, short }));
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return {
    tried: outcomes.reduce((sum, { tried }) => sum + tried, 0),
    broken: outcomes.flatMap(({ broken }) => broken),
  };
};
