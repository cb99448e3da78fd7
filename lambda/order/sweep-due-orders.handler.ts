import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/events/publish';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { sweepDueOrders } from './advance-orders';
import { sweepDueOrdersEnv, timeoutsFrom } from './env';
import { orderStore } from './order.store';

const env = readEnv(sweepDueOrdersEnv);
const deps = {
  orders: orderStore(env.ORDERS_TABLE, documentClient()),
  publish: snsPublisher(env.TOPIC_ARN),
  timeouts: timeoutsFrom(env),
  now: () => new Date(),
};

/** Runs every minute. */
export const handler = async (): Promise<void> => {
  const { failed, ...report } = await sweepDueOrders(deps);
  logger.info('sweep done', { ...report, failed: failed.length });
  for (const { key, error } of failed) logger.error('sweep failed for an order', { ...key, error: error as Error });
  if (report.unfit > 0) count('SweepCannotHandle', report.unfit);
  count('SweepFinds', report.publishedAgain + report.decided);
  if (failed.length > 0) throw new Error(`sweep failed for ${failed.length} orders`);
};
