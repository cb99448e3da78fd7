import { runTestFile, useSources } from './in-process';
import type { ToWorker } from './workers';

const switches = globalThis as { __stryker__?: unknown };
const maxHits = 500_000; // of a loop that a mutant made endless

process.on('message', async (message: ToWorker) => {
  if ('sources' in message) return useSources(message.sources);
  const covered = {};
  switches.__stryker__ = {
    activeMutant: message.mutant ?? 'none',
    mutantCoverage: { static: covered, perTest: {} },
    hitCount: 0,
    hitLimit: maxHits,
  };
  const failure = await runTestFile(message.file, message.timeoutMs);
  process.send?.({
    failure,
    covered: message.mutant === undefined ? Object.keys(covered) : [],
    bytes: process.memoryUsage().rss,
  });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined); // whoever started it ends it
