import { type AuditProgress, addReservation, type Checkpoint, productOf, productsOf } from './audit';
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
