import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from './config';
import { ServiceQueue } from './constructs/service-queue';
import { ServiceTopic } from './constructs/service-topic';

export interface MessagingProps {
  readonly config: StageConfig;
  /** The key of the queues. @default a key that SQS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** What services say to each other goes over these: one topic per publisher, one dead-letter queue for all consumers. */
export class Messaging extends Construct {
  readonly orderEvents: ServiceTopic;
  readonly inventoryEvents: ServiceTopic;
  readonly paymentEvents: ServiceTopic;
  readonly catalogEvents: ServiceTopic;
  readonly tenantEvents: ServiceTopic;
  readonly userEvents: ServiceTopic;
  readonly returnEvents: ServiceTopic;
  readonly alertEvents: ServiceTopic;
  readonly deadLetterQueue: ServiceQueue;
  /** The key of the topics: the queues' key names the topics that may use it, so it cannot be theirs too. */
  readonly topicKey: Key | undefined;

  constructor(scope: Construct, id: string, { config, encryptionKey }: MessagingProps) {
    super(scope, id);
    this.topicKey = config.ownKeys
      ? new Key(this, 'TopicKey', { enableKeyRotation: true, removalPolicy: removalPolicy(config) })
      : undefined;
    const topic = { encryptionKey: this.topicKey };
    this.orderEvents = new ServiceTopic(this, 'OrderEvents', { ...topic, topicName: 'order-events' });
    this.inventoryEvents = new ServiceTopic(this, 'InventoryEvents', { ...topic, topicName: 'inventory-events' });
    this.paymentEvents = new ServiceTopic(this, 'PaymentEvents', { ...topic, topicName: 'payment-events' });
    this.catalogEvents = new ServiceTopic(this, 'CatalogEvents', { ...topic, topicName: 'catalog-events' });
    this.tenantEvents = new ServiceTopic(this, 'TenantEvents', { ...topic, topicName: 'tenant-events' });
    this.userEvents = new ServiceTopic(this, 'UserEvents', { ...topic, topicName: 'user-events' });
    this.returnEvents = new ServiceTopic(this, 'ReturnEvents', { ...topic, topicName: 'return-events' });
    this.alertEvents = new ServiceTopic(this, 'AlertEvents', { ...topic, topicName: 'alert-events' });
    this.deadLetterQueue = new ServiceQueue(this, 'DeadLetterQueue', {
      queueName: 'order-processing-dlq',
      encryptionKey,
    });
  }

  /** Every topic that services publish to. */
  get topics(): ServiceTopic[] {
    return this.node.children.filter((child) => child instanceof ServiceTopic);
  }
}
