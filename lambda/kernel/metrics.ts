import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

const metrics = new Metrics(); // the namespace is the stage's POWERTOOLS_METRICS_NAMESPACE

export type MetricName =
  | 'OrdersAccepted'
  | 'OrdersRefused'
  | 'StockShort'
  | 'AlertsRaised'
  | 'MessagesParked'
  | 'SweepFinds'
  | 'RelayLag'
  | 'PaymentDetailsUnknown'
  | 'SweepCannotHandle'
  | 'MailsWithheld';

/** Writes a metric at once as one embedded-metric log line, so that none is lost when the environment is stopped. */
export const count = (name: MetricName, value: number, dimensions: Record<string, string> = {}): void => {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, name === 'RelayLag' ? MetricUnit.Milliseconds : MetricUnit.Count, value);
};
