import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { sweepErasuresEnv } from './env';
import { erasingDeps } from './erasing/erasing-deps.gateway';
import { sweepErasures } from './erasing/sweep-erasures';

const deps = erasingDeps(readEnv(sweepErasuresEnv), documentClient());

/** Runs every minute. */
export const handler = async (): Promise<void> => {
  const { failed, outcomes, unfit } = await sweepErasures(deps);
  logger.info('erasures swept', { ...outcomes, unfit, failed: failed.length });
  for (const { key, error } of failed) logger.error('sweep failed for an erasure', { ...key, error: error as Error });
  if (unfit > 0) count('SweepCannotHandle', unfit);
  if (failed.length > 0) throw new Error(`sweep failed for ${failed.length} erasures`);
};
