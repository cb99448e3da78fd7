import * as z from 'zod';
import { AlertRaised, AlertResolved } from '../contracts/alert-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { keepAlertsEnv } from './env';
import { keepAlert } from './keep-alerts';
import { keptAlertStore } from './kept-alert.store';

const env = readEnv(keepAlertsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'sys-pay-alert',
  schema: z.discriminatedUnion('type', [AlertRaised, AlertResolved]),
  handle: oneByOne(keepAlert(keptAlertStore(env.SYS_PAY_ALERT_TABLE, documentClient()), now)),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
