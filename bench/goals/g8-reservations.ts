import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { InsufficientStockError, type StockRequest } from '../../lambda/inventory/reservations/reservation';
import { reserveStock } from '../../lambda/inventory/reservations/reserve-stock';
import { type StockStore, stockStore } from '../../lambda/inventory/stock/stock.store';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { GoalDefinition } from '../context';
import { inBatches } from '../events';
import { allRows, type LocalSystem, putAll } from '../local-system';
import { median, significant } from '../statistics';

const sizes = [1, 10, 50, 99] as const;
const ordersPerRound = 198;

type Size = (typeof sizes)[number];

const createTable = ({ db }: LocalSystem, TableName: string, key: string) =>
  db.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );

const wanted = (orderId: string, productId: string): StockRequest => ({
  tenant: defaultTenant,
  orderId,
  lines: [{ productId, quantity: 1, name: 'hot' }],
  cause: { correlationId: 'correlation-1', causationId: `default/${orderId}:1` },
});

const hot = (size: Size) => `HOT-${size}`;
const contested = 'HOT-CONTESTED';
const contestedStock = 55;
const stockOf = (productId: string, stock: number) => ({
  productId: `default#${productId}`,
  productName: 'hot',
  stock,
  reservedQuantity: 0,
  version: 1,
});

/** Reserves for so many orders in batches of one size, and answers with the seconds it took. */
const reserveAll = async (stock: StockStore, size: Size, round: number): Promise<number> => {
  const orders = Array.from({ length: ordersPerRound }, (_, n) => wanted(`O-${size}-${round}-${n}`, hot(size)));
  const reserve = reserveStock(stock.tryReserve);
  const started = performance.now();
  for (const batch of inBatches(orders, size)) {
    const failed = (await reserve(batch)).find((outcome) => outcome !== undefined);
    if (failed !== undefined) throw failed;
  }
  return (performance.now() - started) / 1000;
};

/** Eight batches at once want more than there is. Throws when not just so many got it as there is. */
const contest = async (stock: StockStore): Promise<void> => {
  const reserve = reserveStock(stock.tryReserve);
  const orders = Array.from({ length: 160 }, (_, n) => wanted(`C-${n}`, contested));
  const outcomes = (await Promise.all(inBatches(orders, 20).map(reserve))).flat();
  const fault = outcomes.find((outcome) => outcome !== undefined && !(outcome instanceof InsufficientStockError));
  if (fault !== undefined) throw fault;
  const won = outcomes.filter((outcome) => outcome === undefined).length;
  if (won !== contestedStock) throw new Error(`${won} orders got ${contestedStock} pieces`);
};

const checkNeverOversold = async (system: LocalSystem, table: string, rounds: number) => {
  for (const { productId, stock, reservedQuantity } of await allRows(system, table)) {
    const reserved = productId === `default#${contested}` ? contestedStock : rounds * ordersPerRound;
    if (reservedQuantity !== reserved || Number(stock) < 0)
      throw new Error(`${productId}: ${reservedQuantity} reserved instead of ${reserved}, ${stock} left`);
  }
};

export const g8: GoalDefinition = {
  id: 'G8',
  what: 'reservations per second on one product ÷ one transaction per order',
  measure: async ({ system, times, tell }) => {
    const rounds = times(8, 1);
    const local = await system();
    const tables = { inventory: 'bench-inventory', reservations: 'bench-reservations' };
    await createTable(local, tables.inventory, 'productId');
    await createTable(local, tables.reservations, 'orderId');
    await putAll(local, tables.inventory, [
      ...sizes.map((size) => stockOf(hot(size), 100_000)),
      stockOf(contested, contestedStock),
    ]);
    const stock = stockStore(tables, local.db, { now: () => new Date() });
    const seconds = new Map<Size, number[]>(sizes.map((size) => [size, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const size of sizes) {
        tell(`round ${round + 1} of ${rounds}, batches of ${size}`);
        seconds.get(size)?.push(await reserveAll(stock, size, round));
      }
    }
    await contest(stock);
    await checkNeverOversold(local, tables.inventory, rounds);
    const faster = (size: Size) => significant(median(seconds.get(1) ?? []) / median(seconds.get(size) ?? []));
    const figure = { unit: '× singles', baseline: 1, better: 'higher' } as const;
    return {
      figures: [
        { ...figure, what: 'batches of 10', value: faster(10), target: 5 },
        { ...figure, what: 'batches of 50', value: faster(50), target: 8 },
        { ...figure, what: 'batches of 99', value: faster(99), target: 8 },
      ],
      note: `The inventory service's own code on the local AWS, ${rounds} interleaved rounds of ${ordersPerRound} orders a size, medians, fresh tables. Never oversold: every piece is accounted for, and 160 orders in eight batches at once got exactly the ${contestedStock} pieces there were.`,
    };
  },
};
