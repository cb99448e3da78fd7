import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { invokeFunction } from '../kernel/invoke-function';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { rotatingSecret } from '../kernel/secret';
import { accountStore } from './account.store';
import { allProviders } from './all-providers.gateway';
import { pollPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { pollPayments } from './poll-payments';
import { sealedAnew, sealing } from './seal.gateway';

const env = readEnv(pollPaymentsEnv);
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = sealing(secret);
const { seal } = details;
const db = documentClient();
const now = () => new Date();

const deps = {
  payments: sealedAnew(paymentStore(env.PAYMENTS_TABLE, db), details),
  providers: allProviders(invokeFunction(env.PROVIDERS_FUNCTION), accountStore(env.ACCOUNTS_TABLE, db), now),
  seal,
  now,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

const poll = async (): Promise<void> => {
  const { failed, ...report } = await pollPayments(deps);
  logger.info('payments polled', { ...report, failed: failed.length });
  for (const { key, error } of failed) logger.error('poll failed for a payment', { ...key, error: error as Error });
  if (report.unfit > 0) count('SweepCannotHandle', report.unfit);
  if (failed.length > 0) throw new Error(`poll failed for ${failed.length} payments`);
};

/** Runs every minute, and goes on for it while payments wait. */
export const handler = secret.keptFreshFor(poll);
