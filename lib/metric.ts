import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { StageConfig } from './config';
import { metricsNamespace } from './names';

/** Counts that the functions of a stage write themselves. Each exists once for each set of dimensions it is written with. */
export const metricsOf =
  ({ stage }: StageConfig) =>
  (metricName: string, dimensionsMap: Record<string, string>, period: Duration): Metric =>
    new Metric({ namespace: metricsNamespace(stage), metricName, dimensionsMap, period, statistic: Stats.SUM });
