import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { queryDue, rescheduleRow } from '../kernel/dynamodb/due-index';
import { parseTenantKey, tenantKey } from '../kernel/tenant';
import type { Order, OrderKey } from './domain/order';
import { listKeysOf } from './lists/order-list';

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const dueShards = 16; // an index partition takes 1,000 writes a second, so orders are spread over sixteen

/** Spreads orders over the partitions of the due index. Always the same for the same order. */
export const dueShardOf = (key: string): string =>
  `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

/** Asked again, an order is due later. Its version and its fact stay, so the relay tells nothing. */
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

/** An order that is due, and since when. */
export type DueOrder = OrderKey & Pick<Order, 'createdAt'> & { readonly dueAt: string };

/** The orders whose time has come, at most `limit` of each of the index's shards. */
export const dueOrders = (orders: Orders, until: Date, limit: number): Promise<DueOrder[]> => {
  const index = { ...orders, shards: dueShards, key: ['orderId', 'createdAt'] };
  return queryDue(index, { until, limit }, ({ orderId: key, createdAt, dueAt }) => {
    const { tenant, id: orderId } = parseTenantKey(String(key));
    return { tenant, orderId, createdAt: String(createdAt), dueAt: String(dueAt) };
  });
};

/** Makes an order due later whose row need not be readable. Returns false when somebody has dealt with it. */
export const rescheduleUnreadableOrder = (orders: Orders, due: DueOrder, until: Date): Promise<boolean> => {
  const { tenant, orderId, createdAt, dueAt: before } = due;
  return rescheduleRow(orders, { orderId: tenantKey(tenant, orderId), createdAt }, { before, until });
};
