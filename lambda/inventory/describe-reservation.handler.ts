import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeReservationEnv } from './env';
import { describeReservation } from './reservations/describe-reservation';
import { ledgerStore } from './stock/ledger.store';
import { stockStore } from './stock/stock.store';

const env = readEnv(describeReservationEnv);
const db = documentClient();

export const handler = describeReservation({
  ledger: ledgerStore({ inventory: env.INVENTORY_TABLE, movements: '' }, db),
  stock: stockStore({ inventory: env.INVENTORY_TABLE, reservations: env.RESERVATIONS_TABLE }, db, {
    now: () => new Date(),
  }),
});
