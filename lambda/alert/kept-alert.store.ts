import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AlertState } from '../contracts/alert-api';
import type { AlertType, Severity } from '../contracts/alert-events';
import { pageOfIndex } from '../kernel/index-list';
import { saveVersion } from '../kernel/save-version';
import { idOfKey, type Tenant } from '../kernel/tenant';
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

const startOf = (selection: AlertSelection): Row | undefined => {
  const { tenant, after } = selection;
  if (after === undefined) return undefined;
  const { name, value } = listOf(selection);
  return { alertId: keptAlertKey(tenant, after.alertId), raisedAt: after.raisedAt, [name]: value };
};

const markOf = ({ alertId, raisedAt }: Row): AlertMark => ({
  alertId: idOfKey(alertId),
  raisedAt: String(raisedAt),
});

const list = async (alerts: Alerts, selection: AlertSelection): Promise<AlertPage> => {
  const isListed = (alert: KeptAlert) => isSelected(selection, alert);
  const wanted = { ...alerts, ...listOf(selection), key: 'alertId', fromRow: keptAlertFromRow, isListed };
  const { items, last } = await pageOfIndex(wanted, selection.limit, startOf(selection));
  return last === undefined ? { items } : { items, next: markOf(last) };
};

/** `sys-pay-alert`: every alert that was ever raised, with what became of it. */
export const keptAlertStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async (tenant: Tenant, alertId: string): Promise<KeptAlert | undefined> => {
    const Key = { alertId: keptAlertKey(tenant, alertId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : keptAlertFromRow(Item);
  },

  /** Writes the next version; false when somebody else was faster. */
  save: (alert: KeptAlert): Promise<boolean> => saveVersion(db, table, 'alertId', keptAlertRow(alert)),

  /** One page of alerts, those raised last first. */
  list: (selection: AlertSelection): Promise<AlertPage> => list({ table, db }, selection),
});

export type KeptAlertStore = ReturnType<typeof keptAlertStore>;
