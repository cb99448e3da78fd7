import { availableParallelism } from 'node:os';
import { CommandError, command, UsageError } from '../../scripts/lib/command';
import { fail, ok, print, printTable } from '../../scripts/lib/terminal';
import { killAlone } from './alone';
import { folderOf, type Mutant, pureFilesOf, type Service, services, testFilesOf } from './mutants';
import {
  type Folders,
  foldersOf,
  lineOf,
  newSurvivors,
  readFigures,
  scoreOf,
  type Tried,
  writeFigures,
} from './report';
import { endWorkers, tryService } from './service';

const help = `
npm run mutate [-- --only payment/domain] [-- --slice 3/40] [-- --minutes 5] [-- --jobs 4]
npm run mutate -- --alone [--only order]

Changes one place at a time in the files that decide (those without a suffix) of ${services.join(', ')}, and runs the
tests of the service that reach the place. A mutant that no test fails with is a survivor: nothing holds what it changed.
Whole folders are written to test/mutation/report.json (figures) and test/mutation/survivors.txt. It fails when more than
one of a hundred mutants of folders that were measured before lives and was not in the list.

  --only A,B    only files whose path has one of these: payment/domain, order/domain/order.ts
  --slice 3/40  the third of forty parts of the folders that are measured; writes nothing
  --minutes N   begins no mutant after so many minutes, and writes nothing when some are left
  --jobs N      so many processes (default: half of the machine's)
  --alone       instead: which test files kill no mutant that no other test file kills; of all files of the service
  --help        this text
`;

const options = {
  only: { type: 'string' },
  slice: { type: 'string' },
  minutes: { type: 'string' },
  jobs: { type: 'string' },
  alone: { type: 'boolean' },
} as const;

const numberFrom = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} "${text}": must be a whole number from 1 to 9999. See --help.`);
};

/** Whether the mutant at a place of the list is in a slice. */
const sliceFrom = (text: string): ((id: string) => boolean) => {
  const [, part = '0', parts = '0'] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  if (Number(part) < 1 || Number(part) > Number(parts))
    throw new UsageError(`--slice "${text}": must be a part of parts, such as 3/40. See --help.`);
  return (id) => Number(id) % Number(parts) === Number(part) - 1;
};

type Values = { readonly [name in 'only' | 'slice' | 'minutes' | 'jobs']?: string } & { readonly alone?: boolean };

type Chosen = { readonly service: Service; readonly files: readonly string[] };

const choose = (only: string | undefined, isMeasured: (file: string) => boolean): Chosen[] => {
  const words = only?.split(',') ?? [''];
  const chosen = services
    .map((service) => ({
      service,
      files: pureFilesOf(service).filter((file) => isMeasured(file) && words.some((word) => file.includes(word))),
    }))
    .filter(({ files }) => files.length > 0);
  if (chosen.length > 0) return chosen;
  throw new UsageError(`--only "${only}": no file that decides has this in its path. See --help.`);
};

const right = (title: string) => ({ title, align: 'right' }) as const;

const printScores = (tried: readonly Tried[]): void => {
  print();
  const rows = Object.entries(foldersOf(tried)).map(([folder, figures]) => [
    folder,
    String(figures.mutants),
    String(figures.killed),
    `${scoreOf({ [folder]: figures })} %`,
  ]);
  printTable([{ title: 'folder' }, right('mutants'), right('killed'), right('score')], rows);
  print();
};

/** Says which mutants of folders that are measured live and are not known. Returns the exit code. */
const judge = (all: readonly Tried[], measured: Folders): number => {
  const tried = all.filter(({ mutant }) => measured[folderOf(mutant.file)] !== undefined);
  const unknown = newSurvivors(tried);
  for (const one of unknown) fail(lineOf(one));
  const holds = unknown.length <= tried.length / 100;
  print(
    `Of ${tried.length} mutants of measured folders, ${unknown.length} live and were not in test/mutation/survivors.txt`,
  );
  if (!holds) print('That is more than one of a hundred: hold what they change with a test.');
  return holds ? 0 : 1;
};

/** Whether each folder of the files has all of its files among them. */
const wholeFolders = (chosen: readonly Chosen[]): ReadonlySet<string> => {
  const files = chosen.flatMap((one) => one.files);
  const missing = new Set(
    chosen.flatMap(({ service }) =>
      pureFilesOf(service)
        .filter((file) => !files.includes(file))
        .map(folderOf),
    ),
  );
  return new Set(files.map(folderOf).filter((folder) => !missing.has(folder)));
};

const alone = async (only: string | undefined, jobs: number, isTimeUp: () => boolean): Promise<number> => {
  const chosen = services.filter((service) => only === undefined || only.split(',').includes(service));
  if (chosen.length === 0) throw new UsageError(`--only "${only}": with --alone, a service. See --help.`);
  let without = 0;
  for (const service of chosen)
    without += testFilesOf(service).length - (await killAlone(service, jobs, isTimeUp)).size;
  if (isTimeUp()) throw new CommandError('The time was up before every mutant was tried.');
  return without === 0 ? 0 : 1;
};

const run = async (values: Values, tried: Tried[]): Promise<number> => {
  const { only, slice } = values;
  const endsAt = performance.now() + 60_000 * numberFrom('minutes', values.minutes, 9999);
  const isTimeUp = () => performance.now() > endsAt;
  const jobs = numberFrom('jobs', values.jobs, Math.ceil(availableParallelism() / 2));
  if (values.alone) return alone(only, jobs, isTimeUp);
  const inSlice = slice === undefined ? () => true : sliceFrom(slice);
  const figures = readFigures();
  const chosen = choose(only, (file) => slice === undefined || figures[folderOf(file)] !== undefined);
  const isChosen = ({ id }: Mutant) => inSlice(id);
  const onTried = (one: Tried) => void tried.push(one);
  for (const { service, files } of chosen) await tryService(service, files, { jobs, isTimeUp, isChosen, onTried });
  printScores(tried);
  const code = judge(tried, figures);
  if (slice !== undefined) return code;
  if (isTimeUp()) throw new CommandError('The time was up before every mutant was tried: nothing is written.');
  const whole = wholeFolders(chosen);
  if (whole.size === 0) {
    print('Nothing is written: no folder was tried whole.');
    return code;
  }
  writeFigures(tried.filter(({ mutant }) => whole.has(folderOf(mutant.file))));
  ok(`${scoreOf(readFigures())} of a hundred mutants are killed in all that is measured`);
  return code;
};

command({ help, options }, async (values) => {
  const tried: Tried[] = [];
  process.once('SIGINT', () => {
    endWorkers();
    if (tried.length > 0) printScores(tried);
    process.exit(130);
  });
  return run(values, tried).finally(endWorkers);
});
