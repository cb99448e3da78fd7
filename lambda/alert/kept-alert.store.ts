import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AlertState } from '../contracts/alert-api';
import type { AlertType, Severity } from '../contracts/alert-events';
import type { Tenant } from '../kernel/tenant';
import type { KeptAlert } from './kept-alert';
import { keptAlertFromRow, keptAlertKey, keptAlertRow, lists } from './kept-alert-row';

/** The last alert of a page: the next one goes on after it. */
export type AlertMark = Pick<KeptAlert, 'alertId' | 'raisedAt'>;

/** Which alerts of a tenant. */
export type AlertSelection = {
  readonly tenant: Tenant;
  readonly state?: AlertState | undefined;
  readonly type?: AlertType | undefined;
  readonly severity?: Severity | undefined;
  readonly limit: number;
  readonly after?: AlertMark | undefined;
};

/** `next` is missing on the last page. */
export type AlertPage = { readonly items: readonly KeptAlert[]; readonly next?: AlertMark };

type Alerts = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

export const isSelected = ({ state, type, severity }: AlertSelection, alert: KeptAlert): boolean =>
  (state === undefined || alert.state === state) &&
  (type === undefined || alert.type === type) &&
  (severity === undefined || alert.severity === severity);

const listOf = ({ tenant, state }: AlertSelection) =>
  state === undefined
    ? { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) }
    : { index: 'byState', name: 'stateList', value: lists.byState(tenant, state) };

const keysOf = async ({ table, db }: Alerts, selection: AlertSelection, limit: number, from?: Row) => {
  const { index, name, value } = listOf(selection);
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': name },
      ExpressionAttributeValues: { ':list': value },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
  return { keys: Items.map(({ alertId }) => String(alertId)), next: LastEvaluatedKey as Row | undefined };
};

const batchSize = 100; // a page of 100 reads one more, to know whether there is another

const readAll = async ({ table, db }: Alerts, keys: readonly Row[]): Promise<Row[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.slice(0, batchSize) } } }),
  );
  const left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(batchSize)];
  return [...(Responses?.[table] ?? []), ...(await readAll({ table, db }, left))];
};

/** The rows in the order of their keys. */
const inOrder = async (alerts: Alerts, keys: readonly string[]): Promise<KeptAlert[]> => {
  const rows = await readAll(
    alerts,
    keys.map((alertId) => ({ alertId })),
  );
  const byKey = new Map(rows.map((row) => [String(row.alertId), row]));
  return keys.flatMap((key) => (byKey.has(key) ? [keptAlertFromRow(byKey.get(key))] : []));
};

const startOf = (selection: AlertSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { alertId: keptAlertKey(tenant, after.alertId), raisedAt: after.raisedAt, [name]: value };
};

/** Reads keys until the page is full: an index may be a moment behind, and a list has alerts of any type. */
const list = async (alerts: Alerts, selection: AlertSelection): Promise<AlertPage> => {
  const found: KeptAlert[] = [];
  let from = startOf(selection);
  do {
    const { keys, next } = await keysOf(alerts, selection, selection.limit + 1 - found.length, from);
    found.push(...(await inOrder(alerts, keys)).filter((alert) => isSelected(selection, alert)));
    from = next;
  } while (from !== undefined && found.length <= selection.limit);
  const items = found.slice(0, selection.limit);
  const last = items.at(-1);
  if (found.length <= selection.limit || last === undefined) return { items };
  return { items, next: { alertId: last.alertId, raisedAt: last.raisedAt } };
};

const save = async ({ table, db }: Alerts, alert: KeptAlert): Promise<boolean> => {
  const write = new PutCommand({
    TableName: table,
    Item: keptAlertRow(alert),
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
};

/** `sys-pay-alert`: every alert that was ever raised, with what became of it. */
export const keptAlertStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async (tenant: Tenant, alertId: string): Promise<KeptAlert | undefined> => {
    const Key = { alertId: keptAlertKey(tenant, alertId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : keptAlertFromRow(Item);
  },

  /** Writes the next version; false when somebody else was faster. */
  save: (alert: KeptAlert): Promise<boolean> => save({ table, db }, alert),

  /** One page of alerts, those raised last first. */
  list: (selection: AlertSelection): Promise<AlertPage> => list({ table, db }, selection),
});

export type KeptAlertStore = ReturnType<typeof keptAlertStore>;
