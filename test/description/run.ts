import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { CommandError, command } from '../../scripts/lib/command';
import { localFolder } from '../../scripts/lib/folders';
import { step } from '../../scripts/lib/terminal';
import { installTool, type PythonTool, pythonOf } from '../../scripts/local/emulator/python';

const help = `
npm run test:description [-- --examples N] [--seed N]

Holds the API to docs/openapi.json with Schemathesis: whatever the description allows is taken, whatever it forbids is
refused, and every answer is one that it knows. The routes run in this process over stores in memory, once as staff and
once as a tenant admin. Schemathesis is installed into .local/ and needs Python 3.11.

  --examples N  generated requests for each operation (default: 5)
  --seed N      the same requests again (default: 1)
  --help        this text
`;

const options = { examples: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } } as const;

const schemathesis: PythonTool = {
  what: 'Schemathesis, which reads the description of the API,',
  requirements: join(__dirname, 'requirements.txt'),
  venv: join(localFolder, 'schemathesis-venv'),
  leastMinor: 11,
  log: join(localFolder, 'schemathesis-install.log'),
};

const phases = 'examples,coverage,fuzzing'; // what operations do one after another is what the flows and the simulation hold

const numberFrom = (name: string, text: string): string => {
  if (/^[1-9]\d{0,4}$/.test(text)) return text;
  throw new CommandError(`--${name} "${text}": must be a whole number from 1 to 99999`);
};

type Run = { readonly url: string; readonly role: string; readonly examples: string; readonly seed: string };

const check = ({ url, role, examples, seed }: Run): Promise<boolean> => {
  const args = [
    ...['--config-file', join(__dirname, 'schemathesis.toml'), 'run', resolve('docs/openapi.json'), '--url', url],
    ...[
      '--header',
      `Authorization: Bearer ${role}`,
      '--phases',
      phases,
      '--exclude-checks',
      'positive_data_acceptance',
    ],
    ...['--max-examples', examples, '--seed', seed, '--no-color', '--warnings', 'off'],
  ];
  const child = spawn(join(pythonOf(schemathesis), '..', 'st'), args, {
    env: { ...process.env, SCHEMATHESIS_HOOKS: join(__dirname, 'hooks.py') },
    cwd: localFolder, // where it keeps what it has seen
    stdio: 'inherit',
  });
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => done(code === 0));
  });
};

command({ help, options }, async (given) => {
  process.env.POWERTOOLS_LOG_LEVEL = 'CRITICAL';
  const examples = numberFrom('examples', given.examples);
  const seed = numberFrom('seed', given.seed);
  await step('Schemathesis is installed', () => installTool(schemathesis));
  const { serveApi } = await import('./server'); // once the log is quiet
  const { server, url } = await serveApi();
  try {
    const failed: string[] = [];
    for (const role of ['staff', 'tenant-admin']) if (!(await check({ url, role, examples, seed }))) failed.push(role);
    if (failed.length > 0)
      throw new CommandError(`docs/openapi.json and the API disagree for ${failed.join(' and ')}.`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
