import { totalUnits } from '../capacity';
import type { Context, GoalDefinition } from '../context';
import { costOf, total } from '../cost';
import { orderBody } from '../events';
import { type Flow, runFlow } from '../flow';
import { allRows, type LocalSystem, productId, putAll, stockProducts } from '../local-system';
import { interleaved, oneConnection } from '../one-connection';
import { median, significant } from '../statistics';

const growth = 10;
const small = { orders: 100, products: 20 };
const rounds = 300;
const rowsBefore = 800;

const flowOf = ({ functions }: Context, times: number): Promise<Flow> =>
  runFlow(functions, {
    orders: small.orders * times,
    batch: 10,
    productOf: (n) => productId(n % (small.products * times)), // each order of a batch wants another product
  });

const perOrder = ({ steps, orders }: Flow) => {
  const calls = steps.flatMap((step) => step.calls);
  const { writes, indexWrites } = totalUnits(calls);
  return { calls: calls.length / orders, writes: (writes + indexWrites) / orders, cost: total(costOf(steps, orders)) };
};

/** The median of an order's time ÷ that of an echo, so that what else the machine does cancels out. */
const latency = async (local: LocalSystem, products: number, tell: Context['tell']): Promise<number> => {
  const { post, close } = oneConnection();
  const body = (round: number) => orderBody(productId(round % products));
  const kinds = {
    echo: (round: number) => post(`${local.api}/echo`, body(round)),
    order: (round: number) => post(`${local.api}/orders`, body(round)),
  };
  await interleaved(products, kinds, tell); // every product is in the function's copy
  const { echo, order } = await interleaved(rounds, kinds, tell);
  close();
  return median(order) / median(echo);
};

/** Copies the orders that are there under other IDs, until there are so many. */
const growTo = async (local: LocalSystem, wanted: number): Promise<void> => {
  const rows = (await allRows(local, 'orders')).filter(({ fact }) => fact !== undefined);
  const [sample] = rows;
  if (sample === undefined) throw new Error('no order was placed');
  const missing = Math.max(0, wanted - rows.length);
  const copies = Array.from({ length: missing }, (_, n) => ({ ...sample, orderId: `default#COPY-${wanted}-${n}` }));
  await putAll(local, 'orders', copies);
};

const grownLatency = async ({ system, tell }: Context) => {
  const local = await system();
  await stockProducts(local, 0, small.products * growth);
  await latency(local, small.products, tell);
  await growTo(local, rowsBefore);
  const before = await latency(local, small.products, tell);
  await growTo(local, rowsBefore * growth);
  return { before, after: await latency(local, small.products * growth, tell) };
};

export const g11: GoalDefinition = {
  id: 'G11',
  what: 'growth: 10 × the orders and products ÷ before',
  measure: async (context) => {
    const [before, after] = [perOrder(await flowOf(context, 1)), perOrder(await flowOf(context, growth))];
    const p50 = await grownLatency(context);
    const figure = { unit: '÷ before', baseline: 1, better: 'lower' } as const;
    return {
      figures: [
        { ...figure, what: 'calls per order', value: significant(after.calls / before.calls), target: 1.01 },
        { ...figure, what: 'write units per order', value: significant(after.writes / before.writes), target: 1.01 },
        { ...figure, what: 'cost per order', value: significant(after.cost / before.cost), target: 1.01 },
        { ...figure, what: 'p50 of `POST /orders`', value: significant(p50.after / p50.before), target: 1.25 },
      ],
      note: `Flat means: exact counts within 1 %, the median within 25 %, since the local AWS itself writes slower into a larger table. Counts: ${small.orders} and ${small.orders * growth} orders over ${small.products} and ${small.products * growth} products through the deployed bundles. Median: ÷ an echo in between, at about ${rowsBefore} and ${rowsBefore * growth} orders in the table.`,
      details: { before, after, p50 },
    };
  },
};
