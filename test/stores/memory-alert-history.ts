import type { AlertRecord } from '../../lambda/alert/history/alert-history';
import {
  type AlertHistoryStore,
  type AlertPage,
  type AlertSelection,
  alertRecordFromRow,
  alertRecordKey,
  alertRecordRow,
  isSelected,
} from '../../lambda/alert/history/alert-history.store';
import { type Io, stored } from './io';

/** What is in `sys-pay-alert`. */
export type AlertHistoryTable = Map<string, AlertRecord>;

export const alertHistoryTable = (): AlertHistoryTable => new Map();

const list = (table: AlertHistoryTable, selection: AlertSelection): AlertPage => {
  const { tenant, limit, after } = selection;
  const found = [...table.values()]
    .filter((alert) => alert.tenant === tenant && isSelected(selection, alert))
    .filter(({ raisedAt }) => after === undefined || raisedAt < after.raisedAt)
    .sort((one, other) => other.raisedAt.localeCompare(one.raisedAt));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: { alertId: last.alertId, raisedAt: last.raisedAt } };
};

/** The store of `sys-pay-alert` over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryAlertHistoryStore = (table: AlertHistoryTable, io: Io): AlertHistoryStore => ({
  get: (tenant, alertId) => io('kept-alerts.get', () => table.get(alertRecordKey(tenant, alertId))),
  save: (alert) =>
    io('kept-alerts.save', () => {
      const key = alertRecordKey(alert.tenant, alert.alertId);
      if ((table.get(key)?.version ?? 0) !== alert.version - 1) return false;
      table.set(key, alertRecordFromRow(stored(alertRecordRow(alert))));
      return true;
    }),
  list: (selection) => io('kept-alerts.list', () => list(table, selection)),
});
