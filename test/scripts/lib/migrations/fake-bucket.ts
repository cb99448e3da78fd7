import { gunzipSync, gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';

type Version = { readonly id: string; readonly bytes: Uint8Array; readonly at: Date; readonly storageClass: string };
type Command = { readonly constructor: { readonly name: string }; readonly input: Record<string, unknown> };

const named = (name: string) => Object.assign(new Error(name), { name });

export const gzipped = (lines: readonly string[]): Uint8Array => gzipSync(lines.map((line) => `${line}\n`).join(''));

const linesOf = (bytes: Uint8Array) => gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean);

type Options = {
  readonly versioned?: boolean;
  readonly pageSize?: number;
  readonly before?: (command: string) => unknown;
};

/** A bucket in memory, with what the migration of the archive asks of S3. A versioned one keeps what is overwritten. */
export const fakeBucket = ({ versioned = false, pageSize = 3, before = () => {} }: Options = {}) => {
  const objects = new Map<string, Version[]>(); // the newest first
  let made = 0;

  const put = (key: string, bytes: Uint8Array, storageClass = 'STANDARD') => {
    made += 1;
    const version = { id: `v${made}`, bytes, at: new Date(Date.UTC(2026, 11, 1, 0, made)), storageClass };
    objects.set(key, [version, ...(versioned ? (objects.get(key) ?? []) : [])]);
    return version;
  };
  const find = (key: string, id?: unknown) =>
    objects.get(key)?.find((one) => id === undefined || one.id === id) ??
    (() => {
      throw named('NoSuchKey');
    })();
  const listing = (key: string, { id, at, storageClass }: Version, IsLatest: boolean) => ({
    Key: key,
    ...(versioned ? { VersionId: id } : {}),
    IsLatest,
    LastModified: at,
    StorageClass: storageClass,
  });

  const answers: Readonly<Record<string, (input: Record<string, unknown>) => object>> = {
    GetBucketVersioningCommand: () => (versioned ? { Status: 'Enabled' } : {}),
    ListObjectsV2Command: ({ StartAfter = '' }) => {
      const keys = [...objects.keys()].sort().filter((key) => key > String(StartAfter));
      return {
        Contents: keys.slice(0, pageSize).map((key) => listing(key, find(key), true)),
        IsTruncated: keys.length > pageSize,
      };
    },
    ListObjectVersionsCommand: ({ KeyMarker, VersionIdMarker }) => {
      const all = [...objects.keys()]
        .sort()
        .flatMap((key) => (objects.get(key) ?? []).map((one, n) => listing(key, one, n === 0)));
      const from = all.findIndex(({ Key, VersionId }) => Key === KeyMarker && VersionId === VersionIdMarker) + 1;
      const Versions = all.slice(from, from + pageSize);
      const last = Versions.at(-1);
      return {
        Versions,
        IsTruncated: from + pageSize < all.length,
        NextKeyMarker: last?.Key,
        NextVersionIdMarker: last?.VersionId,
      };
    },
    GetObjectCommand: ({ Key, VersionId }) => {
      const { bytes, id } = find(String(Key), VersionId);
      return { Body: { transformToByteArray: async () => bytes }, ETag: `"${id}"` };
    },
    PutObjectCommand: ({ Key, Body, IfMatch, StorageClass }) => {
      if (`"${find(String(Key)).id}"` !== IfMatch) throw named('PreconditionFailed');
      return { VersionId: put(String(Key), Body as Uint8Array, StorageClass as string).id };
    },
    DeleteObjectCommand: ({ Key, VersionId }) => {
      objects.set(
        String(Key),
        (objects.get(String(Key)) ?? []).filter(({ id }) => id !== VersionId),
      );
      return {};
    },
  };

  const send = async ({ constructor: { name }, input }: Command) => {
    await before(name);
    return answers[name]?.(input);
  };
  return {
    s3: { send } as unknown as Pick<S3Client, 'send'>,
    put,
    keys: () => [...objects.keys()].sort(),
    lines: (key: string) => linesOf(find(key).bytes),
    storageClass: (key: string) => find(key).storageClass,
    /** Every line of every version. */
    everything: () => [...objects.values()].flat().flatMap(({ bytes }) => linesOf(bytes)),
    versions: (key: string) => objects.get(key)?.map(({ id }) => id) ?? [],
  };
};
