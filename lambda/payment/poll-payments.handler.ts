import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { accountStore } from './accounts/account.store';
import { pollPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { detailsEncryption, withCurrentDetailsKey } from './payment-details.gateway';
import { pollPayments } from './poll-payments';
import { ProviderUnavailableError } from './providers/provider';
import { allProviders, remoteProvider } from './providers/remote-provider.gateway';
import { disputesSince, readDisputes } from './read-disputes';
import { receiveWebhook } from './webhooks/receive-webhook';

const env = readEnv(pollPaymentsEnv);
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = detailsEncryption(secret);
const { encryptDetails } = details;
const db = documentClient();
const now = () => new Date();

const invokeProvider = invokeFunction(env.PROVIDERS_FUNCTION);
const { disputes } = remoteProvider('stripe', invokeProvider);

const deps = {
  payments: withCurrentDetailsKey(paymentStore(env.PAYMENTS_TABLE, db), details),
  providers: allProviders(invokeProvider, accountStore(env.ACCOUNTS_TABLE, db), now),
  encryptDetails,
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

/** Recovers disputes whose webhook was lost. An unavailable provider is tried again an hour later. */
const readLostDisputes = async (): Promise<void> => {
  const since = disputesSince(now());
  if (since === undefined) return;
  try {
    const report = await readDisputes({ ...deps, disputes, receive: receiveWebhook(deps) }, since);
    logger.info('disputes read', report);
    if (report.isCutShort) logger.warn('there are more disputes than were read', report);
  } catch (error) {
    if (!(error instanceof ProviderUnavailableError)) throw error;
    logger.info('disputes not read', { since: since.toISOString(), error });
  }
};

/** Runs every minute, and polls for most of it while payments are outstanding. */
export const handler = secret.refreshBefore(async () => {
  const [polled, read] = await Promise.allSettled([poll(), readLostDisputes()]);
  if (polled.status === 'rejected') throw polled.reason;
  if (read.status === 'rejected') throw read.reason;
});
