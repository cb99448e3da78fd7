import * as z from 'zod';
import {
  StockDiscrepancyFound,
  StockDiscrepancyResolved,
  StockShort,
  StockShortageEnded,
} from '../contracts/inventory-events';
import { UnknownPaymentFound } from '../contracts/payment-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { alertStore } from './alert.store';
import { raiseAlertsEnv } from './env';
import { raiseAlert } from './raise-alerts';

const env = readEnv(raiseAlertsEnv);

export const handler = consume({
  consumer: 'alert',
  schema: z.discriminatedUnion('type', [
    StockShort,
    StockShortageEnded,
    StockDiscrepancyFound,
    StockDiscrepancyResolved,
    UnknownPaymentFound,
  ]),
  handle: oneByOne(
    raiseAlert(alertStore(env.ALERTS_TABLE, documentClient()), ({ tenant, type, subject, error }) => {
      logger.warn('alert raised', { tenant, type, subject, reason: error });
      count('AlertsRaised', 1);
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
