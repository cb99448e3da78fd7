import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { queryDue, rescheduleRow } from '../../kernel/dynamodb/due-index';
import { saveVersion } from '../../kernel/dynamodb/dynamodb';
import { parseTenantKey } from '../../kernel/tenant';
import type { OrderPayment } from './payment-state';
import { orderPaymentFromRow, orderPaymentKey, orderPaymentRow } from './payment-state-row';

export type OrderKey = Pick<OrderPayment, 'tenant' | 'orderId'>;
export type DueOrder = OrderKey & { readonly dueAt: string };

const dueShards = 16; // an index partition takes 1,000 writes a second

const shardOf = (key: string): string => `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

const rowOf = (state: OrderPayment) => {
  const row = orderPaymentRow(state);
  return state.dueAt === undefined ? row : { ...row, dueShard: shardOf(String(row.orderId)) };
};

/** `order-payment-store`: one row for each order with a payment. */
export const orderPaymentStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async ({ tenant, orderId }: OrderKey): Promise<OrderPayment | undefined> => {
    const Key = { orderId: orderPaymentKey(tenant, orderId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : orderPaymentFromRow(Item);
  },

  /** Writes the next version. Returns false when another writer was faster. */
  save: (state: OrderPayment): Promise<boolean> => saveVersion(db, table, 'orderId', rowOf(state)),

  /** Returns the orders whose check is due until then, at most `limit` of each shard of the index. */
  due: (until: Date, limit: number): Promise<DueOrder[]> =>
    queryDue({ table, db, shards: dueShards, key: ['orderId'] }, { until, limit }, (item) => {
      const { tenant, id: orderId } = parseTenantKey(String(item.orderId));
      return { tenant, orderId, dueAt: String(item.dueAt) };
    }),

  /** Reschedules an order whose row may be unreadable. Returns false when its due time has changed. */
  rescheduleUnreadable: ({ tenant, orderId, dueAt: before }: DueOrder, until: Date): Promise<boolean> =>
    rescheduleRow({ table, db }, { orderId: orderPaymentKey(tenant, orderId) }, { before, until }),
});

export type OrderPaymentStore = ReturnType<typeof orderPaymentStore>;
