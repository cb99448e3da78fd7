import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  aboutOf,
  archiveFolders,
  dayFolder,
  dayOf,
  eventKey,
  shardOf,
  subjectFolder,
} from '../../../lambda/contracts/events/archive';
import { asNewestVersion, withEarlierVersions } from '../../../lambda/contracts/events/earlier-versions';
import { AnyEvent } from '../../../lambda/contracts/events/event';
import { CommandError } from '../command';
import type { Resource } from '../system/stack-resources';
import { clientOptions, resourcesOf, type System } from '../system/system';
import type { Period } from './period';

/** Which events are wanted: those that fit all that is given. */
export type Wanted = {
  readonly tenant?: string | undefined;
  /** An order or a product; needs the tenant. */
  readonly about?: string | undefined;
  readonly type?: string | undefined;
  /** Of `about` alone, it may be missing: then all there is. */
  readonly period?: Period | undefined;
};

/** What has been read so far. */
export type Reading = { readonly files: number; readonly events: number };

/** The bucket of the archive, as a script reads it. */
const archiveBucket = (s3: S3Client, Bucket: string) => ({
  /** The keys under a prefix, in their order. */
  keys: async (Prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
      keys.push(...Contents.map(({ Key = '' }) => Key));
    return keys;
  },

  /** The lines of one file. */
  read: async (Key: string): Promise<string[]> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean);
  },
});

export type Archive = ReturnType<typeof archiveBucket>;

const dayMs = 86_400_000;

const daysOf = ({ from, to }: Period): string[] => {
  const days: string[] = [];
  for (let at = Date.parse(dayOf(from)); at <= Date.parse(to); at += dayMs)
    days.push(dayOf(new Date(at).toISOString()));
  return days;
};

/** What the newest version of a type is called. */
const newestOf = (type: string): string => String(Object(asNewestVersion({ type, data: {} })).type);

/** The names of the folders with events of a type: a migrated event stays in the folder of its first version. */
const foldersOf = (type: string): string[] => withEarlierVersions([newestOf(type)]);

/** Where the wanted events lie, day by day. */
const prefixesOf = ({ tenant = '', about, type, period }: Wanted): string[] => {
  if (about === undefined)
    return daysOf(period ?? { from: '', to: '' }).flatMap((day) =>
      type ? foldersOf(type).map((folder) => `${dayFolder(day, folder)}/`) : [`${archiveFolders.byDay}/${day}/`],
    );
  const shard = shardOf(tenant, about);
  if (period === undefined) return [`${archiveFolders.bySubject}/${shard}/`];
  return daysOf(period).map((day) => `${subjectFolder(shard, day)}/`);
};

const isWanted = ({ tenant, about, type, period }: Wanted, event: AnyEvent): boolean =>
  (tenant === undefined || event.tenantid === tenant) &&
  (about === undefined || aboutOf(event) === about) &&
  (type === undefined || newestOf(event.type) === newestOf(type)) &&
  (period === undefined || (event.time >= period.from && event.time < period.to));

const parseLine = (key: string, line: string): AnyEvent => {
  const parsed = AnyEvent.safeParse(JSON.parse(line));
  if (parsed.success) return parsed.data;
  throw new CommandError(`${key}: holds something that is no event`);
};

const versionOf = ({ id }: AnyEvent): number => Number(id.slice(id.lastIndexOf(':') + 1));

/** Older events first, and of those of one moment the ones with lower versions. */
export const byTime = (one: AnyEvent, other: AnyEvent): number =>
  one.time.localeCompare(other.time) || versionOf(one) - versionOf(other);

const placeOf = (key: string) => `${/\/(\d{4}-\d\d-\d\d)\//.exec(key)?.[1]} ${key.slice(key.lastIndexOf('/') + 1)}`;
const atOnce = 16;
const maxSeen = 500_000; // an event comes twice within minutes; one that is read twice does no harm

/**
 * Reads the wanted events, a few files at a time and roughly in the order in which they happened; each once, however
 * often it was delivered to the archive.
 */
export async function* readArchive(
  archive: Archive,
  wanted: Wanted,
  onProgress: (reading: Reading) => void = () => {},
) {
  const seen = new Set<string>();
  const isNew = (event: AnyEvent) => seen.size !== seen.add(eventKey(event)).size;
  let [files, events] = [0, 0];
  for (const prefix of prefixesOf(wanted)) {
    const keys = (await archive.keys(prefix)).sort((one, other) => placeOf(one).localeCompare(placeOf(other)));
    for (let at = 0; at < keys.length; at += atOnce) {
      const some = keys.slice(at, at + atOnce);
      const read = await Promise.all(
        some.map(async (key) => (await archive.read(key)).map((line) => parseLine(key, line))),
      );
      if (seen.size > maxSeen) seen.clear();
      const fresh = read.flat().filter((event) => isWanted(wanted, event) && isNew(event));
      files += some.length;
      events += fresh.length;
      onProgress({ files, events });
      yield fresh.sort(byTime);
    }
  }
}

/** Returns the bucket of the archive among the resources of a system. Throws when there is none. */
export const bucketOfArchive = (resources: readonly Resource[]): string => {
  const bucket = resources.find(
    ({ type, logicalId }) => type === 'AWS::S3::Bucket' && /^ArchiveEvents[0-9A-F]{8}$/.test(logicalId),
  );
  if (bucket === undefined) throw new CommandError('The stack has no archive of events: deploy it again.');
  return bucket.id;
};

export const archiveClient = (system: System): S3Client =>
  new S3Client({ ...clientOptions(system), forcePathStyle: true });

/** The archive of a deployed system. */
export const archiveIn = async (system: System): Promise<Archive> =>
  archiveBucket(archiveClient(system), bucketOfArchive(await resourcesOf(system)));
