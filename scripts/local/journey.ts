import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { formatMoney } from '../../lambda/contracts/money';
import type { PlaceOrderResponse } from '../../lambda/contracts/order-api';
import { CommandError } from '../lib/command';
import { type Effects, readEffects } from '../lib/demo/effects';
import { placeOrder } from '../lib/system/order-api';
import { localTables } from '../lib/system/tables';
import { elapsed, fail, ok, paint, title } from '../lib/terminal';
import { until } from '../lib/wait';
import { clientConfig } from './endpoint';
import type { LocalSystem } from './outputs';

type Stop = { readonly name: string; readonly arrived: (effects: Effects) => string | undefined };

const stops: readonly Stop[] = [
  {
    name: 'reserved',
    arrived: ({ reservation }) =>
      reservation?.state === 'RESERVED'
        ? reservation.lines.map(({ productId, quantity }) => `${quantity} × ${productId}`).join(', ')
        : undefined,
  },
  {
    name: 'billed',
    arrived: ({ bill }) => bill && `${formatMoney(bill.amount, bill.currency, 'ja')} with tax, ${bill.status}`,
  },
  {
    name: 'mailed',
    arrived: ({ notification }) => notification && `to ${notification.recipient}, ${notification.status}`,
  },
  {
    name: 'confirmed',
    arrived: ({ order }) => (order?.status === 'CONFIRMED' ? 'stock held, order confirmed' : undefined),
  },
];

const patienceMs = 30_000;

const show = (name: string, milliseconds: number, what: string) =>
  ok(`${name.padEnd(10)}${elapsed(milliseconds).padStart(8)}  ${paint('dim', what)}`);

const follow = async (system: LocalSystem, orderId: string, startedAt: number): Promise<readonly Stop[]> => {
  const tables = localTables(new DynamoDBClient(clientConfig(system.endpoint)));
  let ahead = stops;
  await until(
    async () => {
      const effects = await readEffects(tables, orderId);
      const reached = ahead.filter(({ arrived }) => arrived(effects) !== undefined);
      for (const { name, arrived } of reached) show(name, performance.now() - startedAt, arrived(effects) ?? '');
      ahead = ahead.filter((stop) => !reached.includes(stop));
      return ahead.length === 0 || undefined;
    },
    { timeoutMs: patienceMs, everyMs: 10 },
  );
  return ahead;
};

/** Places one real order and shows each thing that happens to it, with the time since it was sent. */
export const showJourney = async (system: LocalSystem): Promise<PlaceOrderResponse> => {
  title('The journey of one order');
  const startedAt = performance.now();
  const order = await placeOrder(system, [{ productId: 'PROD-002', quantity: 1 }]);
  const names = order.items.map(({ name, quantity }) => `${name} × ${quantity}`).join(', ');
  show('accepted', performance.now() - startedAt, `${order.orderId}: ${names}`);
  const missing = await follow(system, order.orderId, startedAt);
  for (const { name } of missing) fail(`${name}: not within ${elapsed(patienceMs)}`);
  if (missing.length > 0) {
    throw new CommandError(`${order.orderId} did not get through. See why:  npm run logs -- --no-follow`);
  }
  return order;
};
