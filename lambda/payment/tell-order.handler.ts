import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { tellOrderEnv } from './env';
import { paymentStore } from './payment.store';
import { tellOrder } from './tell-order';

export const handler = tellOrder({ payments: paymentStore(readEnv(tellOrderEnv).PAYMENTS_TABLE, documentClient()) });
