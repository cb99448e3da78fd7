import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface MessagingProps {
  /** @default topics keep nothing, so they are encrypted in transit alone */
  readonly encryptionKey?: IKey;
}

/** What services say to each other goes over these: one topic per publisher, one dead-letter queue for all consumers. */
export class Messaging extends Construct {
  readonly orderEvents: Topic;
  readonly inventoryEvents: Topic;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { encryptionKey }: MessagingProps) {
    super(scope, id);
    const topic = (topicId: string, topicName: string) =>
      new Topic(this, topicId, {
        topicName,
        enforceSSL: true,
        ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
      });
    this.orderEvents = topic('OrderEvents', 'order-events');
    this.inventoryEvents = topic('InventoryEvents', 'inventory-events');
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      queueName: 'order-processing-dlq',
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
