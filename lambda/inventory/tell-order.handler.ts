import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { tellOrderEnv } from './env';
import { ledgerStore } from './ledger.store';
import { stockStore } from './stock.store';
import { tellOrder } from './tell-order';

const env = readEnv(tellOrderEnv);
const db = documentClient();

export const handler = tellOrder({
  ledger: ledgerStore({ inventory: env.INVENTORY_TABLE, movements: '' }, db),
  stock: stockStore({ inventory: env.INVENTORY_TABLE, reservations: env.RESERVATIONS_TABLE }, db, {
    now: () => new Date(),
  }),
});
