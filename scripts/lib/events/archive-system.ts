import { S3Client } from '@aws-sdk/client-s3';
import { CommandError } from '../command';
import { clientOptions, resourcesOf, type System } from '../system/system';
import { type Archive, archiveBucket } from './archive';

/** The archive of a deployed system. */
export const archiveIn = async (system: System): Promise<Archive> => {
  const resources = await resourcesOf(system);
  const bucket = resources.find(
    ({ type, logicalId }) => type === 'AWS::S3::Bucket' && /^ArchiveEvents[0-9A-F]{8}$/.test(logicalId),
  );
  if (bucket === undefined) throw new CommandError('The stack has no archive of events: deploy it again.');
  return archiveBucket(new S3Client({ ...clientOptions(system), forcePathStyle: true }), bucket.id);
};
