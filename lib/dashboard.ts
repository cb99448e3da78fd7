import { Duration } from 'aws-cdk-lib';
import type { SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard as CloudWatchDashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import type { QueueConsumer } from './constructs/queue-consumer';
import type { ServiceFunction } from './constructs/service-function';
import type { ServiceQueue } from './constructs/service-queue';
import type { StreamRelay } from './constructs/stream-relay';
import { metricsOf } from './metric';
import { nameIn } from './names';

export interface DashboardProps {
  readonly config: StageConfig;
  readonly deadLetterQueues: readonly ServiceQueue[];
  readonly api: SpecRestApi;
  readonly functions: readonly ServiceFunction[];
  readonly consumers: readonly QueueConsumer<string>[];
  readonly relays: readonly StreamRelay[];
}

const period = Duration.minutes(1);
const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });

/** A dashboard of the path of orders, from the API to the last queue. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { config, deadLetterQueues, api, functions, consumers, relays } = props;
    const counted = (name: string, service: string) =>
      metricsOf(config)(name, { service }, period).with({ label: name });
    const stage = api.deploymentStage;
    const latency = ['p50', 'p99'].map((statistic) => stage.metricLatency({ period, statistic, label: statistic }));
    const label = ({ label }: { label: string }) => ({ label, period });
    new CloudWatchDashboard(this, 'Dashboard', { dashboardName: nameIn(config.stage, 'order-system') }).addWidgets(
      graph('Orders', [counted('OrdersAccepted', 'order'), counted('OrdersRefused', 'order')]),
      graph('API errors', [stage.metricClientError({ period }), stage.metricServerError({ period })]),
      graph('API latency (ms)', latency),
      graph(
        'Age of the oldest message (s)',
        consumers.map(({ queue }) => queue.metricApproximateAgeOfOldestMessage(label(queue))),
      ),
      graph(
        'Relay lag (ms)',
        relays.map(({ handler }) => handler.metric('IteratorAge', { ...label(handler), statistic: 'Maximum' })),
      ),
      graph(
        'Dead letters',
        deadLetterQueues.map((queue) => queue.metricApproximateNumberOfMessagesVisible(label(queue))),
      ),
      graph('Short stock and sweep finds', [counted('StockShort', 'inventory'), counted('SweepFinds', 'order')]),
      graph(
        'Function errors',
        functions.map((handler) => handler.metricErrors(label(handler))),
      ),
      graph(
        'Function throttles',
        functions.map((handler) => handler.metricThrottles(label(handler))),
      ),
    );
  }
}
