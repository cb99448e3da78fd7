import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OrderStatus, StockStatus } from '../../../lambda/contracts/values/order-status';
import { say } from '../language';
import type { Tables } from '../system/tables';
import { step } from '../terminal';
import { until } from '../wait';

const Order = z.object({ status: OrderStatus, stockStatus: StockStatus, createdAt: z.iso.datetime(), total: z.int() });

const Reservation = z.object({
  state: z.string(),
  lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
  updatedAt: z.iso.datetime(),
});

const Notification = z.object({
  status: z.string(),
  channel: z.string(),
  kind: z.string(),
  recipient: z.string(),
  sentAt: z.iso.datetime(),
  messageId: z.string(),
});

const Bill = z.object({
  status: z.string(),
  currency: z.string(),
  items: z.array(
    z.object({
      productId: z.string(),
      name: z.string(),
      quantity: z.int(),
      unitPrice: z.int(),
      subtotal: z.int(),
    }),
  ),
  subtotal: z.int(),
  tax: z.int(),
  amount: z.int(),
  createdAt: z.iso.datetime(),
});

/** What an order has come to in each service's own table; what has not happened yet is missing. */
export type Effects = {
  readonly order?: z.infer<typeof Order>;
  readonly reservation?: z.infer<typeof Reservation>;
  readonly notification?: z.infer<typeof Notification>;
  readonly bill?: z.infer<typeof Bill>;
};

const optional = <Schema extends z.ZodType>(schema: Schema, item: unknown): z.output<Schema> | undefined =>
  item === undefined ? undefined : schema.parse(item);

/** Reads what one order has come to, straight from the four tables. */
export const readEffects = async ({ db, called }: Tables, orderId: string, tenant = 'default'): Promise<Effects> => {
  const first = async (table: string, attribute: string, value: string) => {
    const { Items = [] } = await db.send(
      new QueryCommand({
        TableName: called(table),
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': attribute },
        ExpressionAttributeValues: { ':value': value },
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    return Items[0];
  };
  const key = `${tenant}#${orderId}`;
  const [order, reservation, notification, bill] = await Promise.all([
    first('orders', 'orderId', key),
    db.send(new GetCommand({ TableName: called('reservations'), Key: { orderId: key }, ConsistentRead: true })),
    first('notifications', 'notificationId', `${key}:1.email`),
    first('billing', 'billingId', `${tenant}#BILL-${orderId}`),
  ]);
  return {
    order: optional(Order, order),
    reservation: optional(Reservation, reservation.Item),
    notification: optional(Notification, notification),
    bill: optional(Bill, bill?.items === undefined ? undefined : bill), // paid before the order came: no bill yet
  };
};

/** Mailed, billed, and the inventory has answered: nothing more is coming by itself. */
const isSettled = ({ order, notification, bill }: Effects): boolean =>
  notification !== undefined && bill !== undefined && order !== undefined && order.stockStatus !== 'PENDING';

/**
 * Returns how many milliseconds after `start` the last order was reserved, mailed and billed, by the times that the services
 * wrote with their effects. Infinity while one effect is missing.
 */
export const completedAfter = (effects: readonly Effects[], start: Date): number => {
  const times = effects.flatMap(({ reservation, notification, bill }) => [
    reservation?.state === 'RESERVED' ? reservation.updatedAt : undefined,
    notification?.status === 'sent' ? notification.sentAt : undefined,
    bill?.createdAt,
  ]);
  if (times.length === 0) return Number.POSITIVE_INFINITY;
  const moments = times.map((time) => (time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time)));
  return Math.max(...moments) - start.getTime();
};

/** Waits until all of these orders are settled. Returns what each has come to, also when the time is up. */
export const waitForEffects = (
  tables: Tables,
  orderIds: readonly string[],
  {
    what = say({ en: 'every service has done its part', ja: 'すべてのサービスの処理が済みました' }),
    timeoutMs = 60_000,
  } = {},
): Promise<ReadonlyMap<string, Effects>> => {
  const done = (effects: ReadonlyMap<string, Effects>) => ([...effects.values()].every(isSettled) ? what : undefined);
  return step({ doing: say({ en: `waiting until ${what}`, ja: `待っています: ${what}` }), done }, async (report) => {
    const effects = new Map<string, Effects>();
    await until(
      async () => {
        const open = orderIds.filter((orderId) => !isSettled(effects.get(orderId) ?? {}));
        const read = await Promise.all(open.map((orderId) => readEffects(tables, orderId)));
        for (const [index, orderId] of open.entries()) effects.set(orderId, read[index] ?? {});
        const settled = [...effects.values()].filter(isSettled).length;
        report(say({ en: `${settled} of ${orderIds.length} orders`, ja: `${orderIds.length} 件中 ${settled} 件` }));
        return settled === orderIds.length ? true : undefined;
      },
      { timeoutMs, everyMs: 100 },
    );
    return effects;
  });
};
