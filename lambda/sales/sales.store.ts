import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unlessRefused } from '../kernel/dynamodb/dynamodb';
import type { Tenant } from '../kernel/tenant';
import type { Sale } from './sale';

type Writes = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>;
type Key = { readonly tenantId: Tenant; readonly subject: string };

const orderKey = ({ tenant, orderId }: Sale): Key => ({ tenantId: tenant, subject: `ORDER#${orderId}` });
const productKey = (tenant: Tenant, productId: string): Key => ({ tenantId: tenant, subject: `PRODUCT#${productId}` });

/** Adds the sale to the counters of its products, or subtracts it. */
const addUnits = (table: string, { tenant, units }: Sale, sign: 1 | -1): Writes =>
  [...units].map(([productId, quantity]) => ({
    Update: {
      TableName: table,
      Key: productKey(tenant, productId),
      UpdateExpression: 'ADD unitsSold :units, orders :order, version :one',
      ExpressionAttributeValues: { ':units': sign * quantity, ':order': sign, ':one': 1 },
    },
  }));

/**
 * The table of the sales service: a counter for each product and a mark for each order, `counted` or `cancelled`. A
 * mark is written in the transaction that changes the counters, and never removed.
 */
export const salesStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** Counts a sale. Does nothing when its order was counted or cancelled before. */
  count: async (sale: Sale): Promise<void> => {
    const mark = {
      Put: {
        TableName: table,
        Item: { ...orderKey(sale), state: 'counted', version: 1 },
        ConditionExpression: 'attribute_not_exists(subject)',
      },
    };
    const TransactItems = [mark, ...addUnits(table, sale, 1)];
    await unlessRefused(() => db.send(new TransactWriteCommand({ TransactItems })));
  },

  /** Reverses a counted sale, once. A sale that was not counted yet never will be. */
  cancel: async (sale: Sale): Promise<void> => {
    const tombstone = new PutCommand({
      TableName: table,
      Item: { ...orderKey(sale), state: 'cancelled', version: 1 },
      ConditionExpression: 'attribute_not_exists(subject)',
    });
    if (await unlessRefused(() => db.send(tombstone))) return;
    const mark = {
      Update: {
        TableName: table,
        Key: orderKey(sale),
        UpdateExpression: 'SET #state = :cancelled ADD version :one',
        ConditionExpression: '#state = :counted',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':cancelled': 'cancelled', ':counted': 'counted', ':one': 1 },
      },
    };
    const TransactItems = [mark, ...addUnits(table, sale, -1)];
    await unlessRefused(() => db.send(new TransactWriteCommand({ TransactItems })));
  },
});

export type SalesStore = ReturnType<typeof salesStore>;
