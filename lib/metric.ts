import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { StageConfig } from './config';
import { metricsNamespace } from './names';

/** Returns the metrics that the functions of a stage write, one per set of dimensions. */
export const metricsOf =
  ({ stage }: StageConfig) =>
  (metricName: string, dimensionsMap: Record<string, string>, period: Duration): Metric =>
    new Metric({ namespace: metricsNamespace(stage), metricName, dimensionsMap, period, statistic: Stats.SUM });
