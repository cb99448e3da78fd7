import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeAlerts } from './describe-alerts';
import { describeAlertsEnv } from './env';
import { orderPaymentStore } from './payments/payment-state.store';
import { alertStore } from './stock/alert.store';

const env = readEnv(describeAlertsEnv);
const db = documentClient();

export const handler = describeAlerts({
  alerts: alertStore(env.ALERTS_TABLE, db),
  states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, db),
});
