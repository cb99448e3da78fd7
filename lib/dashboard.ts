import { Duration } from 'aws-cdk-lib';
import type { SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard as CloudWatchDashboard, GraphWidget, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
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

/** Returns a metric's name and dimensions as a row of a graph has them. */
const placeOf = ({ namespace, metricName, dimensions = {} }: Metric) => [
  namespace,
  metricName,
  ...Object.entries(dimensions).flat(),
];

const repeats = (place: readonly unknown[], before: readonly unknown[]): boolean =>
  JSON.stringify(place.slice(0, -1)) === JSON.stringify(before.slice(0, -1));

/** A graph that states once what its metrics have in common: a row's `...` is all of the row before but the last part. */
class Graph extends GraphWidget {
  private readonly statistic: string | undefined;

  constructor(
    title: string,
    private readonly metrics: readonly Metric[],
  ) {
    const statistic = metrics[0]?.statistic;
    super({
      title,
      left: [...metrics],
      width: 8,
      height: 6,
      period,
      ...(statistic === undefined ? {} : { statistic }),
    });
    this.statistic = statistic;
  }

  override toJson(): ReturnType<GraphWidget['toJson']> {
    return super.toJson().map((widget) => ({ ...widget, properties: { ...widget.properties, metrics: this.rows } }));
  }

  private get rows() {
    const places = this.metrics.map(placeOf);
    return this.metrics.map(({ label, statistic }, index) => {
      const place = places[index] ?? [];
      const options = { ...(label ? { label } : {}), ...(statistic === this.statistic ? {} : { stat: statistic }) };
      const named = repeats(place, places[index - 1] ?? []) ? ['...', place.at(-1)] : place;
      return Object.keys(options).length === 0 ? named : [...named, options];
    });
  }
}

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
      new Graph('Orders', [counted('OrdersAccepted', 'order'), counted('OrdersRefused', 'order')]),
      new Graph('API errors', [stage.metricClientError({ period }), stage.metricServerError({ period })]),
      new Graph('API latency (ms)', latency),
      new Graph(
        'Age of the oldest message (s)',
        consumers.map(({ queue }) => queue.metricApproximateAgeOfOldestMessage(label(queue))),
      ),
      new Graph(
        'Relay lag (ms)',
        relays.map(({ handler }) => handler.metric('IteratorAge', { ...label(handler), statistic: 'Maximum' })),
      ),
      new Graph(
        'Dead letters',
        deadLetterQueues.map((queue) => queue.metricApproximateNumberOfMessagesVisible(label(queue))),
      ),
      new Graph('Short stock and sweep finds', [counted('StockShort', 'inventory'), counted('SweepFinds', 'order')]),
      new Graph(
        'Function errors',
        functions.map((handler) => handler.metricErrors(label(handler))),
      ),
      new Graph(
        'Function throttles',
        functions.map((handler) => handler.metricThrottles(label(handler))),
      ),
    );
  }
}
