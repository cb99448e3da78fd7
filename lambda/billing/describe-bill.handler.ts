import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeBill } from './bill';
import { billStore } from './bill.store';
import { describeBillEnv } from './env';

export const handler = describeBill({ bills: billStore(readEnv(describeBillEnv).BILLING_TABLE, documentClient()) });
