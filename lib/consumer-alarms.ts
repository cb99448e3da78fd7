import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { QueueConsumer } from './constructs/queue-consumer';

export interface ConsumerAlarmsProps {
  /** Who is told. @default nobody */
  readonly topic?: ITopic | undefined;
}

const heading = 'Messages wait too long';

/**
 * Watches the queue of every consumer of the stack. Functions that fail or are throttled, and the dead-letter queue, are
 * watched by the order system for the whole account.
 */
export class ConsumerAlarms extends Construct {
  constructor(scope: Construct, id: string, { topic }: ConsumerAlarmsProps) {
    super(scope, id);
    const consumers = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof QueueConsumer);
    for (const { queue } of consumers) {
      const alarm = new Alarm(this, queue.label, {
        alarmName: `${heading}: ${queue.label}`,
        alarmDescription: 'What to do: docs/runbook.md#messages-wait-too-long',
        metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
        threshold: 300,
        evaluationPeriods: 3, // three tries take 180 s
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic) alarm.addAlarmAction(new SnsAction(topic));
    }
  }
}
