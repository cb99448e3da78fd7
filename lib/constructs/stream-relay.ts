import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { ServiceFunction } from './service-function';
import { ServiceQueue } from './service-queue';
import type { ServiceTopic } from './service-topic';

/** Filters of changes, in the syntax of Lambda's event source mappings. */
type Patterns = readonly Readonly<Record<string, unknown>>[];

export interface StreamRelayProps {
  readonly config: StageConfig;
  /** The service's folder and the handler's file: `order/relay-order-events`. */
  readonly handler: `${string}/${string}`;
  readonly table: TableV2;
  readonly topic: ServiceTopic;
  /** Another table whose changes it publishes, those that match one of the patterns. @default none */
  readonly alsoFrom?: { readonly table: TableV2; readonly patterns: Patterns };
  /** The dead-letter queue of changes that cannot be made into an event. */
  readonly deadLetterQueueName: string;
  /** @default keys that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** Matches every change that has a `fact`. */
const facts = [{ dynamodb: { NewImage: { fact: { M: { type: { S: FilterRule.exists() } } } } } }];

/**
 * Table → stream → handler → topic, with its own dead-letter queue for changes that cannot be made into an event. When
 * publishing fails, it is retried for six hours and then dead-lettered as a pointer into the stream, which keeps
 * records for 24 hours; the sweep recovers the orders that wait for the event.
 */
export class StreamRelay extends Construct {
  readonly handler: ServiceFunction;
  readonly deadLetterQueue: ServiceQueue;

  constructor(scope: Construct, id: string, props: StreamRelayProps) {
    super(scope, id);
    const { config, handler, table, alsoFrom, topic, deadLetterQueueName, encryptionKey } = props;
    this.deadLetterQueue = new ServiceQueue(this, 'ParkingQueue', {
      config,
      queueName: deadLetterQueueName,
      internal: true,
      encryptionKey,
    });
    this.handler = new ServiceFunction(this, 'Function', {
      config,
      handler,
      environment: { TOPIC_ARN: topic.topicArn, PARKING_QUEUE_URL: this.deadLetterQueue.queueUrl },
      encryptionKey,
    });
    topic.allowPublish(this.handler);
    this.deadLetterQueue.allowSend(this.handler);
    this.follow(table, facts);
    if (alsoFrom !== undefined) this.follow(alsoFrom.table, alsoFrom.patterns);
  }

  /** Invokes the handler for the changes of a table that match one of the patterns. */
  private follow(table: TableV2, patterns: Patterns): void {
    this.handler.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        parallelizationFactor: 4, // the changes of one item stay in order
        bisectBatchOnError: true,
        maxRecordAge: Duration.hours(6),
        onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
        filters: patterns.map((pattern) => FilterCriteria.filter(pattern)),
      }),
    );
  }
}
