import type { GoalDefinition } from '../context';
import { type Cost, costOf, extras, total } from '../cost';
import { significant } from '../statistics';

const rounded = (cost: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(cost).map(([part, usd]) => [part, significant(usd)]));

/** Without the indexes, which serve what comes after the effects. */
const toEffects = (cost: Cost): Cost => ({ ...cost, indexWrites: 0 });

export const g6: GoalDefinition = {
  id: 'G6',
  what: 'USD per million orders by list prices',
  measure: async ({ flow }) => {
    const counted = await flow();
    const effects = toEffects(
      costOf(
        counted.steps.filter(({ phase }) => phase === 'effects'),
        counted.orders,
      ),
    );
    const whole = costOf(counted.steps, counted.orders);
    const apart = extras(counted);
    const figure = { unit: 'USD', better: 'lower' } as const;
    return {
      figures: [
        { ...figure, what: 'accept to three effects', baseline: 7.94, value: significant(total(effects)), target: 7.8 },
        {
          ...figure,
          what: 'with index, process manager, confirmation',
          baseline: 24.2,
          value: significant(total(whole)),
          target: 9.75,
        },
      ],
      note: `Calls of a run in batches of 10 × list prices of us-east-1 (bench/prices.ts, with the assumed billed durations). Not in it, since no design changes it or settings decide: e-mails ${significant(apart.emails)}, logs ${significant(apart.logs)}, traces ${significant(apart.traces)} (5 % sampled). Baselines: the cheapest naive design; aws-serverless-ecommerce-platform.`,
      details: { effects: rounded(effects), whole: rounded(whole), apart: rounded(apart) },
    };
  },
};
