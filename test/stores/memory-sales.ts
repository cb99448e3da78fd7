import type { Sale } from '../../lambda/sales/sale';
import type { SalesStore } from '../../lambda/sales/sales.store';

export type Counter = { readonly unitsSold: number; readonly orders: number; readonly version: number };

/** The tables of the sales service by `<tenant>|<order or product>`. */
export const salesTables = () => ({
  marks: new Map<string, 'counted' | 'cancelled'>(),
  counters: new Map<string, Counter>(),
});

/** The sales store over tables in memory. */
export const memorySalesStore = ({ marks, counters }: ReturnType<typeof salesTables>): SalesStore => {
  const add = ({ tenant, units }: Sale, sign: 1 | -1) => {
    for (const [productId, quantity] of units) {
      const key = `${tenant}|${productId}`;
      const { unitsSold = 0, orders = 0, version = 0 } = counters.get(key) ?? {};
      counters.set(key, { unitsSold: unitsSold + sign * quantity, orders: orders + sign, version: version + 1 });
    }
  };
  return {
    count: async (sale) => {
      const key = `${sale.tenant}|${sale.orderId}`;
      if (marks.has(key)) return;
      marks.set(key, 'counted');
      add(sale, 1);
    },
    cancel: async (sale) => {
      const key = `${sale.tenant}|${sale.orderId}`;
      const was = marks.get(key);
      marks.set(key, 'cancelled');
      if (was === 'counted') add(sale, -1);
    },
  };
};
