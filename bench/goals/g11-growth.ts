import { type DeployedFunction, functionNamed, orderLists, scheduled } from '../assembly';
import { totalUnits } from '../capacity';
import type { Context, GoalDefinition } from '../context';
import { costOf, total } from '../cost';
import { getEvent, orderBody } from '../events';
import { type Flow, runFlow } from '../flow';
import { age, forgetOrders, type Grown, growTo, rest, shrink } from '../growth';
import { type LocalSystem, productId, stockProducts } from '../local-system';
import { interleaved, oneConnection } from '../one-connection';
import { countReads } from '../reads';
import { median, significant } from '../statistics';

const growth = 10;
const due = 20;
const listed = 20;

const flowOf = ({ functions, times: often }: Context, times: number): Promise<Flow> => {
  const { orders, products } = { orders: often(100, 20) * times, products: 20 * times };
  return runFlow(functions, { orders, batch: 10, productOf: (n) => productId(n % products) }); // each of a batch another
};

const perOrder = ({ steps, orders }: Flow) => {
  const calls = steps.flatMap((step) => step.calls);
  const { writes, indexWrites } = totalUnits(calls);
  return { calls: calls.length / orders, writes: (writes + indexWrites) / orders, cost: total(costOf(steps, orders)) };
};

/** The median of an order's time ÷ that of an echo, so that what else the machine does cancels out. */
const latency = async (local: LocalSystem, products: number, { times, tell }: Context): Promise<number> => {
  const { post, close } = oneConnection();
  const body = (round: number) => orderBody(productId(round % products));
  const kinds = {
    echo: (round: number) => post(local.yardstick('echo'), body(round)),
    order: (round: number) => post(`${local.api}/orders`, body(round)),
  };
  await interleaved(products, kinds, tell); // every product is in the function's copy
  const { echo, order } = await interleaved(times(300, 10), kinds, tell);
  close();
  return median(order) / median(echo);
};

const staff = { tenant: 'default', userId: 'staff-1', roles: 'staff' };
const list = getEvent({ resource: '/orders', query: { limit: String(listed) }, authorizer: staff });

const checkList = (answer: unknown): void => {
  const { statusCode, body = '{}' } = answer as { statusCode: number; body?: string };
  const { items = [] } = JSON.parse(body) as { items?: unknown[] };
  if (statusCode !== 200 || items.length !== listed) throw new Error(`the list answered ${statusCode}: ${body}`);
};

const tries = 3;

/** How many items a sweep read that found all of the due orders: the clock's own may have come first. */
const sweepOf = async (local: LocalSystem, sweep: DeployedFunction, grown: Grown): Promise<number> => {
  for (let left = tries; left > 0; left -= 1) {
    await age(local, grown, due);
    const { reads } = await countReads(local, sweep, {});
    await rest(local, grown, due);
    if (reads.items >= due) return reads.items;
  }
  throw new Error(`no sweep found the ${due} orders that were due`);
};

/** How many items the list, the sweep and the audit read, with the same number of orders listed and due. */
const readsOf = async (local: LocalSystem, functions: readonly DeployedFunction[], grown: Grown) => {
  const fn = (name: string) => functionNamed(functions, name);
  const { reads: page, answer } = await countReads(local, fn(orderLists), list);
  checkList(answer);
  const sweep = await sweepOf(local, fn(scheduled.sweep), grown);
  await countReads(local, fn(scheduled.audit), {}); // what has changed is judged
  const audit = await countReads(local, fn(scheduled.audit), {});
  return { list: page.items, sweep, audit: audit.reads.items };
};

const grownFigures = async (context: Context) => {
  const { system, functions, times } = context;
  const local = await system();
  const [products, rows] = [20, times(800, 80)];
  await forgetOrders(local);
  await stockProducts(local, 0, products * growth);
  await latency(local, products, context);
  const small = await growTo(local, rows, products * growth);
  const before = { p50: await latency(local, products, context), ...(await readsOf(local, functions, small)) };
  const large = await growTo(local, rows * growth, products * growth);
  const after = { p50: await latency(local, products * growth, context), ...(await readsOf(local, functions, large)) };
  await shrink(local, [small, large]);
  return { before, after, rows };
};

export const g11: GoalDefinition = {
  id: 'G11',
  what: 'growth: 10 × the orders and products ÷ before',
  measure: async (context) => {
    const [before, after] = [perOrder(await flowOf(context, 1)), perOrder(await flowOf(context, growth))];
    const grown = await grownFigures(context);
    const ratio = (of: 'p50' | 'list' | 'sweep' | 'audit') => significant(grown.after[of] / grown.before[of]);
    const figure = { unit: '÷ before', baseline: 1, better: 'lower' } as const;
    return {
      figures: [
        { ...figure, what: 'calls per order', value: significant(after.calls / before.calls), target: 1.01 },
        { ...figure, what: 'write units per order', value: significant(after.writes / before.writes), target: 1.01 },
        { ...figure, what: 'cost per order', value: significant(after.cost / before.cost), target: 1.01 },
        { ...figure, what: 'p50 of `POST /orders`', value: ratio('p50'), target: 1.25 },
        { ...figure, what: `items read for a page of ${listed} orders`, value: ratio('list'), target: 1.01 },
        { ...figure, what: `items read by a sweep with ${due} orders due`, value: ratio('sweep'), target: 1.01 },
        {
          ...figure,
          what: 'items read by a stock audit when nothing has changed',
          value: ratio('audit'),
          target: 1.01,
        },
      ],
      note: `Flat means: exact counts within 1 %, the median within 25 %, since the local AWS itself writes slower into a larger table. Counts: orders over 20 and ${20 * growth} products through the deployed bundles. Median: ÷ an echo in between, at about ${grown.rows} and ${grown.rows * growth} orders in the table. Items read: by the deployed functions, counted between them and the local AWS, over so many orders and reservations.`,
      details: { before, after, grown },
    };
  },
};
