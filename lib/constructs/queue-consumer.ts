import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { accept } from './accept';
import type { ServiceFunction } from './service-function';
import { ServiceQueue } from './service-queue';

/**
 * The delivery after which SQS itself moves a message to the dead-letter queue. It counts killed workers, time-outs and
 * throttles, too, which are no failures: so many in a row say that the message itself kills its workers.
 */
const maxDeliveries = 10;

const batchesAtOnce = 5;

/** Events of these types of one topic. */
export type Listening<EventType extends string> = {
  readonly topic: ITopic;
  readonly eventTypes: readonly EventType[] | 'all';
};

/** How many messages a batch has at most, and how long it is waited for more of them. */
export type Gathering = { readonly batchSize: number; readonly window: Duration };

export interface QueueConsumerProps<EventType extends string> extends Listening<EventType> {
  readonly queueName: string;
  /** More topics whose events come over the same queue. @default none */
  readonly alsoFrom?: readonly Listening<EventType>[];
  readonly deadLetterQueue: ServiceQueue;
  readonly handler: ServiceFunction;
  /** How many batches run at the same time at most: what is more than that waits in the queue. @default 5 */
  readonly maxConcurrency?: number;
  /** @default ten messages, and no wait */
  readonly gathering?: Gathering;
  /** How long each message is held back. @default not at all */
  readonly deliveryDelay?: Duration;
  /** @default a key that SQS owns */
  readonly encryptionKey?: IKey | undefined;
}

const atOnce: Gathering = { batchSize: 10, window: Duration.seconds(0) };

const filterOf = (eventTypes: readonly string[] | 'all') =>
  eventTypes === 'all'
    ? {}
    : { filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: [...eventTypes] }) } };

/** Topic, or several → own queue → handler, with the shared dead-letter queue behind it. */
export class QueueConsumer<EventType extends string> extends Construct {
  readonly queue: ServiceQueue;

  constructor(scope: Construct, id: string, props: QueueConsumerProps<EventType>) {
    super(scope, id);
    const { queueName, alsoFrom = [], deadLetterQueue, handler, encryptionKey } = props;
    const { maxConcurrency = batchesAtOnce } = props;
    const { batchSize, window } = props.gathering ?? atOnce;
    this.queue = new ServiceQueue(this, 'Queue', {
      queueName,
      deliveryDelay: props.deliveryDelay,
      encryptionKey,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: maxDeliveries },
      visibilityTimeout: Duration.seconds(6 * handler.limit.toSeconds() + window.toSeconds()), // what AWS asks for
    });
    for (const { topic, eventTypes } of [props, ...alsoFrom]) {
      const subscription = { rawMessageDelivery: true, ...filterOf(eventTypes), deadLetterQueue };
      topic.addSubscription(new SqsSubscription(this.queue, subscription));
    }
    const wait = window.toSeconds() === 0 ? {} : { maxBatchingWindow: window };
    handler.addEventSource(
      new SqsEventSource(this.queue, { batchSize, ...wait, reportBatchItemFailures: true, maxConcurrency }),
    );
    accept(
      handler,
      'Lambda takes no destination for a queue: the queue has its dead-letter queue.',
      'Serverless-LambdaEventSourceMappingDestination',
    );
    this.queue.allowSend(handler); // the handler puts back what it failed on
    deadLetterQueue.allowSend(handler); // and parks what it gives up on
  }
}
