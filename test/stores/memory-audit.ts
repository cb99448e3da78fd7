import { type AuditProgress, type Checkpoint, keyOf, noSums } from '../../lambda/inventory/audit/audit';
import type { AuditStore } from '../../lambda/inventory/audit/audit.store';
import type { Reservation } from '../../lambda/inventory/reservations/reservation';
import { directly, type Io, stored } from './io';
import { itemOf } from './memory-ledger';
import type { StockTables } from './memory-stock';

type Part = { readonly after?: string | undefined; readonly limit: number };

const partOf = (keys: Iterable<string>, { after = '', limit }: Part) => {
  const left = [...keys].sort().filter((key) => key > after);
  return { items: left.slice(0, limit), next: left.length > limit ? left[limit - 1] : undefined };
};

const changedAt = ({ reservedAt = '', releasedAt = '', deductedAt = '' }: Reservation): string =>
  [reservedAt, releasedAt, deductedAt].sort().at(-1) ?? '';

const saveProgress = ({ audit }: StockTables, next: AuditProgress): boolean => {
  if ((audit.progress?.version ?? 0) !== next.version - 1) return false;
  audit.progress = stored(next);
  return true;
};

const checkpointOf = ({ audit }: StockTables, key: string, { count, at }: AuditProgress): Checkpoint => {
  const found = audit.checkpoints.get(key);
  if (found?.count !== count) return { ...noSums, count, at, upTo: '' };
  return found.at > at ? found : { ...found, at };
};

const saveCheckpoint = ({ audit }: StockTables, key: string, next: Checkpoint): void => {
  const before = audit.checkpoints.get(key);
  if (before === undefined || before.count !== next.count || before.at <= next.at)
    audit.checkpoints.set(key, stored(next));
};

/** What the audit reads of the tables in memory: each in one moment, and others may write in between. */
export const memoryAuditStore = (tables: StockTables, io: Io = directly): AuditStore => ({
  progress: () => io('audit.progress', () => tables.audit.progress),
  saveProgress: (next) => io('audit.saveProgress', () => saveProgress(tables, next)),
  changedProducts: () => io('audit.changedProducts', () => [...tables.changed]),
  products: (part) => io('audit.products', () => partOf(tables.products.keys(), part)),
  items: (keys) => io('audit.items', () => keys.flatMap((key) => itemOf(tables, key) ?? [])),
  checkpoints: (keys, progress) =>
    io('audit.checkpoints', () => new Map(keys.map((key) => [key, checkpointOf(tables, key, progress)]))),
  saveCheckpoint: (key, next) => io('audit.saveCheckpoint', () => saveCheckpoint(tables, key, next)),
  async *movements(key, after) {
    const all = await io('audit.movements', () => tables.movements.get(key) ?? []);
    yield* all.filter(({ movementId }) => movementId > after);
  },
  async *changedReservations(since) {
    const all = await io('audit.changedReservations', () => [...tables.reservations.values()]);
    yield* all.filter((reservation) => changedAt(reservation) > since);
  },
  reservations: (part) =>
    io('audit.reservations', () => {
      const { items, next } = partOf(tables.reservations.keys(), part);
      return { items: items.map((key) => ({ key, reservation: tables.reservations.get(key) })), next };
    }),
  saveCount: (next, counted) =>
    io('audit.saveCount', () => {
      if (!saveProgress(tables, next)) return false;
      for (const [key, one] of counted) tables.audit.checkpoints.set(key, stored(one));
      return true;
    }),
  rest: (item) =>
    io('audit.rest', () => itemOf(tables, keyOf(item))?.version === item.version && tables.changed.delete(keyOf(item))),
});
