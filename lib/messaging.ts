import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from './config';
import { ServiceQueue } from './constructs/service-queue';
import { ServiceTopic } from './constructs/service-topic';
import { deadLetterQueueName, keyAliases, nameIn, type TopicName } from './names';

export interface MessagingProps {
  readonly config: StageConfig;
  /** The key of the queues. @default a key that SQS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** The messaging between services: one topic per publisher, and one dead-letter queue for all consumers. */
export class Messaging extends Construct {
  readonly deadLetterQueue: ServiceQueue;
  /** The key of the topics. The policy of the queues' key names the topics, so one key for both would be a cycle. */
  readonly topicKey: Key | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MessagingProps,
  ) {
    super(scope, id);
    const { config, encryptionKey } = props;
    this.topicKey = config.ownKeys
      ? new Key(this, 'TopicKey', {
          alias: nameIn(config.stage, keyAliases.topics),
          enableKeyRotation: true,
          removalPolicy: removalPolicy(config),
        })
      : undefined;
    this.deadLetterQueue = new ServiceQueue(this, 'DeadLetterQueue', {
      config,
      queueName: deadLetterQueueName,
      encryptionKey,
    });
  }

  get orderEvents(): ServiceTopic {
    return this.topic('OrderEvents', 'order-events');
  }

  get inventoryEvents(): ServiceTopic {
    return this.topic('InventoryEvents', 'inventory-events');
  }

  get paymentEvents(): ServiceTopic {
    return this.topic('PaymentEvents', 'payment-events');
  }

  get catalogEvents(): ServiceTopic {
    return this.topic('CatalogEvents', 'catalog-events');
  }

  get tenantEvents(): ServiceTopic {
    return this.topic('TenantEvents', 'tenant-events');
  }

  get userEvents(): ServiceTopic {
    return this.topic('UserEvents', 'user-events');
  }

  get returnEvents(): ServiceTopic {
    return this.topic('ReturnEvents', 'return-events');
  }

  get alertEvents(): ServiceTopic {
    return this.topic('AlertEvents', 'alert-events');
  }

  get privacyEvents(): ServiceTopic {
    return this.topic('PrivacyEvents', 'privacy-events');
  }

  /** Every topic that services publish to. */
  get topics(): ServiceTopic[] {
    const { orderEvents, inventoryEvents, paymentEvents, catalogEvents } = this;
    const { tenantEvents, userEvents, returnEvents, alertEvents, privacyEvents } = this;
    return [
      orderEvents,
      inventoryEvents,
      paymentEvents,
      catalogEvents,
      tenantEvents,
      userEvents,
      returnEvents,
      alertEvents,
      privacyEvents,
    ];
  }

  /** Returns a topic, created at its first use. */
  private topic(id: string, topicName: TopicName): ServiceTopic {
    const existing = this.node.tryFindChild(id);
    if (existing instanceof ServiceTopic) return existing;
    return new ServiceTopic(this, id, { config: this.props.config, topicName, encryptionKey: this.topicKey });
  }
}
