import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { archiveEventsEnv } from '../lambda/archive/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { type Listening, QueueConsumer } from './constructs/queue-consumer';
import { ServiceBucket } from './constructs/service-bucket';
import { ServiceFunction } from './constructs/service-function';
import type { Messaging } from './messaging';

export interface EventArchiveProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

const cheapAfter = Duration.days(90);

/** Stores every published event, for replays and as the audit log. */
export class EventArchive extends Construct {
  readonly events: ServiceBucket;
  readonly archiveEvents: ServiceFunction;
  readonly consumer: QueueConsumer<string>;

  constructor(scope: Construct, id: string, { config, messaging, encryptionKey }: EventArchiveProps) {
    super(scope, id);
    const { gathering, timeout } = config.archive;
    this.events = new ServiceBucket(this, 'Events', {
      config,
      encryptionKey,
      forPages: false,
      versioned: config.keepData,
      lifecycleRules: lifecycleOf(config),
    });
    const environment: EnvFor<typeof archiveEventsEnv> = {
      ARCHIVE_BUCKET: this.events.bucketName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    this.archiveEvents = new ServiceFunction(this, 'ArchiveEvents', {
      config,
      encryptionKey,
      handler: 'archive/archive-events',
      environment,
      timeout,
    });
    for (const folder of ['by-day', 'by-subject']) this.events.allow(this.archiveEvents, folder, 's3:PutObject');
    this.consumer = new QueueConsumer<string>(this, 'Consumer', {
      ...everything(messaging),
      queueName: 'archive-queue',
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.archiveEvents,
      gathering,
      maxConcurrency: 2, // fewer batches are fuller ones
      encryptionKey,
    });
  }
}

/** Returns the subscriptions to all events of all topics. */
const everything = ({ topics }: Messaging) => {
  const [first, ...alsoFrom] = topics.map((topic): Listening<string> => ({ topic, eventTypes: 'all' }));
  if (first === undefined) throw new Error('there is no topic');
  return { ...first, alsoFrom };
};

/** Returns the lifecycle of the files. S3 does not move files under 128 KB, which would cost more than it saves. */
const lifecycleOf = ({ archive: { retention }, keepData }: StageConfig): LifecycleRule[] => [
  {
    expiration: retention,
    ...(keepData
      ? {
          noncurrentVersionExpiration: Duration.days(30),
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: cheapAfter }],
        }
      : {}),
  },
];
