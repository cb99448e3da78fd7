import type { AnyEvent } from './event';

/** The folders of files by the day and by the subject of their events. */
export const archiveFolders = { byDay: 'by-day', bySubject: 'by-subject' } as const;

/** Returns the identity of an event. Two with the same key are one event that was delivered twice. */
export const eventKey = ({ source, id }: Pick<AnyEvent, 'source' | 'id'>): string => `${source} ${id}`;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Returns what an event is about: its order, otherwise its product, otherwise its own subject. */
export const aboutOf = ({ data, subject }: Pick<AnyEvent, 'data' | 'subject'>): string =>
  text(data.orderId) ?? text(data.productId) ?? subject;

/** The shards of the files by subject. Reading one order reads a sixteenth of the files. */
export const shards = [...'0123456789abcdef'];

/** Returns the shard of an order, product or user of a tenant: FNV-1a, folded into four bits. */
export const shardOf = (tenant: string, about: string): string => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${tenant}/${about}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  const folded = (hash ^ (hash >>> 16)) >>> 0;
  return shards[(folded ^ (folded >>> 8) ^ (folded >>> 4)) & 15] ?? '0';
};

/** Returns `by-day/2026-11-21/OrderPlaced.v2`. The day is the event's own in UTC, even when it arrives late. */
export const dayFolder = (day: string, type: string): string => `${archiveFolders.byDay}/${day}/${type}`;

/** Returns `by-subject/7/2026-11-21`. */
export const subjectFolder = (shard: string, day: string): string => `${archiveFolders.bySubject}/${shard}/${day}`;

/** Returns `2026-11-21`. */
export const dayOf = (time: string): string => time.slice(0, 10);
