import { memorySalesStore, salesTables } from './memory-sales';
import { salesStoreContract } from './sales-store.contract';

salesStoreContract('in memory', () => {
  const tables = salesTables();
  return {
    store: memorySalesStore(tables),
    counter: async (tenant, productId) => tables.counters.get(`${tenant}|${productId}`),
  };
});
