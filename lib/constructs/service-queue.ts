import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type AddToResourcePolicyResult, Grant, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type DeadLetterQueue, type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { nameIn } from '../names';
import { accept, unguarded } from './accept';
import { sendOverTls } from './tls-only';
import { TopicStatement } from './topic-statement';

export interface ServiceQueueProps {
  readonly config: StageConfig;
  readonly queueName: string;
  /** @default none: it is a dead-letter queue itself */
  readonly deadLetterQueue?: DeadLetterQueue;
  /** Whether only functions of the stack send to it, so that it needs no policy of its own. @default false */
  readonly internal?: boolean;
  /** @default 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** The delay before each message is delivered. @default none */
  readonly deliveryDelay?: Duration | undefined;
  /** @default a key that SQS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** An encrypted queue, TLS only. A dead-letter queue keeps its messages for two weeks. */
export class ServiceQueue extends Queue {
  /** The queue's name as a literal, where `queueName` is a reference. */
  readonly label: string;
  /** Whether it is a dead-letter queue itself. */
  readonly isLast: boolean;
  private fromTopics: TopicStatement | undefined;

  constructor(scope: Construct, id: string, { config, encryptionKey, internal = false, ...props }: ServiceQueueProps) {
    super(scope, id, {
      ...props,
      queueName: nameIn(config.stage, props.queueName),
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      retentionPeriod: Duration.days(props.deadLetterQueue ? 4 : 14),
      enforceSSL: config.guarded && !internal,
    });
    this.label = props.queueName;
    this.isLast = props.deadLetterQueue === undefined;
    if (!config.guarded) accept(this, unguarded, 'AwsSolutions-SQS4');
    else if (internal) sendOverTls(this);
    if (this.isLast)
      accept(
        this,
        'It is a dead-letter queue itself. An alarm notifies operations.',
        'AwsSolutions-SQS3',
        'Serverless-SQSRedrivePolicy',
      );
  }

  override addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    this.fromTopics ??= new TopicStatement(); // the constructor of `Queue` adds a statement, too
    return this.fromTopics.join(statement, (one) => super.addToResourcePolicy(one));
  }

  /** A metric of the queue, by its name as a literal: in dashboards and alarms a reference is four times as long. */
  override metric(metricName: string, props?: MetricOptions): Metric {
    return super.metric(metricName, { dimensionsMap: { QueueName: this.physicalName }, ...props });
  }

  /** Allows `handler` to send, without the wildcard actions on the key that `grantSendMessages` grants. */
  allowSend(handler: IFunction): void {
    Grant.addToPrincipal({ grantee: handler, actions: ['sqs:SendMessage'], resourceArns: [this.queueArn] });
    this.encryptionMasterKey?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

/** A queue that handlers can send to: of this stack, or imported by its name. */
export type SendableQueue = IQueue & Pick<ServiceQueue, 'allowSend'>;
