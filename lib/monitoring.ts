import { Duration, Stack } from 'aws-cdk-lib';
import type { SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { Alarms, every } from './alarms';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import { ServiceFunction } from './constructs/service-function';
import { ServiceQueue } from './constructs/service-queue';
import { ServiceTopic } from './constructs/service-topic';
import { StreamRelay } from './constructs/stream-relay';
import { Dashboard } from './dashboard';
import type { Messaging } from './messaging';
import { metricsOf } from './metric';
import { alarmTopicName } from './names';

export interface MonitoringProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly api: SpecRestApi;
  /** The functions that run every minute. */
  readonly sweeps: readonly ServiceFunction[];
}

const fiveMinutes = Duration.minutes(5);

/** The alarms and the dashboard of the order system. */
export class Monitoring extends Construct {
  private readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const topic = this.alarmTopic(props);
    this.alarms = new Alarms(this, 'Watch', { ...props, system: 'order-system', topic });
    this.watchApi(props);
    this.watchOrders(props);
    new Dashboard(this, 'Dashboard', {
      ...props,
      deadLetterQueues: every(this, ServiceQueue).filter(({ isLast }) => isLast),
      functions: every(this, ServiceFunction),
      consumers: every(this, QueueConsumer),
      relays: every(this, StreamRelay),
    });
  }

  private alarmTopic({ config, messaging }: MonitoringProps): ITopic | undefined {
    if (config.alarmEmail === undefined) return undefined;
    const topic = new ServiceTopic(this, 'Alarms', {
      config,
      ownPolicy: true,
      topicName: alarmTopicName,
      encryptionKey: messaging.topicKey,
    });
    const alarmsOfThisAccount = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    };
    topic.addToResourcePolicy(
      new PolicyStatement({ ...alarmsOfThisAccount, actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    messaging.topicKey?.addToResourcePolicy(
      new PolicyStatement({
        ...alarmsOfThisAccount,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
    const deadLetterQueue = new ServiceQueue(this, 'UndeliveredAlarms', { config, queueName: 'operations-alarms-dlq' });
    topic.addSubscription(new EmailSubscription(config.alarmEmail, { deadLetterQueue }));
    return topic;
  }

  private watchApi({ api: { deploymentStage } }: MonitoringProps): void {
    const throttles = LambdaFunction.metricAllThrottles({ period: fiveMinutes }); // the quota applies to the account
    const errors = LambdaFunction.metricAllErrors({ period: fiveMinutes }); // catches a few in each of many functions
    this.alarms.add('Function fails', 'account', { metric: errors, threshold: 3, periods: 1 });
    this.alarms.add('Function is throttled', 'account', { metric: throttles, threshold: 1, periods: 2 });
    const serverErrors = deploymentStage.metricServerError({ period: fiveMinutes, statistic: 'Average' });
    this.alarms.add('API answers 5xx', 'order-system', { metric: serverErrors, threshold: 0.01, periods: 2 });
    const latency = deploymentStage.metricLatency({ period: fiveMinutes, statistic: 'p99' });
    this.alarms.add('API is slow', 'order-system', { metric: latency, threshold: 2000, periods: 3 });
  }

  private watchOrders({ config, sweeps }: MonitoringProps): void {
    const metric = metricsOf(config);
    const short = metric('StockShort', { service: 'inventory' }, fiveMinutes);
    this.alarms.add('Stock is short', 'inventory', { metric: short, threshold: 1, periods: 1 });
    const alerts = metric('AlertsRaised', { service: 'alert' }, fiveMinutes);
    this.alarms.add('Alert was raised', 'alert', { metric: alerts, threshold: 1, periods: 1 });
    const finds = metric('SweepFinds', { service: 'order' }, fiveMinutes);
    this.alarms.add('Sweep finds many orders', 'orders', { metric: finds, threshold: 10, periods: 2 });
    const unhandled = ['order', 'payment', 'alert', 'privacy'].map((service) =>
      metric('SweepCannotHandle', { service }, fiveMinutes),
    );
    const rows = new MathExpression({
      label: 'rows that a sweep cannot handle',
      expression: 'SUM([FILL(order, 0), FILL(payment, 0), FILL(alert, 0), FILL(privacy, 0)])',
      usingMetrics: Object.fromEntries(unhandled.map((one) => [String(one.dimensions?.service), one])),
      period: fiveMinutes,
    });
    this.alarms.add('Sweep cannot handle rows', 'orders', { metric: rows, threshold: 1, periods: 1 });
    const runs = sweeps.map((sweep) => ({
      label: sweep.label,
      metric: sweep.metricInvocations({ period: fiveMinutes }),
    }));
    this.alarms.addForAll('Sweep stands still', 'sweeps', runs, { threshold: 1, periods: 1, orLess: true });
  }
}
