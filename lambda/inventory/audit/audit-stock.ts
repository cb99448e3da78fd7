import type { Publish, Publishable } from '../../kernel/events/publish';
import { availabilityEvent, discrepancyEvent } from '../inventory-events';
import type { LedgerStore } from '../stock/ledger.store';
import { type Discrepancy, isDeleted, type ProductKey } from '../stock/stock-item';
import {
  type AuditProgress,
  addReservation,
  type Checkpoint,
  decideNote,
  decideRepair,
  discrepancyOf,
  isAtRest,
  isSameGap,
  type Judged,
  type Look,
  look,
  productOf,
  productsOf,
  toTellAgain,
} from './audit';
import type { AuditStore } from './audit.store';

export type CountDeps = {
  readonly audit: AuditStore;
  readonly now: () => Date;
  /** Whether a run should go on reading. @default always */
  readonly hasTime?: (() => boolean) | undefined;
};

const settledMs = 5 * 60_000; // by then a write has ended that began before, and the index shows it

/** The newest moment before which nothing is written any more. */
export const settledAt = (now: Date): string => new Date(now.getTime() - settledMs).toISOString();

const partSize = 500;
const maxProducts = 95; // of one transaction of 100, which also writes where the count goes on

type Entry = Awaited<ReturnType<AuditStore['reservations']>>['items'][number];

/** As many of the first reservations as one transaction can count. */
const fitting = (entries: readonly Entry[]): { readonly taken: readonly Entry[]; readonly products: string[] } => {
  const products = new Set<string>();
  let taken = 0;
  for (const { reservation } of entries) {
    const next = reservation === undefined ? [] : productsOf(reservation).filter((key) => !products.has(key));
    if (products.size + next.length > maxProducts && taken > 0) break;
    for (const key of next) products.add(key);
    taken += 1;
  }
  return { taken: entries.slice(0, taken), products: [...products] };
};

const counted = (before: ReadonlyMap<string, Checkpoint>, entries: readonly Entry[], at: string) => {
  const sums = new Map([...before].map(([key, checkpoint]) => [key, { ...checkpoint }]));
  for (const { reservation } of entries) {
    for (const key of reservation === undefined ? [] : productsOf(reservation)) {
      const one = sums.get(key);
      if (one !== undefined && reservation !== undefined)
        addReservation(one, reservation, productOf(key).productId, { to: at });
    }
  }
  return sums;
};

const countPart = async ({ audit }: CountDeps, progress: AuditProgress): Promise<AuditProgress> => {
  const { items, next } = await audit.reservations({ after: progress.counting?.after, limit: partSize });
  const { taken, products } = fitting(items);
  const after = taken.length < items.length ? taken.at(-1)?.key : next;
  const sums = counted(await audit.checkpoints(products, progress), taken, progress.at);
  const then = { ...progress, version: progress.version + 1, counting: after === undefined ? undefined : { after } };
  if (await audit.saveCount(then, sums)) return then;
  return (await audit.progress()) ?? progress; // another audit counts, too
};

/** Goes on counting all reservations as they were at `progress.at`, once and for all, for as long as there is time. */
export const countReservations = async (deps: CountDeps, begun: AuditProgress): Promise<AuditProgress> => {
  const { hasTime = () => true } = deps;
  let progress = begun;
  while (progress.counting !== undefined && hasTime()) progress = await countPart(deps, progress);
  return progress;
};

/** Begins to count all reservations, and makes all checkpoints void. */
export const beginCount = async ({ audit, now }: CountDeps, before?: AuditProgress): Promise<AuditProgress> => {
  const next: AuditProgress = {
    version: (before?.version ?? 0) + 1,
    count: now().toISOString(),
    at: settledAt(now()),
    counting: {},
  };
  if (await audit.saveProgress(next)) return next;
  const others = await audit.progress();
  if (others === undefined) throw new Error('the progress of the audit can be neither written nor read');
  return others;
};

export type AuditDeps = CountDeps & {
  readonly ledger: Pick<LedgerStore, 'save' | 'record'>;
  readonly publish: Publish;
  /** Waits before a difference is looked at again. @default not at all */
  readonly pause?: (() => Promise<void>) | undefined;
};

/** Mends what is wrong by a movement. */
export type Repair = { readonly reason: string; readonly by: string };

/** Asks for every product, after a count of all reservations. `after` goes on where an audit had no more time. */
export type Whole = { readonly goOn?: { readonly after?: string | undefined } | undefined };

type Found = Pick<ProductKey, 'productId'> & { readonly tenantId: string } & Discrepancy;

export type AuditReport = {
  /** Products whose figures were compared with what they come from. */
  judged: number;
  /** Products that changed while they were looked at: the next audit judges them. */
  busy: number;
  differences: Found[];
  repaired: number;
  /** Products of which more is held than is there: somebody must count them. */
  unrepairable: number;
  /** Events that were published again. */
  toldAgain: number;
  /** Where the audit goes on that had no more time; missing when it is done. */
  goOn?: { readonly after?: string | undefined };
};

/** What is wrong in both looks by the same number. */
const confirmed = (first: Look, second: Look): Judged[] =>
  [...second.judged].flatMap(([key, judged]) => {
    const before = first.judged.get(key);
    const discrepancy = discrepancyOf(judged);
    const sure = before !== undefined && discrepancy !== undefined && isSameGap(discrepancyOf(before), discrepancy);
    return sure ? [judged] : [];
  });

const wrongIn = ({ judged }: Look): string[] =>
  [...judged].flatMap(([key, one]) => (discrepancyOf(one) === undefined ? [] : [key]));

type Looked = Look & { readonly wrong: readonly Judged[] };

/** Looks at products, and once more at those that do not add up. */
const lookTwice = async (deps: AuditDeps, progress: AuditProgress, keys: readonly string[]): Promise<Looked> => {
  const until = settledAt(deps.now());
  const first = await look(deps.audit, progress, keys, until);
  const again = wrongIn(first);
  if (again.length === 0) return { ...first, wrong: [] };
  await deps.pause?.();
  const second = await look(deps.audit, progress, again, until);
  const judged = new Map(first.judged);
  for (const key of again) judged.delete(key);
  for (const [key, one] of second.judged) judged.set(key, one);
  return { ...first, judged, busy: first.busy + second.busy, wrong: confirmed(first, second) };
};

const repairAll = async ({ ledger, now }: AuditDeps, wrong: readonly Judged[], repair: Repair, report: AuditReport) => {
  for (const judged of wrong) {
    const repaired = decideRepair(judged, { ...repair, at: now() });
    if (repaired === undefined) report.unrepairable += 1;
    else if (await ledger.record(repaired)) report.repaired += 1;
  }
};

/** Notes on each row what is wrong with it, and takes off what is not any more: the relay tells of both. */
const noteAll = async ({ ledger, now }: AuditDeps, found: readonly Judged[]) => {
  for (const judged of found) {
    const noted = decideNote(judged, now());
    if (noted !== undefined) await ledger.save(noted);
  }
};

/** Publishes again what may have been lost on the way, under the ID of each product's newest version. */
const tellAgain = async ({ publish, now }: AuditDeps, { judged }: Look): Promise<number> => {
  const events = [...judged.values()].flatMap((one): Publishable[] => {
    const { item } = one;
    if (isDeleted(item)) return [];
    return [
      ...(toTellAgain(one, now()) ? [availabilityEvent(item)] : []),
      ...(item.discrepancy === undefined ? [] : [discrepancyEvent(item)]),
    ];
  });
  await publish(events);
  return events.length;
};

const foundOf = (judged: Judged): Found[] => {
  const { tenant: tenantId, productId } = judged.item;
  return [discrepancyOf(judged) ?? []].flat().map((found) => ({ tenantId, productId, ...found }));
};

type Group = { readonly keys: readonly string[]; readonly changed: ReadonlySet<string> };

/** Audits some products: what is wrong is noted or mended, and the next audit goes on from what is found now. */
const auditGroup = async (
  deps: AuditDeps,
  progress: AuditProgress,
  { keys, changed }: Group,
  { report, repair }: { readonly report: AuditReport; readonly repair?: Repair | undefined },
): Promise<void> => {
  const looked = await lookTwice(deps, progress, keys);
  report.judged += looked.judged.size;
  report.busy += looked.busy;
  report.differences.push(...looked.wrong.flatMap(foundOf));
  report.toldAgain += await tellAgain(deps, looked);
  const balanced = [...looked.judged.values()].filter((one) => discrepancyOf(one) === undefined);
  if (repair === undefined) await noteAll(deps, [...looked.wrong, ...balanced]);
  else await repairAll(deps, looked.wrong, repair, report);
  for (const [key, checkpoint] of looked.checkpoints) await deps.audit.saveCheckpoint(key, checkpoint);
  const now = deps.now();
  for (const [key, one] of looked.judged) if (changed.has(key) && isAtRest(one, now)) await deps.audit.rest(one.item);
};

const sliceSize = 100;

/** The products that something was done to since the last audit, and a few others: a row may be written by hand. */
const nextGroup = async ({ audit }: AuditDeps, progress: AuditProgress) => {
  const changed = new Set(await audit.changedProducts());
  const slice = await audit.products({ after: progress.lookedUpTo, limit: sliceSize });
  const keys = new Set([...changed, ...slice.items]);
  for await (const reservation of audit.changedReservations(progress.at))
    for (const key of productsOf(reservation)) keys.add(key);
  return { keys: [...keys], changed, lookedUpTo: slice.next };
};

type Job = { readonly report: AuditReport; readonly repair?: Repair | undefined };

const auditChanges = async (deps: AuditDeps, progress: AuditProgress, job: Job): Promise<void> => {
  const until = settledAt(deps.now());
  const { lookedUpTo, ...group } = await nextGroup(deps, progress);
  await auditGroup(deps, progress, group, job);
  const at = until > progress.at ? until : progress.at;
  await deps.audit.saveProgress({ ...progress, version: progress.version + 1, at, lookedUpTo });
};

const groupSize = 500;

const auditAll = async (
  deps: AuditDeps,
  progress: AuditProgress,
  from: string | undefined,
  job: Job,
): Promise<void> => {
  const { audit, hasTime = () => true } = deps;
  let after = from;
  do {
    const { items: keys, next } = await audit.products({ after, limit: groupSize });
    await auditGroup(deps, progress, { keys, changed: new Set(keys) }, job);
    after = next;
  } while (after !== undefined && hasTime());
  if (after !== undefined) job.report.goOn = { after };
};

const progressOf = async (deps: AuditDeps, whole: Whole | undefined): Promise<AuditProgress> => {
  const before = await deps.audit.progress();
  const begins =
    before === undefined || (whole !== undefined && whole.goOn === undefined && before.counting === undefined);
  return countReservations(deps, begins ? await beginCount(deps, before) : before);
};

/**
 * Compares stock rows with the movements and reservations that they come from: those of the products that something was
 * done to since the last audit and a few others or, with `whole`, of all. A difference counts when it is seen twice, and is
 * then noted on the row. With `repair` it is mended by a movement instead. The first audit counts all reservations first.
 */
export const auditStock =
  (deps: AuditDeps) =>
  async (repair?: Repair, whole?: Whole): Promise<AuditReport> => {
    const report: AuditReport = { judged: 0, busy: 0, differences: [], repaired: 0, unrepairable: 0, toldAgain: 0 };
    const progress = await progressOf(deps, whole);
    if (progress.counting !== undefined) return { ...report, goOn: {} };
    if (whole === undefined) await auditChanges(deps, progress, { report, repair });
    else await auditAll(deps, progress, whole.goOn?.after, { report, repair });
    return report;
  };
