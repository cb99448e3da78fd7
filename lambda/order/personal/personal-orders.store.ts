import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OrdersOf } from '../../contracts/calls/privacy-calls';
import { batchGet, queryPage } from '../../kernel/dynamodb/dynamodb';
import { idOfKey, type Tenant, tenantKey } from '../../kernel/tenant';
import type { Order } from '../domain/order';
import { orderFromRow } from '../order-row';

/** The position of an order in a list by its time. */
type Position = Pick<Order, 'orderId' | 'createdAt'>;

/** Selects the orders of one person that were created up to `until`. */
export type PersonalSelection = {
  readonly tenant: Tenant;
  readonly of: OrdersOf;
  readonly until: string;
  readonly after?: Position | undefined;
};

const pageSize = 50;

const partitionOf = ({ tenant, of }: PersonalSelection) =>
  'userId' in of
    ? { index: 'byCustomer', name: 'ownerKey', value: tenantKey(tenant, of.userId) }
    : { index: 'byContact', name: 'contactKey', value: tenantKey(tenant, of.contact) };

/** The orders of one person. Unlike a list for people, it leaves out no row: one that cannot be read is a fault. */
export const personalOrderStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** Returns a page of orders, the oldest first. The index is eventually consistent; the orders are not. */
  page: async (selection: PersonalSelection): Promise<{ orders: Order[]; next?: Position | undefined }> => {
    const { tenant, until, after } = selection;
    const { index, name, value } = partitionOf(selection);
    const { rows, next } = await queryPage(db, {
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#list = :list AND createdAt <= :until',
      ExpressionAttributeNames: { '#list': name },
      ExpressionAttributeValues: { ':list': value, ':until': until },
      Limit: pageSize,
      ExclusiveStartKey: after && {
        orderId: tenantKey(tenant, after.orderId),
        createdAt: after.createdAt,
        [name]: value,
      },
    });
    const keys = rows.map(({ orderId, createdAt }) => ({ orderId, createdAt }));
    const orders = (await batchGet(db, table, keys, { ConsistentRead: true })).map(orderFromRow);
    const position = next && { orderId: idOfKey(next.orderId), createdAt: String(next.createdAt) };
    return { orders, next: position };
  },

  /** Removes by what a guest's orders are found. The version stays, so no event is published. */
  forgetContact: async ({ tenant, orderId, createdAt }: Order): Promise<void> => {
    try {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { orderId: tenantKey(tenant, orderId), createdAt },
          UpdateExpression: 'REMOVE contactKey',
          ConditionExpression: 'attribute_exists(contactKey)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error; // it is removed already
    }
  },
});

export type PersonalOrderStore = ReturnType<typeof personalOrderStore>;
