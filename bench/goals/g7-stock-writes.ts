import type { GoalDefinition } from '../context';
import { stockWrites } from '../events';
import { type Flow, runFlow } from '../flow';
import { significant, sum } from '../statistics';

/** Writes of stock for each order. */
export const stockWritesPerOrder = ({ steps, orders }: Flow): number =>
  sum(steps.flatMap(({ calls }) => calls.map(stockWrites))) / orders;

export const g7: GoalDefinition = {
  id: 'G7',
  what: 'stock writes per order on one hot product',
  measure: async ({ functions, flow }) => {
    const ten = stockWritesPerOrder(await flow());
    const full = stockWritesPerOrder(await runFlow(functions, { orders: 99, batch: 99 }));
    const figure = { unit: 'per order', baseline: 1, better: 'lower' } as const;
    return {
      figures: [
        { ...figure, what: 'batches of 10', value: significant(ten), target: 0.1 },
        { ...figure, what: 'batches of 99', value: significant(full), target: 0.0102 },
      ],
      note: 'Counted in the transactions that the deployed inventory bundle sends; 99 orders and one product fill a transaction.',
    };
  },
};
