import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type BucketAddress, ownCredentials, requestBucket, unexpected } from '../kernel/aws/bucket';
import { type ArchiveFile, identityOf, linesOf, startOf } from './archive-events';

const nameOf = (file: ArchiveFile): string => {
  const hash = createHash('sha256').update(identityOf(file)).digest('hex').slice(0, 32);
  return `${startOf(file)}-${hash}.ndjson.gz`;
};

/** The bucket of the archive: gzipped files with one event per line, named by a hash of their events. */
export const archiveGateway = (bucket: BucketAddress, now: () => Date, credentials = ownCredentials) => ({
  /** Writes one file. The same events overwrite the same file. */
  write: async (file: ArchiveFile): Promise<void> => {
    const response = await requestBucket(
      bucket,
      {
        method: 'PUT',
        path: `${file.folder}/${nameOf(file)}`,
        headers: { 'content-type': 'application/gzip' },
        body: new Uint8Array(gzipSync(linesOf(file))),
      },
      { now, credentials },
    );
    await response.arrayBuffer(); // frees the connection for the next file
    if (!response.ok) throw unexpected('a write', response);
  },
});
