import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { type Command, interrupted, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const names = { inventory: 'inventory', reservations: 'reservations', movements: 'stock-movements' };

/** The stores of the inventory service over tables in memory, all empty. `before` runs ahead of each command. */
export const inventoryStores = (now: () => Date, before: (command: Command) => unknown = () => undefined) => {
  const { db: memory, table } = memoryDynamoDb();
  const db = interrupted(memory, { before });
  return {
    ledger: ledgerStore(names, db),
    stock: stockStore(names, db, { now }),
    audit: auditStore(names, db),
    inventory: table('inventory'),
    reservations: table('reservations'),
    movements: table('stock-movements'),
  };
};
