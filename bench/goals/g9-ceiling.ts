import { inventoryBatchSize } from '../assembly';
import type { GoalDefinition } from '../context';
import { runFlow } from '../flow';
import { stockWritesPerOrder } from './g7-stock-writes';

const transactionsPerSecond = 1000 / 2; // 1,000 write units a second for one item, and a transaction costs double

export const g9: GoalDefinition = {
  id: 'G9',
  what: 'documented ceiling of orders per second on one product on AWS',
  measure: async ({ functions }) => {
    const batch = inventoryBatchSize();
    const ceilingAt = async (size: number) =>
      Math.floor(transactionsPerSecond / stockWritesPerOrder(await runFlow(functions, { orders: size, batch: size })));
    return {
      figures: [
        {
          what: `at the deployed batch size of ${batch}`,
          unit: 'orders/s',
          baseline: transactionsPerSecond,
          value: await ceilingAt(batch),
          target: 5000,
          better: 'higher',
        },
      ],
      note: `Computed: 1,000 write units a second for one item, transactions double, ÷ the stock writes per order of the deployed bundle. A product is one item (one shard). With batches of 99 the same code reaches ${await ceilingAt(99)}.`,
    };
  },
};
