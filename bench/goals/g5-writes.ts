import { isDynamo, totalUnits } from '../capacity';
import type { GoalDefinition } from '../context';
import type { Flow } from '../flow';
import { significant } from '../statistics';

/** DynamoDB's share of an order's way to its three effects, for each order. */
const perOrder = ({ steps, orders }: Flow) => {
  const calls = steps
    .filter(({ phase }) => phase === 'effects')
    .flatMap((step) => step.calls)
    .filter(isDynamo);
  const { writes, indexWrites, reads } = totalUnits(calls);
  return {
    calls: significant(calls.length / orders, 4),
    writes: significant(writes / orders, 4),
    indexWrites: significant(indexWrites / orders, 4),
    reads: significant(reads / orders, 4),
  };
};

export const g5: GoalDefinition = {
  id: 'G5',
  what: 'DynamoDB calls and write units per order from accept to three effects, batches of 10, one-line orders',
  measure: async ({ flow }) => {
    const measured = perOrder(await flow());
    return {
      figures: [
        { what: 'calls', unit: 'per order', baseline: 5, value: measured.calls, target: 1.5, better: 'lower' },
        { what: 'write units', unit: 'per order', baseline: 9, value: measured.writes, target: 6, better: 'lower' },
      ],
      note: `Counted at a stub AWS behind the deployed bundles; units from the items on the wire by DynamoDB's rules, transactions double. The indexes take ${measured.indexWrites} more when an order is placed, and the due index 1 when it is confirmed; G6 counts them.`,
      details: measured,
    };
  },
};
