import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { checkDeadlinesEnv } from './env';
import { logRaised } from './log-raised';
import { checkDeadlines } from './payments/check-deadlines';
import { orderPaymentStore } from './payments/payment-state.store';

const env = readEnv(checkDeadlinesEnv);
const deps = {
  states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, documentClient()),
  timeouts: { refundSeconds: env.REFUND_SECONDS, stuckSeconds: env.STUCK_SECONDS },
  query: { order: invokeFunction(env.ORDER_FUNCTION), payment: invokeFunction(env.PAYMENT_FUNCTION) },
  now: () => new Date(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  onRaised: logRaised,
};

/** The sweep of due payment checks. A schedule runs it every minute. */
export const handler = async (): Promise<void> => {
  const { failed, ...report } = await checkDeadlines(deps);
  logger.info('deadlines checked', { ...report, failed: failed.length });
  for (const { key, error } of failed) logger.error('an order could not be checked', { ...key, error: error as Error });
  if (report.unfit > 0) count('SweepCannotHandle', report.unfit);
  if (failed.length > 0) throw new Error(`${failed.length} orders could not be checked`);
};
