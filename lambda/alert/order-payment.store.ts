import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { queryDue, rescheduleRow } from '../kernel/due-index';
import { saveVersion } from '../kernel/save-version';
import { parseTenantKey } from '../kernel/tenant';
import { orderPaymentFromRow, orderPaymentKey, orderPaymentRow } from './order-payment-row';
import type { OrderPayment } from './watched-order';

export type OrderKey = Pick<OrderPayment, 'tenant' | 'orderId'>;
export type DueOrder = OrderKey & { readonly dueAt: string };

const dueShards = 16; // an index partition takes 1,000 writes a second

const shardOf = (key: string): string => `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

const rowOf = (state: OrderPayment) => {
  const row = orderPaymentRow(state);
  return state.dueAt === undefined ? row : { ...row, dueShard: shardOf(String(row.orderId)) };
};

/** `order-payment-store`: what is known of each order and its payment, one row for each order that is paid here. */
export const orderPaymentStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async ({ tenant, orderId }: OrderKey): Promise<OrderPayment | undefined> => {
    const Key = { orderId: orderPaymentKey(tenant, orderId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : orderPaymentFromRow(Item);
  },

  /** Writes the next version; false when somebody else was faster. */
  save: (state: OrderPayment): Promise<boolean> => saveVersion(db, table, 'orderId', rowOf(state)),

  /** What must be looked at until then, at most `limit` orders of each of the index's shards. */
  due: (until: Date, limit: number): Promise<DueOrder[]> =>
    queryDue({ table, db, shards: dueShards, key: ['orderId'] }, { until, limit }, (item) => {
      const { tenant, id: orderId } = parseTenantKey(String(item.orderId));
      return { tenant, orderId, dueAt: String(item.dueAt) };
    }),

  /** Looks at an order later whose row need not be readable. Returns false when somebody has dealt with it. */
  reschedule: ({ tenant, orderId, dueAt: before }: DueOrder, until: Date): Promise<boolean> =>
    rescheduleRow({ table, db }, { orderId: orderPaymentKey(tenant, orderId) }, { before, until }),
});

export type OrderPaymentStore = ReturnType<typeof orderPaymentStore>;
