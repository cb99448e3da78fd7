import type { GoalDefinition } from '../context';
import { orderBody } from '../events';
import { productId, stockProducts } from '../local-system';
import { interleaved, oneConnection } from '../one-connection';
import { median, percentile, significant } from '../statistics';

const warmUp = 60;
const rounds = 1000;
const products = 20;

type Times = Readonly<Record<'echo' | 'order' | 'naive', readonly number[]>>;

const ratios = ({ echo, order, naive }: Times, of: (times: readonly number[]) => number) => ({
  baseline: significant(of(naive) / of(echo)),
  value: significant(of(order) / of(echo)),
});

const p99 = (times: readonly number[]) => percentile(times, 0.99);

export const g3: GoalDefinition = {
  id: 'G3',
  what: '`POST /orders` ÷ a bare echo function behind the same API',
  measure: async ({ system, tell }) => {
    const local = await system();
    await stockProducts(local, 0, products);
    const { post, close } = oneConnection();
    const body = (round: number) => orderBody(productId(round % products));
    const kinds = {
      echo: (round: number) => post(`${local.api}/echo`, body(round)),
      order: (round: number) => post(`${local.api}/orders`, body(round)),
      naive: (round: number) => post(`${local.api}/naive`, body(round)),
    };
    await interleaved(warmUp, kinds, tell);
    const times = await interleaved(rounds, kinds, tell);
    close();
    const figure = { unit: '÷ echo', better: 'lower' } as const;
    return {
      figures: [
        { ...figure, what: 'p50', ...ratios(times, median), target: 1.3 },
        { ...figure, what: 'p99', ...ratios(times, p99), target: 1.6 },
      ],
      note: `One kept-alive connection to the local AWS, ${rounds} interleaved requests of each kind after ${warmUp}, fresh tables, relays off. The baseline puts and publishes.`,
      details: {
        milliseconds: Object.fromEntries(
          Object.entries(times).map(([kind, all]) => [
            kind,
            { p50: significant(median(all)), p99: significant(p99(all)) },
          ]),
        ),
      },
    };
  },
};
