import { Metrics } from '@aws-lambda-powertools/metrics';
import { jitteredBackoff } from '../../lambda/kernel/retry';

// before any product code is loaded: its logger and metrics read this once
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Counts nothing: no run asks for it, and each counter costs as much as a step. */
const silent = { addDimensions: () => silent, addMetric: () => silent };
Metrics.prototype.singleMetric = () => silent as unknown as Metrics;

/** No process waits for real before it tries again: what happens between is the scheduler's to say. */
Object.assign(jitteredBackoff, { random: () => 0, sleep: async () => undefined });
