import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceQueue } from './constructs/service-queue';
import { StreamRelay } from './constructs/stream-relay';
import { deadLetterQueueName, nameIn } from './names';

export interface AlarmsProps {
  readonly config: StageConfig;
  /** The stack's name in the names of its alarms: `order-system`. */
  readonly system: string;
  /** The topic that alarms notify. @default none */
  readonly topic?: ITopic | undefined;
}

type Limit = {
  /** The alarm fires when the metric is at least this for all of `periods`. */
  readonly threshold: number;
  readonly periods: number;
};

export type AlarmOn = Limit & {
  readonly metric: IMetric;
  /** What no data means. @default that the threshold is not reached */
  readonly noData?: TreatMissingData;
};

type LimitForAll = Limit & {
  /** Whether the alarm fires when a metric is below the threshold, or missing, instead. @default false */
  readonly orLess?: boolean;
};

/** A metric of one of several similar resources. */
type Monitored = { readonly label: string; readonly metric: Metric };

/** How many metrics one alarm combines: as many as CloudWatch takes. */
const metricsPerAlarm = 10;

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);

/** Returns the sum of the powers of two of those metrics that have reached the threshold. */
const sumOf = (metrics: readonly Metric[], threshold: number): string =>
  `SUM([${metrics.map((_, index) => `IF(m${index} >= ${threshold}, ${2 ** index}, 0)`).join(', ')}])`;

/** Returns every construct of a kind in the stack. */
export const every = <Kind extends Construct>(
  scope: Construct,
  kind: abstract new (...args: never[]) => Kind,
): Kind[] =>
  Stack.of(scope)
    .node.findAll()
    .filter((construct): construct is Kind => construct instanceof kind);

/**
 * Alarms on every function, consumer, relay and dead-letter queue of a stack, so that none is forgotten. An alarm's
 * name is a heading of docs/operations/runbook.md, a colon and the monitored resource.
 */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    this.watchQueues();
    this.watchFunctions();
  }

  /** Adds one more alarm. */
  add(heading: string, subject: string, { metric, threshold, periods, noData }: AlarmOn, hint = ''): void {
    const { config, topic } = this.props;
    const name = `${heading}: ${subject}`;
    const anchor = heading.toLowerCase().replaceAll(' ', '-');
    const alarm = new Alarm(
      this,
      name.replace(/[^A-Za-z0-9]+(\w)?/g, (_, next = '') => next.toUpperCase()),
      {
        alarmName: nameIn(config.stage, name),
        alarmDescription: `docs/operations/runbook.md#${anchor}${hint}`,
        metric,
        threshold,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: noData ?? TreatMissingData.NOT_BREACHING,
      },
    );
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
  }

  /**
   * Monitors many resources with few alarms. Each breaching resource adds a power of two to the alarm's value, and the
   * description explains the values. While an alarm is active, a further breach does not notify again.
   */
  addForAll(
    heading: string,
    kind: string,
    monitored: readonly Monitored[],
    { threshold, periods, orLess = false }: LimitForAll,
  ): void {
    for (let first = 0; first < monitored.length; first += metricsPerAlarm) {
      const group = monitored.slice(first, first + metricsPerAlarm);
      const metrics = group.map(({ metric }) => metric);
      const reached = sumOf(metrics, threshold);
      const metric = new MathExpression({
        // of those that should reach it, one without data is ill, too: the sum leaves it out
        expression: orLess ? `${2 ** group.length - 1} - ${reached}` : reached,
        usingMetrics: Object.fromEntries(metrics.map((one, index) => [`m${index}`, one])),
        period: metrics[0]?.period ?? minute,
        label: heading,
      });
      const legend = group.map(({ label }, index) => `${2 ** index} ${label}`).join(', ');
      const subject = `${this.props.system} ${kind} ${1 + first / metricsPerAlarm}`;
      const noData = orLess ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
      this.add(heading, subject, { metric, threshold: 1, periods, noData }, `. Its value adds up: ${legend}`);
    }
  }

  private watchQueues(): void {
    const heading = 'Dead-letter queue is not empty';
    const one = { threshold: 1, periods: 1 };
    const last = every(this, ServiceQueue)
      .filter(({ isLast }) => isLast)
      .map((queue) => ({
        label: queue.label,
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: minute }),
      }));
    // the shared one may hold messages for days, until a restock, and would hide those of the others
    const [shared, others] = [true, false].map((is) =>
      last.filter(({ label }) => (label === deadLetterQueueName) === is),
    );
    for (const { label, metric } of shared ?? []) this.add(heading, label, { metric, ...one });
    this.addForAll(heading, 'queues', others ?? [], one);
    this.addForAll(
      'Messages wait too long',
      'queues',
      every(this, QueueConsumer).map(({ queue }) => ({
        label: queue.label,
        metric: queue.metricApproximateAgeOfOldestMessage({ period: minute }),
      })),
      { threshold: 300, periods: 3 }, // three failures take a minute and a half
    );
  }

  private watchFunctions(): void {
    this.addForAll(
      'Relay lags behind',
      'relays',
      every(this, StreamRelay).map(({ handler }) => ({
        label: handler.label,
        metric: handler.metric('IteratorAge', { period: minute, statistic: 'Maximum' }),
      })),
      { threshold: 60_000, periods: 3 },
    );
    this.addForAll(
      'Function fails',
      'functions',
      every(this, ServiceFunction).map((handler) => ({
        label: handler.label,
        metric: handler.metricErrors({ period: fiveMinutes }),
      })),
      { threshold: 3, periods: 1 },
    );
  }
}
