import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { queryDue, rescheduleRow } from '../kernel/dynamodb/due-index';
import { parseTenantKey, tenantKey } from '../kernel/tenant';
import type { Order, OrderKey } from './domain/order';
import { listKeysOf } from './lists/order-list';

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const dueShards = 16; // an index partition takes 1,000 writes a second

/** Returns the partition of the due index for an order. It is always the same for the same key. */
export const dueShardOf = (key: string): string =>
  `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

/** Sets the next due time and counts the attempt. Version and fact stay, so the relay publishes no event. */
export const reschedule = async ({ table, db }: Orders, order: Order, dueAt: string): Promise<boolean> => {
  const { tenant, orderId, createdAt, version, dueAttempts = 0 } = order;
  const { listKey } = listKeysOf({ ...order, dueAttempts: dueAttempts + 1 });
  try {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { orderId: tenantKey(tenant, orderId), createdAt },
        UpdateExpression: 'SET dueAt = :dueAt, dueAttempts = :attempts, listKey = :listKey',
        ConditionExpression: 'version = :version AND dueAt = :before',
        ExpressionAttributeValues: {
          ':dueAt': dueAt,
          ':attempts': dueAttempts + 1,
          ':listKey': listKey,
          ':version': version,
          ':before': order.dueAt,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** An order that is due since `dueAt`. */
export type DueOrder = OrderKey & Pick<Order, 'createdAt'> & { readonly dueAt: string };

/** Returns the orders that are due at `until`, at most `limit` of each shard of the index. */
export const dueOrders = (orders: Orders, until: Date, limit: number): Promise<DueOrder[]> => {
  const index = { ...orders, shards: dueShards, key: ['orderId', 'createdAt'] };
  return queryDue(index, { until, limit }, ({ orderId: key, createdAt, dueAt }) => {
    const { tenant, id: orderId } = parseTenantKey(String(key));
    return { tenant, orderId, createdAt: String(createdAt), dueAt: String(dueAt) };
  });
};

/** Reschedules an order without reading its row. Returns false when the order has changed meanwhile. */
export const rescheduleUnreadableOrder = (orders: Orders, due: DueOrder, until: Date): Promise<boolean> => {
  const { tenant, orderId, createdAt, dueAt: before } = due;
  return rescheduleRow(orders, { orderId: tenantKey(tenant, orderId), createdAt }, { before, until });
};
