import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, command } from '../lib/command';
import { agreed } from '../lib/confirm';
import { type Count, type Migration, nameOf } from '../lib/migrations/migration';
import { migratedServices, migrationsOf, servicesOf } from '../lib/migrations/migrations';
import { parameterRecords, type Records } from '../lib/migrations/record';
import { begun, countAll, type Pending, runMigrations } from '../lib/migrations/runner';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { ok, print, printError, printTable, step } from '../lib/terminal';

const help = `
npm run migrate [-- --service SERVICE] [-- --dry-run] [-- --aws [--stage STAGE]]

Brings what a system has stored to the form of the version that is deployed: deploy first, then migrate. It runs while the
system works. Each migration of a service has a number; those that are not ended run in that order, and what was
interrupted goes on where it was.

  1  personal data sealed: in rows, dead letters and the archive of events, text about people that an earlier version
     wrote plainly is sealed under the key of its order or user, so that it can be erased with it
  2  orders of guests found by address: they get the keyed hash of their address, by which a guest who asks to be
     erased finds them

  --service NAME     only this one: ${migratedServices.join(', ')}
  --dry-run          counts what would be changed, also of what is ended, and changes nothing
  --again            runs also what is ended, for example when a backup of before was restored
  --yes              answers the question that comes before anything is changed on AWS
  --aws              works on the stack on AWS, with the credentials of the environment or a profile
  --stage dev|prod   which of them, with --aws (default: the only one that is deployed)
  --help             this text

It ends when one time through everything finds nothing to change any more; before that time it waits until functions have
written what they had read: a minute, three on AWS. Ctrl-C stops it after the page at hand, with 130; beginning again, and
running it twice at once, does no harm.
`;

const options = {
  service: { type: 'string' },
  'dry-run': { type: 'boolean' },
  again: { type: 'boolean' },
  yes: { type: 'boolean' },
  ...whereOptions,
} as const;

const recordMs = 2000; // Systems Manager takes three writes a second
const settleMs = { local: 60_000, aws: 180_000 }; // functions run for a minute at most; the archive gathers for another

const reached = ({ seen, found }: Count): string => `${seen} seen, ${found} to change`;

const countOne = (migration: Migration, signal: AbortSignal): Promise<Count> =>
  step({ doing: `counting ${migration.of}`, done: `${migration.of} counted` }, (report) =>
    countAll(migration, (count) => report(reached(count)), signal),
  );

const columns = [
  { title: 'migration' },
  { title: 'what' },
  { title: 'of' },
  { title: 'seen', align: 'right' },
  { title: 'to change', align: 'right' },
] as const;

const rowOf = ({ title, of, ...name }: Migration, { seen, found }: Count) => [nameOf(name), title, of, seen, found];

const dryRun = async (migrations: readonly Migration[], signal: AbortSignal): Promise<void> => {
  const rows = [];
  for (const migration of migrations) rows.push(rowOf(migration, await countOne(migration, signal)));
  printTable(columns, rows);
  print('Nothing was changed.');
};

type Plan = { readonly records: Records; readonly again: boolean; readonly signal: AbortSignal };

/** Returns what is not ended: counted first when it is new, as it was recorded when it was begun before. */
const pendingOf = async (migrations: readonly Migration[], { records, again, signal }: Plan): Promise<Pending[]> => {
  const pending: Pending[] = [];
  for (const migration of migrations) {
    const known = await records.read(migration);
    if (known?.state === 'ended' && !again) continue;
    const isBegun = known?.state === 'running';
    pending.push({ migration, record: isBegun ? known : begun(await countOne(migration, signal), new Date()) });
  }
  return pending;
};

const agree = async ({ endpoint, stage }: System, yes: boolean, signal: AbortSignal): Promise<void> => {
  if (yes || endpoint !== undefined) return;
  if (!(await agreed(`Change this on AWS (${stage})?`, signal)))
    throw new CommandError('Not agreed: nothing was changed.');
};

const run = (pending: readonly Pending[], system: System, { records, signal }: Plan): Promise<Pending[]> =>
  runMigrations(pending, {
    records,
    signal,
    recordMs,
    settleMs: system.endpoint === undefined ? settleMs.aws : settleMs.local,
    now: () => new Date(),
    sleep: (ms) => sleep(ms, undefined, { signal }),
    showPass: (migration, pass) =>
      step(
        { doing: `${nameOf(migration)}: ${migration.of}`, done: `${nameOf(migration)}: ${migration.of}` },
        (report) => pass((count) => report(`${count.seen} seen, ${count.found} were to change`)),
      ),
    showWait: (wait) =>
      step({ doing: 'waiting for what functions had read before', done: 'going through it once more' }, wait),
  });

const showEnded = (done: readonly Pending[]): void => {
  printTable(
    [...columns.slice(0, 3), { title: 'before', align: 'right' }, { title: 'after', align: 'right' }],
    done.map(({ migration, record: { before, after } }) => [
      ...[nameOf(migration), migration.title, migration.of],
      `${before.found} of ${before.seen}`,
      `${after?.found ?? 0} of ${after?.seen ?? 0}`,
    ]),
  );
};

const migrate = async (system: System, migrations: readonly Migration[], plan: Plan & { yes: boolean }) => {
  const pending = await pendingOf(migrations, plan);
  if (pending.length === 0) {
    ok('Everything is migrated already (--dry-run counts it again).');
    return;
  }
  printTable(
    columns,
    pending.map(({ migration, record }) => rowOf(migration, record.before)),
  );
  await agree(system, plan.yes, plan.signal);
  const done = await run(pending, system, plan);
  showEnded(done);
  ok(`${done.length} migrations ended`);
};

const isOfAws = (error: unknown): error is Error =>
  error instanceof Error && ('$fault' in error || error.name === 'KeyServiceError');

const stopped = (error: Error): CommandError =>
  new CommandError(
    `AWS refused: ${error.name}: ${error.message}. What is done stays done; the next run goes on there.`,
    {
      cause: error,
    },
  );

command({ help, options }, async (values) => {
  const services = servicesOf(values.service);
  const { 'dry-run': isDry = false, again = false, yes = false } = values;
  const stop = new AbortController();
  const interrupt = () => {
    printError('\nstopping: the page at hand is finished; the next run goes on from there');
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const system = await findSystem(values);
  const migrations = (await migrationsOf(system)).filter(({ service }) => services.includes(service));
  const { signal } = stop;
  try {
    if (isDry) await dryRun(migrations, signal);
    else await migrate(system, migrations, { records: parameterRecords(system), again, signal, yes });
    return 0;
  } catch (error) {
    if (signal.aborted && !(error instanceof CommandError)) return 130;
    throw isOfAws(error) ? stopped(error) : error;
  }
});
