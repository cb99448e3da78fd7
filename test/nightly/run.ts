import { execFileSync, spawn } from 'node:child_process';
import { CommandError, command, UsageError } from '../../scripts/lib/command';
import { print } from '../../scripts/lib/terminal';
import { argsOf, type Suite, suiteOf, suites } from './suites';

const help = `
npm run nightly:slice [-- --suite NAME]

Runs one of the suites that run every night, so that none of them rots unseen: the one whose turn it is by the hash of the
commit. It fails with the suite, and when the suite takes more than five minutes.

  --suite NAME   this one: ${suites.map(({ name }) => name).join(', ')}
  --help         this text
`;

const limitMs = 5 * 60_000;

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    throw new CommandError('The hash of the commit says whose turn it is, and git has none here. Say --suite NAME.');
  }
};

const chosen = (name: string | undefined): Suite => {
  if (name === undefined) return suiteOf(commit());
  const suite = suites.find((one) => one.name === name);
  if (suite === undefined) throw new UsageError(`--suite ${name}: there is no such suite. See --help.`);
  return suite;
};

/** Ends a suite with all that it has started. One that cleans up has ten seconds for it. */
const end = (pid: number): void => {
  process.kill(-pid, 'SIGTERM');
  setTimeout(() => process.kill(-pid, 'SIGKILL'), 10_000).unref();
};

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string | undefined> =>
  new Promise((done, fail) => {
    const child = spawn('npx', ['--no-install', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true, // in a group of its own, which can be ended as a whole
    });
    let late: string | undefined;
    const timer = setTimeout(() => {
      late = `it takes more than ${limitMs / 60_000} minutes: give it less to do in test/nightly/suites.ts`;
      end(child.pid ?? 0);
    }, limitMs);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(child.pid ?? 0));
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done(late ?? (code === 0 ? undefined : `it ended with ${code}`));
    });
  });

command({ help, options: { suite: { type: 'string' } } }, async ({ suite: name }) => {
  const suite = chosen(name);
  const args = suite.slices === undefined ? suite.args : argsOf(suite, commit());
  print(`Of the suites of the night: ${suite.name} (${args.join(' ')})`);
  const problem = await run(args, suite.env);
  if (problem === undefined) return 0;
  throw new CommandError(`${suite.name}: ${problem}. Again: npm run nightly:slice -- --suite ${suite.name}`);
});
