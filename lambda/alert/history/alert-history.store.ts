import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AlertState } from '../../contracts/api/alert-api';
import { AlertType, Severity } from '../../contracts/events/alert-events';
import { saveVersion } from '../../kernel/dynamodb/dynamodb';
import { pageOfIndex } from '../../kernel/dynamodb/index-list';
import { idOfKey, parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';
import type { AlertRecord } from './alert-history';

const at = z.iso.datetime();

/** A row of `sys-pay-alert`. */
const AlertRecordRow = z.object({
  alertId: z.string(),
  type: AlertType,
  severity: Severity.optional(),
  orderId: z.string().optional(),
  productId: z.string().optional(),
  externalPaymentId: z.string().optional(),
  state: AlertState,
  error: z.string(),
  count: z.int().positive(),
  firstAt: at,
  raisedAt: at,
  resolvedAt: at.optional(),
  closed: z.object({ by: z.string(), at, note: z.string() }).optional(),
  acknowledgement: z.object({ by: z.string(), at, note: z.string() }).optional(),
  history: z.array(
    z.object({
      what: z.enum(['raised', 'resolved', 'acknowledged']),
      at,
      sourceVersion: z.int().positive().optional(),
      error: z.string().optional(),
      by: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
  sourceVersion: z.int().positive(),
  updatedAt: at,
  version: z.int().positive(),
});

const alertRecordKey = (tenant: Tenant, alertId: string): string => tenantKey(tenant, alertId);

/** The list partitions of the indexes: all alerts of a tenant, and those in one state. */
const lists = {
  byTenant: (tenant: Tenant) => tenantKey(tenant, 'ALERTS'),
  byState: (tenant: Tenant, state: AlertState) => tenantKey(tenant, `ALERTS#${state}`),
} as const;

/** Throws when the row does not match the schema. */
const alertRecordFromRow = (row: unknown): AlertRecord => {
  const { alertId: key, ...rest } = AlertRecordRow.parse(row);
  const { tenant, id: alertId } = parseTenantKey(key);
  return { ...rest, tenant, alertId };
};

const alertRecordRow = ({ tenant, ...rest }: AlertRecord) => ({
  ...rest,
  alertId: alertRecordKey(tenant, rest.alertId),
  tenantList: lists.byTenant(tenant),
  stateList: lists.byState(tenant, rest.state),
});

/** The last alert of a page. The next page starts after it. */
export type AlertMark = Pick<AlertRecord, 'alertId' | 'raisedAt'>;

/** The filters and the position of one page of a tenant's alerts. */
export type AlertSelection = {
  readonly tenant: Tenant;
  readonly state?: AlertState | undefined;
  readonly type?: AlertType | undefined;
  readonly severity?: Severity | undefined;
  readonly limit: number;
  readonly after?: AlertMark | undefined;
};

/** `next` is missing on the last page. */
export type AlertPage = { readonly items: readonly AlertRecord[]; readonly next?: AlertMark };

type Alerts = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Row = Record<string, unknown>;

const isSelected = ({ state, type, severity }: AlertSelection, alert: AlertRecord): boolean =>
  (state === undefined || alert.state === state) &&
  (type === undefined || alert.type === type) &&
  (severity === undefined || alert.severity === severity);

const listOf = ({ tenant, state }: AlertSelection) =>
  state === undefined
    ? { index: 'byTenant', name: 'tenantList', value: lists.byTenant(tenant) }
    : { index: 'byState', name: 'stateList', value: lists.byState(tenant, state) };

const startOf = (selection: AlertSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { alertId: alertRecordKey(tenant, after.alertId), raisedAt: after.raisedAt, [name]: value };
};

const markOf = ({ alertId, raisedAt }: Row): AlertMark => ({
  alertId: idOfKey(alertId),
  raisedAt: String(raisedAt),
});

const list = async (alerts: Alerts, selection: AlertSelection): Promise<AlertPage> => {
  const isListed = (alert: AlertRecord) => isSelected(selection, alert);
  const wanted = { ...alerts, ...listOf(selection), key: 'alertId', fromRow: alertRecordFromRow, isListed };
  const { items, last } = await pageOfIndex(wanted, selection.limit, startOf(selection));
  return last === undefined ? { items } : { items, next: markOf(last) };
};

/** `sys-pay-alert`: every alert that was ever raised, with its history. */
export const alertHistoryStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async (tenant: Tenant, alertId: string): Promise<AlertRecord | undefined> => {
    const Key = { alertId: alertRecordKey(tenant, alertId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : alertRecordFromRow(Item);
  },

  /** Writes the next version. Returns false when another writer was faster. */
  save: (alert: AlertRecord): Promise<boolean> => saveVersion(db, table, 'alertId', alertRecordRow(alert)),

  /** Returns one page of alerts, newest first. */
  list: (selection: AlertSelection): Promise<AlertPage> => list({ table, db }, selection),
});

export type AlertHistoryStore = ReturnType<typeof alertHistoryStore>;
