import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { accountStore } from './account.store';
import { allProviders } from './all-providers.gateway';
import { pollPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { pollPayments } from './poll-payments';
import { sealingBy } from './seal-key.gateway';

const env = readEnv(pollPaymentsEnv);
const { seal } = await sealingBy(env);
const db = documentClient();
const now = () => new Date();
const address = { url: env.PROVIDERS_URL, region: env.LAMBDA_REGION };

const deps = {
  payments: paymentStore(env.PAYMENTS_TABLE, db),
  providers: allProviders(address, accountStore(env.ACCOUNTS_TABLE, db), now),
  seal,
  now,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/** Runs every minute, and goes on for it while payments wait. */
export const handler = async (): Promise<void> => {
  const { failed, ...report } = await pollPayments(deps);
  logger.info('payments polled', { ...report, failed: failed.length });
  for (const { key, error } of failed) logger.error('poll failed for a payment', { ...key, error: error as Error });
  if (failed.length > 0) throw new Error(`poll failed for ${failed.length} payments`);
};
