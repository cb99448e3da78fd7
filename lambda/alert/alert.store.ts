import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert, AlertKey } from './alert';
import { alertFromRow, alertId, alertRow } from './alert-row';

/** The alerts about stock, one row for each thing that may be wrong with an order or a product. */
export const alertStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async (key: AlertKey): Promise<Alert | undefined> => {
    const read = new GetCommand({ TableName: table, Key: { alertId: alertId(key) }, ConsistentRead: true });
    const { Item } = await db.send(read);
    return Item === undefined ? undefined : alertFromRow(Item);
  },

  /** Writes the next version; false when somebody else was faster. */
  save: async (alert: Alert): Promise<boolean> => {
    const write = new PutCommand({
      TableName: table,
      Item: alertRow(alert),
      ConditionExpression: 'attribute_not_exists(alertId) OR #version = :before',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':before': alert.version - 1 },
    });
    try {
      await db.send(write);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});

export type AlertStore = ReturnType<typeof alertStore>;
