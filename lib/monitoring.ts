import { Duration, Stack } from 'aws-cdk-lib';
import type { SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceQueue } from './constructs/service-queue';
import { ServiceTopic } from './constructs/service-topic';
import { StreamRelay } from './constructs/stream-relay';
import { Dashboard } from './dashboard';
import type { Messaging } from './messaging';
import { metricsOf } from './metric';
import { nameIn } from './names';

export interface MonitoringProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly api: SpecRestApi;
  /** What runs every minute, whatever happens. */
  readonly sweeps: readonly ServiceFunction[];
}

type Limit = {
  /** Rings when the metric is at least this for all of `periods`. */
  readonly threshold: number;
  readonly periods: number;
};

type Watch = Limit & {
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

/**
 * Tells operations when the system needs them. Every function, consumer and relay of the stack is watched, so that none
 * can be forgotten. An alarm's name is a heading of docs/runbook.md and, after a colon, what it watches.
 */
export class Monitoring extends Construct {
  private readonly action: IAlarmAction | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MonitoringProps,
  ) {
    super(scope, id);
    this.action = this.alarmAction(props);
    this.watchQueues();
    this.watchFunctions();
    this.watchApi(props);
    this.watchOrders(props);
    new Dashboard(this, 'Dashboard', {
      ...props,
      deadLetterQueues: this.every(ServiceQueue).filter(({ isLast }) => isLast),
      functions: this.every(ServiceFunction),
      consumers: this.every(QueueConsumer),
      relays: this.every(StreamRelay),
    });
  }

  private every<Kind extends Construct>(kind: abstract new (...args: never[]) => Kind): Kind[] {
    const constructs = Stack.of(this).node.findAll();
    return constructs.filter((construct): construct is Kind => construct instanceof kind);
  }

  private alarmAction({ config, messaging }: MonitoringProps): IAlarmAction | undefined {
    if (config.alarmEmail === undefined) return undefined;
    const topic = new ServiceTopic(this, 'Alarms', {
      config,
      ownPolicy: true,
      topicName: 'operations-alarms',
      encryptionKey: messaging.topicKey,
    });
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    messaging.topicKey?.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
    const deadLetterQueue = new ServiceQueue(this, 'UndeliveredAlarms', { config, queueName: 'operations-alarms-dlq' });
    topic.addSubscription(new EmailSubscription(config.alarmEmail, { deadLetterQueue }));
    return new SnsAction(topic);
  }

  private alarm(
    heading: string,
    subject: string,
    { metric, threshold, periods, orLess = false }: Watch,
    hint = '',
  ): void {
    const name = `${heading}: ${subject}`;
    const anchor = heading.toLowerCase().replaceAll(' ', '-');
    const alarm = new Alarm(
      this,
      name.replace(/[^A-Za-z0-9]+(\w)?/g, (_, next = '') => next.toUpperCase()),
      {
        alarmName: nameIn(this.props.config.stage, name),
        alarmDescription: `What to do: docs/runbook.md#${anchor}${hint}`,
        metric,
        threshold,
        evaluationPeriods: periods,
        comparisonOperator: orLess
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: orLess ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      },
    );
    if (this.action) alarm.addAlarmAction(this.action);
  }

  /**
   * Watches many of a kind by few alarms. An alarm's value tells which of them are ill: each adds a power of two, and the
   * description says what each of these stands for.
   */
  private alarms(heading: string, kind: string, watched: readonly Watched[], { threshold, periods }: Limit): void {
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
      const subject = `${kind} ${1 + first / mostWatched}`;
      this.alarm(heading, subject, { metric, threshold: 1, periods }, `. Its value adds up what is ill: ${legend}`);
    }
  }

  private watchQueues(): void {
    const last = this.every(ServiceQueue).filter(({ isLast }) => isLast);
    this.alarms(
      'Dead-letter queue is not empty',
      'queues',
      last.map((queue) => ({
        label: queue.label,
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: minute }),
      })),
      { threshold: 1, periods: 1 },
    );
    this.alarms(
      'Messages wait too long',
      'queues',
      this.every(QueueConsumer).map(({ queue }) => ({
        label: queue.label,
        metric: queue.metricApproximateAgeOfOldestMessage({ period: minute }),
      })),
      { threshold: 300, periods: 3 }, // three failures take a minute and a half
    );
  }

  private watchFunctions(): void {
    this.alarms(
      'Relay lags behind',
      'relays',
      this.every(StreamRelay).map(({ handler }) => ({
        label: handler.label,
        metric: handler.metric('IteratorAge', { period: minute, statistic: 'Maximum' }),
      })),
      { threshold: 60_000, periods: 3 },
    );
    this.alarms(
      'Function fails',
      'functions',
      this.every(ServiceFunction).map((handler) => ({
        label: handler.label,
        metric: handler.metricErrors({ period: fiveMinutes }),
      })),
      { threshold: 3, periods: 1 },
    );
    const throttles = LambdaFunction.metricAllThrottles({ period: fiveMinutes }); // the quota is the account's
    this.alarm('Function is throttled', 'account', { metric: throttles, threshold: 1, periods: 2 });
  }

  private watchApi({ api: { deploymentStage } }: MonitoringProps): void {
    const serverErrors = deploymentStage.metricServerError({ period: fiveMinutes, statistic: 'Average' });
    this.alarm('API answers 5xx', 'order-system', { metric: serverErrors, threshold: 0.01, periods: 2 });
    const latency = deploymentStage.metricLatency({ period: fiveMinutes, statistic: 'p99' });
    this.alarm('API is slow', 'order-system', { metric: latency, threshold: 2000, periods: 3 });
  }

  private watchOrders({ config, sweeps }: MonitoringProps): void {
    const metric = metricsOf(config);
    const short = metric('StockShort', { service: 'inventory' }, fiveMinutes);
    this.alarm('Stock is short', 'inventory', { metric: short, threshold: 1, periods: 1 });
    const alerts = metric('AlertsRaised', { service: 'alert' }, fiveMinutes);
    this.alarm('Alert was raised', 'alert', { metric: alerts, threshold: 1, periods: 1 });
    const finds = metric('SweepFinds', { service: 'order' }, fiveMinutes);
    this.alarm('Sweep finds many orders', 'orders', { metric: finds, threshold: 10, periods: 2 });
    for (const sweep of sweeps) {
      const runs = sweep.metricInvocations({ period: fiveMinutes });
      this.alarm('Sweep stands still', sweep.label, { metric: runs, threshold: 1, periods: 1, orLess: true });
    }
  }
}
