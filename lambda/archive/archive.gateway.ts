import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type BucketAddress, ownCredentials, requestBucket, unexpected } from '../kernel/aws/bucket';
import { type ArchiveFile, identityOf, linesOf, startOf } from './archive-events';

const nameOf = (file: ArchiveFile): string => {
  const hash = createHash('sha256').update(identityOf(file)).digest('hex').slice(0, 32);
  return `${startOf(file)}-${hash}.ndjson.gz`;
};

/** The bucket of the archive: gzipped files of one event a line, named after their events. */
export const archiveGateway = (bucket: BucketAddress, now: () => Date, credentials = ownCredentials) => ({
  /** Writes one file; the same events overwrite it. */
  keep: async (file: ArchiveFile): Promise<void> => {
    const answer = await requestBucket(
      bucket,
      {
        method: 'PUT',
        path: `${file.folder}/${nameOf(file)}`,
        headers: { 'content-type': 'application/gzip' },
        body: new Uint8Array(gzipSync(linesOf(file))),
      },
      { now, credentials },
    );
    await answer.arrayBuffer(); // frees the connection for the next file
    if (!answer.ok) throw unexpected('a write', answer);
  },
});

export type ArchiveGateway = ReturnType<typeof archiveGateway>;
