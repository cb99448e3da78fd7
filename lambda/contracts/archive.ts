import type { AnyEvent } from './event';

/** Where files lie by the day of their events, and by what their events are about. */
export const archiveFolders = { byDay: 'by-day', bySubject: 'by-subject' } as const;

/** What an event is one of: two with the same key are the same event, published or delivered twice. */
export const eventKey = ({ source, id }: Pick<AnyEvent, 'source' | 'id'>): string => `${source} ${id}`;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** What an event is about: the order that it belongs to, else the product, else its own subject. */
export const aboutOf = ({ data, subject }: Pick<AnyEvent, 'data' | 'subject'>): string =>
  text(data.orderId) ?? text(data.productId) ?? subject;

/** The shards that the files by subject are spread over: reading one order takes a sixteenth of what there is. */
export const shards = [...'0123456789abcdef'];

/** The shard of everything about one order, product or user of a tenant: FNV-1a, folded into four bits. */
export const shardOf = (tenant: string, about: string): string => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${tenant}/${about}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  const folded = (hash ^ (hash >>> 16)) >>> 0;
  return shards[(folded ^ (folded >>> 8) ^ (folded >>> 4)) & 15] ?? '0';
};

/** `by-day/2026-11-21/OrderPlaced.v1`. The day is the event's own, in UTC, however late it comes. */
export const dayFolder = (day: string, type: string): string => `${archiveFolders.byDay}/${day}/${type}`;

/** `by-subject/7/2026-11-21`. */
export const subjectFolder = (shard: string, day: string): string => `${archiveFolders.bySubject}/${shard}/${day}`;

/** `2026-11-21`. */
export const dayOf = (time: string): string => time.slice(0, 10);
