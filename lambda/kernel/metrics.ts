import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

const metrics = new Metrics(); // the stage's namespace comes by POWERTOOLS_METRICS_NAMESPACE

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

/** Adds to a counter and writes it as one embedded-metric log line, so that no metric is lost with its environment. */
export const count = (name: MetricName, value: number, dimensions: Record<string, string> = {}): void => {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, name === 'RelayLag' ? MetricUnit.Milliseconds : MetricUnit.Count, value);
};
