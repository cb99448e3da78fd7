import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { insertOnce } from '../kernel/insert-once';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { type Bill, billingIdOf } from './bill';

const keyOf = ({ tenant, billingId, orderId }: Pick<Bill, 'tenant' | 'billingId' | 'orderId'>) => ({
  billingId: tenantKey(tenant, billingId),
  orderId: tenantKey(tenant, orderId),
});

/** What a bill says, without its key, its state and its version. */
const detailsOf = ({ tenant: _t, billingId: _b, orderId: _o, status: _s, version: _v, ...details }: Bill) => details;

/** The table of the billing service. */
export const billStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** The bill of an order, if it was opened or voided. */
  ofOrder: async (tenant: Tenant, orderId: string): Promise<Bill | undefined> => {
    const billingId = billingIdOf(orderId);
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: keyOf({ tenant, billingId, orderId }), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ({ ...Item, tenant, billingId, orderId } as Bill);
  },

  /** Writes new bills: one outcome a bill, in their order. A bill that exists, or is void already, stays as it is. */
  open: (bills: readonly Bill[]): Promise<(Error | undefined)[]> =>
    insertOnce(
      db,
      table,
      bills.map((bill) => ({ ...bill, tenant: undefined, ...keyOf(bill) })),
    ),

  /** Voids a bill. One that was never opened is written as void, so that opening it later changes nothing. */
  void: async (bill: Bill): Promise<void> => {
    const fields = Object.entries(detailsOf(bill)).filter(([, value]) => value !== undefined);
    try {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(bill),
          UpdateExpression: `SET #status = :void, ${fields.map(([name]) => `#${name} = :${name}`).join(', ')} ADD #version :one`,
          ConditionExpression: 'attribute_not_exists(billingId) OR #status <> :void',
          ExpressionAttributeNames: {
            '#status': 'status',
            '#version': 'version',
            ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ':void': 'void',
            ':one': 1,
            ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error; // void already
    }
  },
});

export type BillStore = ReturnType<typeof billStore>;
