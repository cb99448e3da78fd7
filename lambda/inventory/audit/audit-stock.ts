import type { Publish, Publishable } from '../../kernel/events/publish';
import { availabilityEvent, discrepancyEvent } from '../inventory-events';
import type { LedgerStore } from '../stock/ledger.store';
import { type Discrepancy, isDeleted, type ProductKey } from '../stock/stock-item';
import {
  type AuditProgress,
  addReservation,
  type Checkpoint,
  type Comparison,
  decideDiscrepancy,
  decideRepair,
  discrepancyOf,
  isAtRest,
  isSameGap,
  needsRepublish,
  productOf,
  productsOf,
} from './audit';
import type { AuditStore } from './audit.store';
import { type ComparisonResult, compareProducts } from './compare-products';

type CountDeps = {
  readonly audit: AuditStore;
  readonly now: () => Date;
  /** Whether a run has time left to read more. @default always */
  readonly hasTime?: (() => boolean) | undefined;
};

const settledMs = 15 * 60_000; // every earlier write has ended by then and is in the index, whatever clock was five minutes wrong

/** Returns the newest time before which no more writes can appear. */
const settledAt = (now: Date): string => new Date(now.getTime() - settledMs).toISOString();

const partSize = 500;
const maxProducts = 95; // of one transaction of 100, which also writes the progress

type Entry = Awaited<ReturnType<AuditStore['reservations']>>['items'][number];

/** Returns as many of the first reservations as one transaction can count. */
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
  return (await audit.progress()) ?? progress; // another audit counts at the same time
};

/** Continues the full count of all reservations as of `progress.at` while there is time. */
const countReservations = async (deps: CountDeps, begun: AuditProgress): Promise<AuditProgress> => {
  const { hasTime = () => true } = deps;
  let progress = begun;
  while (progress.counting !== undefined && hasTime()) progress = await countPart(deps, progress);
  return progress;
};

/** Starts a full count of all reservations, which makes all checkpoints void. */
const beginCount = async ({ audit, now }: CountDeps, before?: AuditProgress): Promise<AuditProgress> => {
  const next: AuditProgress = {
    version: (before?.version ?? 0) + 1,
    count: now().toISOString(),
    at: settledAt(now()),
    counting: {},
  };
  if (await audit.saveProgress(next)) return next;
  const concurrent = await audit.progress();
  if (concurrent === undefined)
    throw new Error('the audit progress could be neither written nor read: another writer may have removed its row');
  return concurrent;
};

export type AuditDeps = CountDeps & {
  readonly ledger: Pick<LedgerStore, 'save' | 'record'>;
  readonly publish: Publish;
  /** Waits before differences are compared again. @default no wait */
  readonly pause?: (() => Promise<void>) | undefined;
};

/** Who repairs discrepancies by movements, and why. */
export type Repair = { readonly reason: string; readonly by: string };

/** An audit of every product, after a full count of reservations. `after` continues an earlier run. */
export type FullAudit = { readonly goOn?: { readonly after?: string | undefined } | undefined };

type Found = Pick<ProductKey, 'productId'> & { readonly tenantId: string } & Discrepancy;

export type AuditReport = {
  /** The number of compared products. */
  judged: number;
  /** Products that changed during the comparison. The next audit compares them. */
  busy: number;
  differences: Found[];
  repaired: number;
  /** Products with more reserved than on hand. Somebody must count them. */
  unrepairable: number;
  /** The number of events that were published again. */
  toldAgain: number;
  /** Where the next run continues. Missing when the audit is done. */
  goOn?: { readonly after?: string | undefined };
};

/** Returns the products with the same difference in both comparisons. */
const confirmed = (first: ComparisonResult, second: ComparisonResult): Comparison[] =>
  [...second.compared].flatMap(([key, one]) => {
    const before = first.compared.get(key);
    const discrepancy = discrepancyOf(one);
    const sure = before !== undefined && discrepancy !== undefined && isSameGap(discrepancyOf(before), discrepancy);
    return sure ? [one] : [];
  });

const differentIn = ({ compared }: ComparisonResult): string[] =>
  [...compared].flatMap(([key, one]) => (discrepancyOf(one) === undefined ? [] : [key]));

type ConfirmedResult = ComparisonResult & { readonly differing: readonly Comparison[] };

/** Compares products, and compares those that do not add up a second time. */
const compareTwice = async (
  deps: AuditDeps,
  progress: AuditProgress,
  keys: readonly string[],
): Promise<ConfirmedResult> => {
  const until = settledAt(deps.now());
  const first = await compareProducts(deps.audit, progress, keys, until);
  const again = differentIn(first);
  if (again.length === 0) return { ...first, differing: [] };
  await deps.pause?.();
  const second = await compareProducts(deps.audit, progress, again, until);
  const compared = new Map(first.compared);
  for (const key of again) compared.delete(key);
  for (const [key, one] of second.compared) compared.set(key, one);
  return { ...first, compared, busy: first.busy + second.busy, differing: confirmed(first, second) };
};

const repairAll = async (
  { ledger, now }: AuditDeps,
  differing: readonly Comparison[],
  repair: Repair,
  report: AuditReport,
) => {
  for (const comparison of differing) {
    const repaired = decideRepair(comparison, { ...repair, at: now() });
    if (repaired === undefined) report.unrepairable += 1;
    else if (await ledger.record(repaired)) report.repaired += 1;
  }
};

/** Sets or removes the discrepancy of each row. The relay publishes both changes. */
const saveDiscrepancies = async ({ ledger, now }: AuditDeps, comparisons: readonly Comparison[]) => {
  for (const comparison of comparisons) {
    const next = decideDiscrepancy(comparison, now());
    if (next !== undefined) await ledger.save(next);
  }
};

/** Publishes events again that may be lost, under the ID of each product's newest version. */
const republish = async ({ publish, now }: AuditDeps, { compared }: ComparisonResult): Promise<number> => {
  const events = [...compared.values()].flatMap((one): Publishable[] => {
    const { item } = one;
    if (isDeleted(item)) return [];
    return [
      ...(needsRepublish(one, now()) ? [availabilityEvent(item)] : []),
      ...(item.discrepancy === undefined ? [] : [discrepancyEvent(item)]),
    ];
  });
  await publish(events);
  return events.length;
};

const foundOf = (comparison: Comparison): Found[] => {
  const { tenant: tenantId, productId } = comparison.item;
  return [discrepancyOf(comparison) ?? []].flat().map((found) => ({ tenantId, productId, ...found }));
};

type Group = { readonly keys: readonly string[]; readonly changed: ReadonlySet<string> };

/** Audits some products: saves or repairs their discrepancies, republishes events and saves the checkpoints. */
const auditGroup = async (
  deps: AuditDeps,
  progress: AuditProgress,
  { keys, changed }: Group,
  { report, repair }: { readonly report: AuditReport; readonly repair?: Repair | undefined },
): Promise<void> => {
  const result = await compareTwice(deps, progress, keys);
  report.judged += result.compared.size;
  report.busy += result.busy;
  report.differences.push(...result.differing.flatMap(foundOf));
  report.toldAgain += await republish(deps, result);
  const balanced = [...result.compared.values()].filter((one) => discrepancyOf(one) === undefined);
  if (repair === undefined) await saveDiscrepancies(deps, [...result.differing, ...balanced]);
  else await repairAll(deps, result.differing, repair, report);
  for (const [key, checkpoint] of result.checkpoints) await deps.audit.saveCheckpoint(key, checkpoint);
  const now = deps.now();
  for (const [key, one] of result.compared) if (changed.has(key) && isAtRest(one, now)) await deps.audit.rest(one.item);
};

const sliceSize = 100;

/** Returns the products that changed since the last audit and some others, since a row may be edited by hand. */
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

const progressOf = async (deps: AuditDeps, whole: FullAudit | undefined): Promise<AuditProgress> => {
  const before = await deps.audit.progress();
  const begins =
    before === undefined || (whole !== undefined && whole.goOn === undefined && before.counting === undefined);
  return countReservations(deps, begins ? await beginCount(deps, before) : before);
};

/**
 * Compares stock rows with the sums of their movements and reservations: those that changed since the last audit and
 * some others, or all with `whole`. A difference that is found twice is saved on the row, or repaired by a movement
 * with `repair`. The first audit counts all reservations first.
 */
export const auditStock =
  (deps: AuditDeps) =>
  async (repair?: Repair, whole?: FullAudit): Promise<AuditReport> => {
    const report: AuditReport = { judged: 0, busy: 0, differences: [], repaired: 0, unrepairable: 0, toldAgain: 0 };
    const progress = await progressOf(deps, whole);
    if (progress.counting !== undefined) return { ...report, goOn: {} };
    if (whole === undefined) await auditChanges(deps, progress, { report, repair });
    else await auditAll(deps, progress, whole.goOn?.after, { report, repair });
    return report;
  };
