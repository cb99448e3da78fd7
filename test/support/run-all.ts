import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { startFlowSystem } from './flow-system';
import { VOLUME } from './volume';

const Results = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
  numPendingTests: z.int(),
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});
type FileResult = z.infer<typeof Results>['testResults'][number];

type Outcome = { readonly passed: number; readonly failed: number; readonly account: string };

type Part = {
  readonly project: 'unit' | 'flow' | 'serial';
  readonly workers: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Leaves the machine to whoever wants it at the same time. */
  readonly isPatient?: true;
};

const slowest = 10;
const folder = mkdtempSync(join(tmpdir(), 'results-'));
const running = new Set<ChildProcess>();
let isInterrupted = false;

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`.padStart(7);
const tookOf = ({ startTime, endTime }: FileResult) => endTime - startTime;

const accountOf = (project: string, tookMs: number, files: readonly FileResult[]): string =>
  [
    `${seconds(tookMs)}  ${project}, ${files.length} files, of which the slowest:`,
    ...[...files]
      .sort((one, other) => tookOf(other) - tookOf(one))
      .slice(0, slowest)
      .map((file) => `${seconds(tookOf(file))}    ${relative(process.cwd(), file.name)}`),
  ].join('\n');

const readResults = (file: string) => {
  try {
    return Results.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
};

/** Runs one project of jest.config.js. A suite that cannot start, a test that is skipped, and a Jest that dies, count as failures. */
const runProject = async ({ project, workers, env = {}, isPatient }: Part): Promise<Outcome> => {
  const startedAt = performance.now();
  const results = join(folder, `${project}.json`);
  const args = ['--selectProjects', project, `--maxWorkers=${workers}`, '--reporters=default'];
  const jest = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...args, '--json', '--outputFile', results], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'], // with --json, what people read is on stderr
    detached: true, // a group of its own, which can be ended with its workers and what they run
  });
  running.add(jest);
  if (isPatient && jest.pid !== undefined) setPriority(jest.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const code = await new Promise<number | null>((done) => jest.on('close', done));
  running.delete(jest);
  const tookMs = performance.now() - startedAt;
  const found = readResults(results);
  if (found === undefined)
    return { passed: 0, failed: 1, account: `${seconds(tookMs)}  ${project} ended with ${code}` };
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites + found.numPendingTests;
  const isHidden = code !== 0 && failed === 0; // of a set-up or a tear-down
  return {
    passed: found.numPassedTests,
    failed: failed + (isHidden ? 1 : 0),
    account: accountOf(project, tookMs, found.testResults),
  };
};

/** Does a step of the run that is no test; its failure is one of the run, and hides no other. */
const step = async (what: string, work: () => Promise<void>): Promise<Outcome> => {
  const startedAt = performance.now();
  try {
    await work();
    return { passed: 1, failed: 0, account: `${seconds(performance.now() - startedAt)}  ${what}` };
  } catch (error) {
    process.stderr.write(`${what}: ${error instanceof Error ? error.message : error}\n`);
    return { passed: 0, failed: 1, account: `${seconds(performance.now() - startedAt)}  ${what} failed` };
  }
};

type FlowSystem = Awaited<ReturnType<typeof startFlowSystem>>;
type Started = { readonly outcome: Outcome; readonly system?: FlowSystem };

const startSystem = async (project: Part['project']): Promise<Started> => {
  let system: FlowSystem | undefined;
  const outcome = await step(`the system of the ${project} tests, started and deployed`, async () => {
    system = await startFlowSystem(project);
  });
  return { outcome, system };
};

/** Runs the flows of a project on a system of their own, and ends it. */
const runFlows = async (part: Part, started: Promise<Started>): Promise<Outcome[]> => {
  const { outcome, system } = await started;
  if (system === undefined) return [outcome];
  const ran = isInterrupted ? [] : [await runProject({ ...part, env: system.environment })];
  const ended = isInterrupted
    ? step(`the system of the ${part.project} tests is ended`, system.stop)
    : step(`P14 no log line of the ${part.project} tests holds personal data`, system.end);
  return [outcome, ...ran, await ended];
};

const interrupt = () => {
  isInterrupted = true;
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
};

/**
 * `npm test`: flows in tenants of their own, beside those that must be alone on a system, beside what needs no AWS. Flows wait
 * more than they compute, so they have the machine first, and unit tests what they leave of it.
 */
const main = async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  process.stderr.write(`The volume of the figures that are tried: ${VOLUME} (VOLUME=full tries them whole).\n`);
  const shared = startSystem('flow');
  const alone = shared.then(() => startSystem('serial')); // not at the same time: the first may install the local AWS
  const outcomes = await Promise.all([
    runFlows({ project: 'flow', workers: 3 }, shared),
    runFlows({ project: 'serial', workers: 1 }, alone),
    runProject({ project: 'unit', workers: 2, isPatient: true }).then((outcome) => [outcome]),
  ]).then((all) => all.flat());
  rmSync(folder, { recursive: true, force: true });
  const sum = (what: 'passed' | 'failed') => outcomes.reduce((all, outcome) => all + outcome[what], 0);
  const failed = sum('failed') + (isInterrupted ? 1 : 0) + Number(process.env.FAILED_BEFORE ?? 0);
  process.stdout.write(`\nWhat took how long:\n${outcomes.map(({ account }) => account).join('\n')}\n`);
  process.stdout.write(`\n${sum('passed')} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && sum('passed') > 0 ? 0 : 1;
};

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
