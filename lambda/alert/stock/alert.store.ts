import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { saveVersion } from '../../kernel/dynamodb/dynamodb';
import type { Alert, AlertKey } from './alert';
import { alertFromRow, alertId, alertRow } from './alert-row';

/** The `alerts` table: one row for each type and subject of alert. */
export const alertStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async (key: AlertKey): Promise<Alert | undefined> => {
    const read = new GetCommand({ TableName: table, Key: { alertId: alertId(key) }, ConsistentRead: true });
    const { Item } = await db.send(read);
    return Item === undefined ? undefined : alertFromRow(Item);
  },

  /** Writes the next version. Returns false when another writer was faster. */
  save: (alert: Alert): Promise<boolean> => saveVersion(db, table, 'alertId', alertRow(alert)),
});

export type AlertStore = ReturnType<typeof alertStore>;
