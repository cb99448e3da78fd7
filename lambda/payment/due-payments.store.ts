import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { parseTenantKey } from '../kernel/tenant';
import type { PaymentKey } from './payment';
import { dueShards } from './payment-row';

/** A payment that somebody must look at, and from when on. */
export type DuePayment = PaymentKey & { readonly dueAt: string };

type Payments = { readonly table: string; readonly db: DynamoDBDocumentClient };

const dueOfShard = async ({ table, db }: Payments, shard: number, by: Date, limit: number): Promise<DuePayment[]> => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byDueAt',
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :by',
      ExpressionAttributeValues: { ':shard': `due#${shard}`, ':by': by.toISOString() },
      Limit: limit,
    }),
  );
  return Items.map((item) => {
    const { tenant, id: paymentId } = parseTenantKey(String(item.paymentId));
    return { tenant, paymentId, dueAt: String(item.dueAt) };
  });
};

/** The payments that are due by then, the longest due first in each shard of the index. */
export const duePayments = async (payments: Payments, by: Date, limit: number): Promise<DuePayment[]> => {
  const shards = Array.from({ length: dueShards }, (_, shard) => dueOfShard(payments, shard, by, limit));
  return (await Promise.all(shards)).flat();
};
