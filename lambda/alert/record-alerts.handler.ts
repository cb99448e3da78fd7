import * as z from 'zod';
import { AlertRaised, AlertResolved } from '../contracts/events/alert-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { recordAlertsEnv } from './env';
import { recordAlert } from './history/alert-history';
import { alertHistoryStore } from './history/alert-history.store';

const env = readEnv(recordAlertsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'sys-pay-alert',
  schema: z.discriminatedUnion('type', [AlertRaised, AlertResolved]),
  handle: oneByOne(recordAlert(alertHistoryStore(env.SYS_PAY_ALERT_TABLE, documentClient()), now)),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
