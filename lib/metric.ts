import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** A count that the functions write themselves. It exists once for each set of dimensions that they write it with. */
export const metric = (metricName: string, dimensionsMap: Record<string, string>, period: Duration): Metric =>
  new Metric({ namespace: 'OrderSystem', metricName, dimensionsMap, period, statistic: Stats.SUM });
