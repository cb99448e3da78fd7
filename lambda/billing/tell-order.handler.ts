import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { billStore } from './bill.store';
import { tellOrderEnv } from './env';
import { tellOrder } from './tell-order';

export const handler = tellOrder({ bills: billStore(readEnv(tellOrderEnv).BILLING_TABLE, documentClient()) });
