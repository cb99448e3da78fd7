import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { GoalDefinition } from '../context';
import { orderBody } from '../events';
import { placedRow } from '../flow';
import { productId, stockProducts } from '../local-system';
import { interleaved, oneConnection } from '../one-connection';
import { median, percentile, significant } from '../statistics';

const warmUp = 60;
const products = 20;

type Times = Readonly<Record<'echo' | 'floor' | 'order' | 'naive', readonly number[]>>;

const p99 = (times: readonly number[]) => percentile(times, 0.99);

/** An order's time and the usual one's, both ÷ that of a yardstick. */
const ratios = (times: Times, yardstick: 'echo' | 'floor', of: (times: readonly number[]) => number) => ({
  unit: `÷ ${yardstick}`,
  baseline: significant(of(times.naive) / of(times[yardstick])),
  value: significant(of(times.order) / of(times[yardstick])),
  better: 'lower' as const,
});

export const g3: GoalDefinition = {
  id: 'G3',
  what: '`POST /orders` ÷ a bare echo function, and ÷ the one write that it makes (the floor)',
  measure: async ({ system, flow, times: often, tell }) => {
    const row = unmarshall(placedRow(await flow()));
    const local = await system();
    await stockProducts(local, 0, products);
    const { post, close } = oneConnection();
    const body = (round: number) => orderBody(productId(round % products));
    const kinds = {
      echo: (round: number) => post(local.yardstick('echo'), body(round)),
      floor: () => post(local.yardstick('floor'), row),
      order: (round: number) => post(`${local.api}/orders`, body(round)),
      naive: (round: number) => post(local.yardstick('naive'), body(round)),
    };
    const rounds = often(1000, 20);
    await interleaved(often(warmUp, 2), kinds, tell);
    const times = await interleaved(rounds, kinds, tell);
    close();
    return {
      figures: [
        { what: 'p50', ...ratios(times, 'echo', median), target: 1.3 },
        { what: 'p99', ...ratios(times, 'echo', p99), target: 1.6 },
        { what: 'p50', ...ratios(times, 'floor', median), target: 1.1 },
        { what: 'p99', ...ratios(times, 'floor', p99), target: 1.25 },
      ],
      note: `One kept-alive connection to the local AWS, ${rounds} interleaved requests of each kind after ${warmUp}, fresh tables, relays off, both APIs with as many routes. The floor puts the very row that an order is into a table with the same keys, indexes and stream, and does nothing else. The baseline puts and publishes.`,
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
