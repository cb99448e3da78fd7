import { SQSClient } from '@aws-sdk/client-sqs';
import { keyRing } from '../../../lambda/kernel/sealing/key-ring';
import { subjectKeyStore } from '../../../lambda/kernel/sealing/subject-key.store';
import { CommandError, UsageError } from '../command';
import { archiveClient, bucketOfArchive } from '../events/archive';
import { deadLetterQueueName, queueUrl } from '../system/queues';
import type { Resource } from '../system/stack-resources';
import { clientOptions, resourcesOf, type System } from '../system/system';
import { tablesOf } from '../system/tables';
import { archiveFiles } from './archive-files';
import { operatorKeyService } from './aws-api';
import { findGuests } from './find-guests';
import type { Migration } from './migration';
import { personalRows } from './personal-fields';
import { sealArchive } from './seal-archive';
import { type DeadLetterQueue, sealDeadLetters } from './seal-dead-letters';
import { sealRows } from './seal-rows';
import { sealer } from './sealer';

/** What has migrations: services, and what holds events of several. */
export const migratedServices = [...personalRows.map(({ service }) => service), 'dead-letters', 'archive'];

/** Returns which services `--service` names: all without it. Throws when it has no migrations. */
export const servicesOf = (given: string | undefined): string[] => {
  if (given === undefined) return migratedServices;
  if (migratedServices.includes(given)) return [given];
  throw new UsageError(`--service "${given}": must be one of ${migratedServices.join(', ')}. See --help.`);
};

/** The master key of the subjects' keys, among the resources of a system. */
const masterKeyOf = (resources: readonly Resource[]): string => {
  const key = resources.find(
    ({ type, logicalId }) => type === 'AWS::KMS::Key' && logicalId.startsWith('SubjectKeysMasterKey'),
  );
  if (key === undefined) throw new CommandError('The stack has no keys to seal with: deploy this version first.');
  return key.id;
};

const deadLetterQueues = (system: System): DeadLetterQueue[] => {
  const sqs = new SQSClient({ ...clientOptions(system), useQueueUrlAsEndpoint: false });
  const ofRelays = personalRows.flatMap(({ relayDeadLetters }) => relayDeadLetters ?? []);
  return [deadLetterQueueName, ...ofRelays].map((name) => ({ name, sqs, queueUrl: queueUrl(system, name) }));
};

/** Every migration of a system, in the order in which they run. What copies the rows of others comes after those. */
export const migrationsOf = async (system: System): Promise<Migration[]> => {
  const resources = await resourcesOf(system);
  const tables = tablesOf(system);
  const keys = keyRing({
    store: subjectKeyStore(tables.called('subject-keys'), tables.db),
    keyService: operatorKeyService(system, masterKeyOf(resources)),
    now: () => new Date(),
  });
  const seal = sealer(keys);
  return [
    ...personalRows.map((rows) => sealRows(rows, { tables, sealer: seal })),
    findGuests({ tables, keys }),
    sealDeadLetters({ queues: deadLetterQueues(system), sealer: seal }),
    sealArchive({ files: archiveFiles(archiveClient(system), bucketOfArchive(resources)), sealer: seal }),
  ];
};
