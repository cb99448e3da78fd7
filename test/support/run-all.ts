import { relative } from 'node:path';
import { runCLI } from 'jest';

process.env.NODE_ENV ??= 'test'; // as jest's own command does; without it aws-cdk-lib wraps `fs` for all tests of a worker

type Totals = { passed: number; failed: number; account: string };

type FileResult = { readonly testFilePath: string; readonly perfStats: { readonly runtime: number } };

const slowest = 10;

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`.padStart(7);

/** What a project took, and its slowest files. */
const accountOf = (project: string, tookMs: number, files: readonly FileResult[]): string =>
  [
    `${seconds(tookMs)}  ${project}, ${files.length} files, of which the slowest:`,
    ...[...files]
      .sort((one, other) => other.perfStats.runtime - one.perfStats.runtime)
      .slice(0, slowest)
      .map((file) => `${seconds(file.perfStats.runtime)}    ${relative(process.cwd(), file.testFilePath)}`),
  ].join('\n');

/** Runs one project of jest.config.js. A suite that cannot start, and a test that is skipped, count as failures. */
const runProject = async (project: string, options: Record<string, unknown>): Promise<Totals> => {
  const startedAt = performance.now();
  const argv = { _: [], $0: 'jest', selectProjects: [project], reporters: ['default'], ...options };
  const { results } = await runCLI(argv as never, [process.cwd()]);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites + results.numPendingTests,
    account: accountOf(project, performance.now() - startedAt, results.testResults),
  };
};

/** `npm test`: what needs no AWS first, then the flows, one after another since they share one local AWS. */
const main = async () => {
  const unit = await runProject('unit', { maxWorkers: 2 });
  const flow = await runProject('flow', { runInBand: true });
  const passed = unit.passed + flow.passed;
  const failed = unit.failed + flow.failed;
  process.stdout.write(`\nWhat took how long:\n${unit.account}\n${flow.account}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
};

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
