import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Claim } from '../kernel/dynamodb/claim';
import { existingRow, isTransactionConflict, putNew, putNext } from '../kernel/dynamodb/dynamodb';
import { retry } from '../kernel/retry';
import { type Tenant, tenantKey } from '../kernel/tenant';
import type { Order, OrderKey } from './domain/order';
import { type DueOrder, dueOrders, dueShardOf, reschedule, rescheduleUnreadableOrder } from './due-orders.store';
import { listKeysOf } from './lists/order-list';
import {
  type ClaimHolder,
  claimKey,
  claimRow,
  holderOf,
  notOrder,
  type OrderRow,
  orderFromRow,
  packedRow,
} from './order-row';

export type PlaceOutcome =
  | { readonly placed: true }
  | { readonly placed: false; readonly claimedBy: ClaimHolder }
  | { readonly placed: false; readonly claimedBy: 'unknown' };

const toRow = (order: Order): OrderRow => {
  const { tenant, orderId, dueAt, contact, ...rest } = order;
  const key = tenantKey(tenant, orderId);
  const due = dueAt === undefined ? {} : { dueAt, dueShard: dueShardOf(key) };
  const found = contact === undefined ? {} : { contactKey: tenantKey(tenant, contact) };
  return { ...rest, ...packedRow(order), ...due, ...found, ...listKeysOf(order), orderId: key };
};

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const placeUnclaimed = async (orders: Orders, order: Order): Promise<PlaceOutcome> => {
  try {
    await orders.db.send(new PutCommand(putNew(orders.table, 'orderId', toRow(order))));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
    // the response to an earlier attempt was lost: the row is this order when the token matches
    if (unmarshall(error.Item).trackingTokenHash !== order.trackingTokenHash) throw error;
  }
  return { placed: true };
};

const claimedBy = async ({ table, db }: Orders, tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
  const { Item } = await db.send(
    new GetCommand({
      TableName: table,
      Key: claimKey(tenant, key),
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : holderOf(Item);
};

/** Returns the holder of the claim that cancelled the transaction. Throws when the cause is another one. */
const claimHolder = (error: unknown): PlaceOutcome => {
  if (isTransactionConflict(error)) return { placed: false, claimedBy: 'unknown' };
  const row = error instanceof TransactionCanceledException ? existingRow(error, 0) : undefined;
  if (row === undefined) throw error;
  return { placed: false, claimedBy: holderOf(row) };
};

const placeClaimed = async (orders: Orders, order: Order, claim: Claim): Promise<PlaceOutcome> => {
  const rows = [claimRow(order, claim), toRow(order)];
  const TransactItems = rows.map((row) => ({ Put: putNew(orders.table, 'orderId', row) }));
  const write = new TransactWriteCommand({ TransactItems });
  try {
    await retry(() => orders.db.send(write), isTransactionConflict);
    return { placed: true };
  } catch (error) {
    return claimHolder(error);
  }
};

/** `eventual` costs half and may be stale: only for callers that write conditionally and read again on a conflict. */
export type Read = 'consistent' | 'eventual';

const get = async ({ table, db }: Orders, { tenant, orderId }: OrderKey, read: Read): Promise<Order | undefined> => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'orderId = :id',
      ExpressionAttributeValues: { ':id': tenantKey(tenant, orderId) },
      ConsistentRead: read === 'consistent',
      Limit: 1,
    }),
  );
  return Items[0] === undefined ? undefined : orderFromRow(Items[0]);
};

const save = async ({ table, db }: Orders, next: Order): Promise<boolean> => {
  try {
    await db.send(new PutCommand(putNext(table, toRow(next))));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const takeNumbers = async ({ table, db }: Orders, tenant: Tenant, size: number): Promise<number> => {
  const { Attributes } = await db.send(
    new UpdateCommand({
      TableName: table,
      Key: { orderId: tenantKey(tenant, 'COUNTER'), createdAt: notOrder },
      UpdateExpression: 'ADD lastNumber :size',
      ExpressionAttributeValues: { ':size': size },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.lastNumber) - size + 1;
};

/** Stores orders. Every update checks the previous version (optimistic lock). */
export const orderStore = (table: string, db: DynamoDBDocumentClient) => {
  const orders = { table, db };
  return {
    /** Stores a new order together with its claim. Returns the claim's holder when another request was first. */
    place: (order: Order, claim?: Claim): Promise<PlaceOutcome> =>
      claim === undefined ? placeUnclaimed(orders, order) : placeClaimed(orders, order, claim),

    /** Returns the holder of the claim on an idempotency key, or undefined when it is unclaimed. */
    claimedBy: (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => claimedBy(orders, tenant, key),

    /** Reads one order, with a consistent read by default. */
    get: (key: OrderKey, read: Read = 'consistent'): Promise<Order | undefined> => get(orders, key, read),

    /** Writes the next version. Returns false on a version conflict: load and decide again. */
    save: (next: Order): Promise<boolean> => save(orders, next),

    /** Sets the next due time and counts the attempt. Returns false when the order has changed meanwhile. */
    reschedule: (order: Order, dueAt: string): Promise<boolean> => reschedule(orders, order, dueAt),

    /** Returns the due orders, at most `limit` of each shard. The index is eventually consistent. */
    due: (now: Date, limit: number): Promise<DueOrder[]> => dueOrders(orders, now, limit),

    /** Reschedules an order without reading its row. Returns false when the order has changed meanwhile. */
    rescheduleUnreadable: (due: DueOrder, until: Date): Promise<boolean> =>
      rescheduleUnreadableOrder(orders, due, until),

    /**
     * Reserves `size` order numbers of a tenant and returns the first. Numbers may be lost, but are never used twice.
     */
    takeNumbers: (tenant: Tenant, size: number): Promise<number> => takeNumbers(orders, tenant, size),
  };
};

export type OrderStore = ReturnType<typeof orderStore>;
