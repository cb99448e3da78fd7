import { Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import { knownQueue } from './constructs/known-queue';
import type { SendableQueue } from './constructs/service-queue';
import { alarmTopicName, aliasIn, deadLetterQueueName, keyAliases, nameIn, type TopicName } from './names';

/**
 * The order system of the same stage, account and region, imported by names only, so that another app deploys
 * independently. A subscription needs the topic to exist.
 */
export class KnownOrderSystem extends Construct {
  readonly orderEvents: ITopic;
  readonly deadLetterQueue: SendableQueue;
  /** The topic of alarms. @default none */
  readonly alarms: ITopic | undefined;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    const { stage, ownKeys, alarmEmail } = config;
    const topic = (name: TopicName | typeof alarmTopicName): ITopic =>
      Topic.fromTopicArn(this, name, Stack.of(this).formatArn({ service: 'sns', resource: nameIn(stage, name) }));
    this.orderEvents = topic('order-events');
    this.alarms = alarmEmail === undefined ? undefined : topic(alarmTopicName);
    this.deadLetterQueue = knownQueue(this, 'DeadLetterQueue', {
      queueName: nameIn(stage, deadLetterQueueName),
      keyAlias: ownKeys ? aliasIn(stage, keyAliases.data) : undefined,
    });
  }
}
