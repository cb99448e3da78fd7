import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName } from '../contracts/values/metric';

const metrics = new Metrics(); // the namespace is the stage's POWERTOOLS_METRICS_NAMESPACE

/** Writes a metric at once as one embedded-metric log line, so that none is lost when the environment is stopped. */
export const count = (name: MetricName, value: number, dimensions: Record<string, string> = {}): void => {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, name === 'RelayLag' ? MetricUnit.Milliseconds : MetricUnit.Count, value);
};
