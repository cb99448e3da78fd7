import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { formatMoney } from '../../lambda/contracts/values/money';
import { CommandError } from '../lib/command';
import { type Effects, readEffects } from '../lib/demo/effects';
import { language, say } from '../lib/language';
import { guestEmail, placeOrder } from '../lib/system/order-api';
import { localTables } from '../lib/system/tables';
import { pad } from '../lib/table';
import { elapsed, fail, ok, paint, title } from '../lib/terminal';
import { until } from '../lib/wait';
import type { LocalSystem } from './deployment/outputs';
import { clientConfig } from './emulator/endpoint';

type Name = { readonly en: string; readonly ja: string };
type Stop = { readonly name: Name; readonly arrived: (effects: Effects) => string | undefined };

const withTax = { en: ' with tax', ja: '（税込）' };

const stops: readonly Stop[] = [
  {
    name: { en: 'reserved', ja: '在庫確保' },
    arrived: ({ reservation }) =>
      reservation?.state === 'RESERVED'
        ? reservation.lines.map(({ productId, quantity }) => `${quantity} × ${productId}`).join(', ')
        : undefined,
  },
  {
    name: { en: 'billed', ja: '請求' },
    arrived: ({ bill }) =>
      bill && `${formatMoney(bill.amount, bill.currency, language())}${say(withTax)}, ${bill.status}`,
  },
  {
    name: { en: 'mailed', ja: 'メール' },
    arrived: ({ notification }) => notification && `${guestEmail}, ${notification.status}`,
  },
  {
    name: { en: 'confirmed', ja: '確定' },
    arrived: ({ order }) =>
      order?.status === 'CONFIRMED'
        ? say({ en: 'stock held, order confirmed', ja: '在庫を確保し、注文が確定しました' })
        : undefined,
  },
];

const timeoutMs = 30_000;

const show = (name: Name, milliseconds: number, what: string) =>
  ok(`${pad(say(name), 10)}${elapsed(milliseconds).padStart(8)}  ${paint('dim', what)}`);

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
    { timeoutMs, everyMs: 10 },
  );
  return ahead;
};

/** Places one real order and shows each thing that happens to it, with the time since it was sent. */
export const showJourney = async (system: LocalSystem): Promise<PlaceOrderResponse> => {
  title(say({ en: 'The journey of one order', ja: '注文一件の流れ' }));
  const startedAt = performance.now();
  const order = await placeOrder(system, [{ productId: 'PROD-002', quantity: 1 }]);
  const names = order.items.map(({ name, quantity }) => `${name} × ${quantity}`).join(', ');
  show({ en: 'accepted', ja: '受付' }, performance.now() - startedAt, `${order.orderId}: ${names}`);
  const missing = await follow(system, order.orderId, startedAt);
  for (const { name } of missing)
    fail(`${say(name)}: ${say({ en: 'not within', ja: '時間切れ' })} ${elapsed(timeoutMs)}`);
  if (missing.length > 0) {
    throw new CommandError(`${order.orderId} did not get through. See why:  npm run logs -- --no-follow`);
  }
  return order;
};
