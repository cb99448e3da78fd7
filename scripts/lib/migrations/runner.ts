import { type Count, type Migration, nameOf } from './migration';
import type { MigrationRecord, Records } from './record';

/** A migration that is not ended, and what is known of it. */
export type Pending = { readonly migration: Migration; readonly record: MigrationRecord };

type Report = (count: Count) => void;

export type RunnerDeps = {
  readonly records: Records;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * How long a function may hold what it has read before it writes: after what was changed, a pass counts only when it
   * has begun so much later.
   */
  readonly settleMs: number;
  /** How often the cursor is recorded at most. */
  readonly recordMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Shows a pass while it runs. */
  readonly showPass?: (
    migration: Migration,
    pass: (report: Report) => Promise<MigrationRecord>,
  ) => Promise<MigrationRecord>;
  /** Shows that it waits. */
  readonly showWait?: (wait: () => Promise<void>) => Promise<void>;
};

const addTo = ({ seen, found }: Count, more: Count): Count => ({ seen: seen + more.seen, found: found + more.found });

/** Counts what a migration would look at and change, and changes nothing. */
export const countAll = async (
  { page }: Migration,
  report: Report = () => {},
  signal?: AbortSignal,
): Promise<Count> => {
  let count: Count = { seen: 0, found: 0 };
  let cursor: string | undefined;
  do {
    signal?.throwIfAborted();
    const { next, ...more } = await page({ cursor, dryRun: true });
    count = addTo(count, more);
    report(count);
    cursor = next;
  } while (cursor !== undefined);
  return count;
};

const newPass = (now: Date, unchangedSince?: string): MigrationRecord['pass'] => ({
  startedAt: now.toISOString(),
  ...(unchangedSince === undefined ? {} : { unchangedSince }),
  seen: 0,
  found: 0,
});

export const begun = (before: Count, now: Date): MigrationRecord => ({
  state: 'running',
  startedAt: now.toISOString(),
  before,
  pass: newPass(now),
});

/** Goes on with a pass from where it is to its end, and records how far it is. */
const finishPass = async (
  { migration, record }: Pending,
  { records, now, recordMs, signal }: RunnerDeps,
  report: Report,
): Promise<MigrationRecord> => {
  let last = record;
  let recordedAt = now().getTime();
  const save = async () => {
    recordedAt = now().getTime();
    await records.write(migration, last);
  };
  while (last.pass.endedAt === undefined) {
    if (signal?.aborted) await save();
    signal?.throwIfAborted();
    const { cursor: from, unchangedSince } = last.pass;
    const { next, ...more } = await migration.page({ cursor: from, dryRun: false, unchangedSince });
    const { cursor: _done, ...pass } = { ...last.pass, ...addTo(last.pass, more) };
    const at = next === undefined ? { endedAt: now().toISOString() } : { cursor: next };
    last = { ...last, pass: { ...pass, ...at } };
    report(last.pass);
    if (next === undefined || now().getTime() - recordedAt >= recordMs) await save();
  }
  return last;
};

const finishPasses = async (pending: readonly Pending[], deps: RunnerDeps): Promise<Pending[]> => {
  const { showPass = (_migration, pass) => pass(() => {}) } = deps;
  const finished: Pending[] = [];
  for (const one of pending) {
    const isFinished = one.record.pass.endedAt !== undefined;
    const record = isFinished ? one.record : await showPass(one.migration, (report) => finishPass(one, deps, report));
    finished.push({ ...one, record });
  }
  return finished;
};

const writeAll = async (pending: readonly Pending[], { records }: RunnerDeps): Promise<void> => {
  for (const { migration, record } of pending) await records.write(migration, record);
};

/** Waits until everything is written that a function had read before the last change. */
const settle = async (finished: readonly Pending[], { now, sleep, settleMs, signal, showWait }: RunnerDeps) => {
  const endedAt =
    finished
      .map(({ record }) => record.pass.endedAt ?? '')
      .sort()
      .at(-1) ?? '';
  const waitMs = Date.parse(endedAt) + settleMs - now().getTime();
  signal?.throwIfAborted();
  const wait = () => sleep(Math.max(0, waitMs));
  await (showWait === undefined ? wait() : showWait(wait));
  signal?.throwIfAborted();
};

const ended = ({ migration, record }: Pending, now: Date): Pending => {
  const { seen, found } = record.pass;
  return { migration, record: { ...record, state: 'ended', endedAt: now.toISOString(), after: { seen, found } } };
};

/**
 * Goes through everything again and again, until one time through finds nothing to change any more. A function that has
 * read a row before it was changed may write back what it had read, and what it has told others of it is copied: so
 * those that are run together end together.
 */
const runTogether = async (pending: readonly Pending[], deps: RunnerDeps): Promise<Pending[]> => {
  let current = [...pending];
  for (;;) {
    const finished = await finishPasses(current, deps);
    if (finished.every(({ record }) => record.pass.found === 0)) {
      const all = finished.map((one) => ended(one, deps.now()));
      await writeAll(all, deps);
      return all;
    }
    await settle(finished, deps);
    current = finished.map(({ migration, record }) => ({
      migration,
      record: { ...record, pass: newPass(deps.now(), record.pass.startedAt) },
    }));
    await writeAll(current, deps);
  }
};

/** Runs migrations that are not ended, those of lower numbers first. Throws when the signal says to stop. */
export const runMigrations = async (pending: readonly Pending[], deps: RunnerDeps): Promise<Pending[]> => {
  await writeAll(pending, deps);
  const numbers = [...new Set(pending.map(({ migration }) => migration.number))].sort((one, other) => one - other);
  const done: Pending[] = [];
  for (const number of numbers)
    done.push(
      ...(await runTogether(
        pending.filter(({ migration }) => migration.number === number),
        deps,
      )),
    );
  return done.sort((one, other) => nameOf(one.migration).localeCompare(nameOf(other.migration)));
};
