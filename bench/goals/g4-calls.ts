import { isDynamo } from '../capacity';
import type { GoalDefinition } from '../context';
import { type Flow, runFlow } from '../flow';
import { percentile, significant, sum } from '../statistics';

const callsOf = ({ requests }: Flow): number[] => requests.map((calls) => calls.length);

const refills = ({ requests }: Flow): number =>
  requests.filter((calls) => calls.some(({ operation }) => operation === 'DynamoDB.UpdateItem')).length /
  requests.length;

const figure = { unit: 'calls', better: 'lower' } as const;

export const g4: GoalDefinition = {
  id: 'G4',
  what: 'sequential AWS calls on `POST /orders`',
  measure: async ({ functions, flow }) => {
    const plain = await flow();
    const headersOf = (n: number) => ({ 'idempotency-key': `key-${n}` });
    const keyed = await runFlow(functions, { orders: 100, batch: 10, headersOf });
    const operations = [
      ...new Set(
        plain.requests
          .flat()
          .filter(isDynamo)
          .map(({ operation }) => operation),
      ),
    ];
    return {
      figures: [
        { ...figure, what: 'calls without a key', baseline: 2, value: percentile(callsOf(plain), 0.9), target: 1 },
        {
          ...figure,
          what: 'calls with an Idempotency-Key',
          baseline: 4,
          value: percentile(callsOf(keyed), 0.9),
          target: 1,
        },
        {
          ...figure,
          what: 'refills of the number block',
          unit: 'per order',
          baseline: null,
          value: refills(plain),
          target: 0.1,
        },
      ],
      note: 'Counted at a stub AWS behind the deployed bundle, 100 orders each way; nine of ten make so many or fewer. A product is read once in 30 s by each warm function, which the first of them pays.',
      details: {
        mean: significant(sum(callsOf(plain)) / 100),
        meanWithKey: significant(sum(callsOf(keyed)) / 100),
        operations,
      },
    };
  },
};
