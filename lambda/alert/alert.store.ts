import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { saveVersion } from '../kernel/save-version';
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
  save: (alert: Alert): Promise<boolean> => saveVersion(db, table, 'alertId', alertRow(alert)),
});

export type AlertStore = ReturnType<typeof alertStore>;
