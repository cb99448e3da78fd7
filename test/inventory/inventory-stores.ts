import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const names = { inventory: 'inventory', reservations: 'reservations', movements: 'stock-movements' };

/** The stores of the inventory service over tables in memory, all empty. */
export const inventoryStores = (now: () => Date) => {
  const { db, table } = memoryDynamoDb();
  return {
    ledger: ledgerStore(names, db),
    stock: stockStore(names, db, { now }),
    audit: auditStore(names, db),
    inventory: table('inventory'),
    reservations: table('reservations'),
    movements: table('stock-movements'),
  };
};
