import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function';

/** The receive on which a failing message is parked. */
export const maxReceiveCount = 3;

export interface QueueConsumerProps<EventType extends string> {
  readonly queueName: string;
  readonly topic: ITopic;
  readonly eventTypes: readonly EventType[];
  readonly deadLetterQueue: IQueue;
  readonly handler: ServiceFunction;
  /** How many batches run at the same time at most. @default as many as Lambda allows */
  readonly maxConcurrency?: number;
}

/** Topic → own queue → handler, with the shared dead-letter queue behind it. */
export class QueueConsumer<EventType extends string> extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: QueueConsumerProps<EventType>) {
    super(scope, id);
    const { queueName, topic, eventTypes, deadLetterQueue, handler, maxConcurrency } = props;
    this.queue = new Queue(this, 'Queue', {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount },
      visibilityTimeout: Duration.seconds(6 * handler.limit.toSeconds()), // the multiple AWS asks for
    });
    const filterPolicy = { type: SubscriptionFilter.stringFilter({ allowlist: [...eventTypes] }) };
    topic.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: true, filterPolicy, deadLetterQueue }));
    handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      }),
    );
    deadLetterQueue.grantSendMessages(handler); // the handler parks what it gives up on
  }
}
