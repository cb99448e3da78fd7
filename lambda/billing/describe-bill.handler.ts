import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { billStore } from './bill.store';
import { describeBill } from './describe-bill';
import { describeBillEnv } from './env';

export const handler = describeBill({ bills: billStore(readEnv(describeBillEnv).BILLING_TABLE, documentClient()) });
