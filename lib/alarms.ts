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
  /** What the stack is called in the names of its alarms: `order-system`. */
  readonly system: string;
  /** Who is told. @default nobody */
  readonly topic?: ITopic | undefined;
}

type Limit = {
  /** Rings when the metric is at least this for all of `periods`. */
  readonly threshold: number;
  readonly periods: number;
};

export type Watch = Limit & {
  readonly metric: IMetric;
  /** Rings when the metric is below the threshold, or missing, instead. @default false */
  readonly orLess?: boolean;
};

/** One of many that are watched alike. */
type Watched = { readonly label: string; readonly metric: Metric };

/** An alarm computes with ten metrics at most and lists twenty: here each metric with its expression, and their sum. */
const mostWatched = 9;

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);

const illness = (metric: Metric, index: number, threshold: number): MathExpression =>
  new MathExpression({
    expression: `IF(m${index} >= ${threshold}, ${2 ** index}, 0)`,
    usingMetrics: { [`m${index}`]: metric },
    period: metric.period,
  });

/** Returns every construct of a kind in the stack. */
export const every = <Kind extends Construct>(
  scope: Construct,
  kind: abstract new (...args: never[]) => Kind,
): Kind[] =>
  Stack.of(scope)
    .node.findAll()
    .filter((construct): construct is Kind => construct instanceof kind);

/**
 * Watches every function, consumer, relay and dead-letter queue of a stack, so that none can be forgotten. An alarm's name is
 * a heading of docs/operations/runbook.md and, after a colon, what it watches.
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
  add(heading: string, subject: string, { metric, threshold, periods, orLess = false }: Watch, hint = ''): void {
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
        comparisonOperator: orLess
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: orLess ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      },
    );
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
  }

  /**
   * Watches many of a kind by few alarms. An alarm's value tells which of them are ill: each adds a power of two, and the
   * description says what each of these stands for. While one is ill a further one does not ring by itself.
   */
  private addForAll(heading: string, kind: string, watched: readonly Watched[], { threshold, periods }: Limit): void {
    for (let first = 0; first < watched.length; first += mostWatched) {
      const group = watched.slice(first, first + mostWatched);
      const ill = group.map(({ metric }, index) => illness(metric, index, threshold));
      const usingMetrics = Object.fromEntries(ill.map((expression, index) => [`ill${index}`, expression]));
      const metric = new MathExpression({
        expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
        usingMetrics,
        period: group[0]?.metric.period ?? minute,
        label: heading,
      });
      const legend = group.map(({ label }, index) => `${2 ** index} ${label}`).join(', ');
      const subject = `${this.props.system} ${kind} ${1 + first / mostWatched}`;
      this.add(heading, subject, { metric, threshold: 1, periods }, `. Its value adds up: ${legend}`);
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
    // it may hold something for days, until a restock, and would hide what comes into another one
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
