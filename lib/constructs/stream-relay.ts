import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { ServiceFunction } from './service-function';

export interface StreamRelayProps {
  readonly config: StageConfig;
  /** The service's folder and the handler's file: `order/relay-order-events`. */
  readonly handler: `${string}/${string}`;
  readonly table: TableV2;
  readonly topic: ITopic;
  /** Where a change goes that no event can be made of. */
  readonly parkingQueueName: string;
}

/** Table → stream → handler → topic, with a parking queue of its own for changes that no event can be made of. */
export class StreamRelay extends Construct {
  readonly handler: ServiceFunction;
  readonly parkingQueue: Queue;

  constructor(scope: Construct, id: string, props: StreamRelayProps) {
    super(scope, id);
    const { config, handler, table, topic, parkingQueueName } = props;
    this.parkingQueue = new Queue(this, 'ParkingQueue', {
      queueName: parkingQueueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.handler = new ServiceFunction(this, 'Function', {
      config,
      handler,
      environment: { TOPIC_ARN: topic.topicArn, PARKING_QUEUE_URL: this.parkingQueue.queueUrl },
    });
    topic.grantPublish(this.handler);
    this.parkingQueue.grantSendMessages(this.handler);
    this.handler.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        retryAttempts: 100,
        onFailure: new SqsDlq(this.parkingQueue),
        filters: [
          FilterCriteria.filter({ dynamodb: { NewImage: { fact: { M: { type: { S: FilterRule.exists() } } } } } }),
        ],
      }),
    );
  }
}
