import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import type { Gathering } from '../config';
import { accept } from './accept';
import type { ServiceFunction } from './service-function';
import { type SendableQueue, ServiceQueue } from './service-queue';

/**
 * The deliveries after which SQS itself moves a message to the dead-letter queue. They include killed workers, timeouts
 * and throttles, which are not failures of the handler; this many in a row mean that the message kills its workers.
 */
const maxDeliveries = 10;

const defaultConcurrency = 5;

/** A subscription to events of these types of one topic. */
export type Listening<EventType extends string> = {
  readonly topic: ITopic;
  readonly eventTypes: readonly EventType[] | 'all';
};

export interface QueueConsumerProps<EventType extends string> extends Listening<EventType> {
  readonly queueName: string;
  /** More topics that feed the same queue. @default none */
  readonly alsoFrom?: readonly Listening<EventType>[];
  readonly deadLetterQueue: SendableQueue;
  readonly handler: ServiceFunction;
  /** How many batches run concurrently at most; more wait in the queue. @default 5 */
  readonly maxConcurrency?: number;
  /** @default ten messages without a wait */
  readonly gathering?: Gathering;
  /** The delay before each message is delivered. @default none */
  readonly deliveryDelay?: Duration;
  /** @default a key that SQS owns */
  readonly encryptionKey?: IKey | undefined;
}

const smallBatches: Gathering = { batchSize: 10, window: Duration.seconds(0) };

const filterOf = (eventTypes: readonly string[] | 'all') =>
  eventTypes === 'all'
    ? {}
    : { filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: withEarlierVersions(eventTypes) }) } };

/** One or more topics → own queue → handler, with the shared dead-letter queue. */
export class QueueConsumer<EventType extends string> extends Construct {
  readonly queue: ServiceQueue;

  constructor(scope: Construct, id: string, props: QueueConsumerProps<EventType>) {
    super(scope, id);
    const { queueName, alsoFrom = [], deadLetterQueue, handler, encryptionKey } = props;
    const { maxConcurrency = defaultConcurrency } = props;
    const { batchSize, window } = props.gathering ?? smallBatches;
    this.queue = new ServiceQueue(this, 'Queue', {
      config: handler.stageConfig,
      queueName,
      deliveryDelay: props.deliveryDelay,
      encryptionKey,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: maxDeliveries },
      visibilityTimeout: Duration.seconds(6 * handler.limit.toSeconds() + window.toSeconds()), // as AWS recommends
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
      'Lambda does not support a destination for a queue. The queue has a dead-letter queue.',
      'Serverless-LambdaEventSourceMappingDestination',
    );
    this.queue.allowSend(handler); // for failed messages
    deadLetterQueue.allowSend(handler); // after the last failure
  }
}
