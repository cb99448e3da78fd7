import { gunzipSync, gzipSync } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';

/** A file of the archive, or an older version of one, which a versioned bucket keeps for a while. */
export type ArchivedFile = {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly isCurrent: boolean;
  readonly modifiedAt: string;
  readonly storageClass?: string | undefined;
};

/** The lines of a file, and what says whether it was written anew meanwhile. */
export type FileContent = { readonly lines: readonly string[]; readonly etag: string | undefined };

export type FilePage = { readonly files: readonly ArchivedFile[]; readonly next?: string | undefined };

const pageSize = 200;

type Listed = {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IsLatest?: boolean | undefined;
  readonly LastModified?: Date | undefined;
  readonly StorageClass?: string | undefined;
};

const fileFrom = ({ Key = '', VersionId, IsLatest = true, LastModified, StorageClass }: Listed): ArchivedFile => ({
  key: Key,
  versionId: VersionId,
  isCurrent: IsLatest,
  modifiedAt: (LastModified ?? new Date()).toISOString(),
  storageClass: StorageClass,
});

type Bucket = { readonly s3: Pick<S3Client, 'send'>; readonly name: string };

const listCurrent = async ({ s3, name }: Bucket, after: string | undefined): Promise<FilePage> => {
  const { Contents = [], IsTruncated = false } = await s3.send(
    new ListObjectsV2Command({ Bucket: name, MaxKeys: pageSize, StartAfter: after }),
  );
  const files = Contents.map(fileFrom);
  return { files, next: IsTruncated ? files.at(-1)?.key : undefined };
};

const listVersions = async ({ s3, name }: Bucket, after: string | undefined): Promise<FilePage> => {
  const marker = after === undefined ? {} : JSON.parse(after);
  const {
    Versions = [],
    IsTruncated,
    NextKeyMarker,
    NextVersionIdMarker,
  } = await s3.send(new ListObjectVersionsCommand({ Bucket: name, MaxKeys: pageSize, ...marker }));
  const next = JSON.stringify({ KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker });
  return { files: Versions.map(fileFrom), next: IsTruncated ? next : undefined };
};

const isRefused = (error: unknown): boolean =>
  error instanceof Error && ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(error.name);

const read = async ({ s3, name }: Bucket, { key, versionId }: ArchivedFile): Promise<FileContent | undefined> => {
  try {
    const version = versionId === undefined ? {} : { VersionId: versionId };
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key, ...version }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return { lines: gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean), etag: ETag };
  } catch (error) {
    if (error instanceof Error && /^NoSuch(Key|Version)$/.test(error.name)) return undefined;
    throw error;
  }
};

const write = async ({ s3, name }: Bucket, file: ArchivedFile, { lines, etag }: FileContent): Promise<boolean> => {
  const { key, storageClass } = file;
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: gzipSync(lines.map((line) => `${line}\n`).join('')),
        ContentType: 'application/gzip',
        ...(etag === undefined ? {} : { IfMatch: etag }),
        ...(storageClass === undefined || storageClass === 'STANDARD'
          ? {}
          : { StorageClass: storageClass as StorageClass }),
      }),
    );
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};

/** The files of the archive as a migration rewrites them, with the older versions that the bucket keeps. */
export const archiveFiles = (s3: Pick<S3Client, 'send'>, name: string) => {
  const bucket = { s3, name };
  let versioned: Promise<boolean> | undefined;
  const isVersioned = async (): Promise<boolean> =>
    (await s3.send(new GetBucketVersioningCommand({ Bucket: name }))).Status !== undefined;
  return {
    /** Returns one page of the files, by their names. */
    list: async (after: string | undefined): Promise<FilePage> => {
      versioned ??= isVersioned();
      return (await versioned) ? listVersions(bucket, after) : listCurrent(bucket, after);
    },

    /** Returns what a file holds, undefined when it is gone. */
    read: (file: ArchivedFile): Promise<FileContent | undefined> => read(bucket, file),

    /** Writes a file under its name. Returns false when it was written or deleted since it was read. */
    write: (file: ArchivedFile, content: FileContent): Promise<boolean> => write(bucket, file, content),

    /** Deletes one version of a file for good. */
    removeVersion: async ({ key, versionId }: ArchivedFile): Promise<void> => {
      if (versionId === undefined) return;
      await s3.send(new DeleteObjectCommand({ Bucket: name, Key: key, VersionId: versionId }));
    },
  };
};

export type ArchiveFiles = ReturnType<typeof archiveFiles>;
