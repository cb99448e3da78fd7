import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describePayment } from './describe-payment';
import { describePaymentEnv } from './env';
import { paymentStore } from './payment.store';

export const handler = describePayment({
  payments: paymentStore(readEnv(describePaymentEnv).PAYMENTS_TABLE, documentClient()),
});
