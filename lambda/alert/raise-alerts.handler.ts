import * as z from 'zod';
import {
  StockDiscrepancyFound,
  StockDiscrepancyResolved,
  StockShort,
  StockShortageEnded,
} from '../contracts/events/inventory-events';
import { UnknownPaymentFound } from '../contracts/events/payment-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import { raiseAlertsEnv } from './env';
import { alertStore } from './stock/alert.store';
import { raiseAlert } from './stock/raise-alerts';

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
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
