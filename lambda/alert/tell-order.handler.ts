import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { alertStore } from './alert.store';
import { tellOrderEnv } from './env';
import { orderPaymentStore } from './order-payment.store';
import { tellOrder } from './tell-order';

const env = readEnv(tellOrderEnv);
const db = documentClient();

export const handler = tellOrder({
  alerts: alertStore(env.ALERTS_TABLE, db),
  states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, db),
});
