import { print, step, warn } from '../../scripts/lib/terminal';
import { killersOf, reaching } from './coverage';
import { type Mutant, type Service, sourcesOf } from './mutants';
import { endWorkers, prepare, withEach } from './service';

/**
 * Looks for a mutant of each test file that this file alone kills. Those that few files reach come first; one that only
 * files reach that have theirs already is left out, and two killers are enough to know that neither is alone.
 */
export const killAlone = async (
  service: Service,
  jobs: number,
  isTimeUp: () => boolean,
): Promise<Map<string, Mutant>> => {
  const { mutants, files, workers } = await prepare(service, sourcesOf(service), jobs);
  const alone = new Map<string, Mutant>();
  const reachedBy = new Map(mutants.map((mutant) => [mutant, reaching(files, mutant)]));
  const open = (mutant: Mutant) => reachedBy.get(mutant)?.some(({ file }) => !alone.has(file)) ?? false;
  const fewest = (mutant: Mutant) => reachedBy.get(mutant)?.length ?? 0;
  const inOrder = mutants.filter(open).sort((one, other) => fewest(one) - fewest(other));
  let tried = 0;
  await step(`test files of ${service} that kill alone`, (report) =>
    withEach({ workers, mutants: inOrder }, isTimeUp, async (worker, mutant) => {
      tried += 1;
      if (!open(mutant)) return;
      const [killer, second] = await killersOf(worker, mutant, reachedBy.get(mutant) ?? [], 2);
      if (killer !== undefined && second === undefined && !alone.has(killer)) alone.set(killer, mutant);
      report(`${alone.size} of ${files.length}, after ${tried} of ${inOrder.length} mutants`);
    }),
  );
  endWorkers();
  for (const { file } of files) printFile(file, alone.get(file));
  return alone;
};

const printFile = (file: string, mutant: Mutant | undefined): void => {
  if (mutant === undefined) warn(`${file}: kills nothing that no other file kills`);
  else print(`  ${file}: ${mutant.file}:${mutant.line}: ${mutant.what}`);
};
