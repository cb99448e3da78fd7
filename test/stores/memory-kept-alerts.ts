import type { KeptAlert } from '../../lambda/alert/kept-alert';
import {
  type AlertPage,
  type AlertSelection,
  isSelected,
  type KeptAlertStore,
} from '../../lambda/alert/kept-alert.store';
import { keptAlertFromRow, keptAlertKey, keptAlertRow } from '../../lambda/alert/kept-alert-row';
import { type Io, stored } from './io';

/** What is in `sys-pay-alert`. */
export type KeptAlertsTable = Map<string, KeptAlert>;

export const keptAlertsTable = (): KeptAlertsTable => new Map();

const list = (table: KeptAlertsTable, selection: AlertSelection): AlertPage => {
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
export const memoryKeptAlertStore = (table: KeptAlertsTable, io: Io): KeptAlertStore => ({
  get: (tenant, alertId) => io('kept-alerts.get', () => table.get(keptAlertKey(tenant, alertId))),
  save: (alert) =>
    io('kept-alerts.save', () => {
      const key = keptAlertKey(alert.tenant, alert.alertId);
      if ((table.get(key)?.version ?? 0) !== alert.version - 1) return false;
      table.set(key, keptAlertFromRow(stored(keptAlertRow(alert))));
      return true;
    }),
  list: (selection) => io('kept-alerts.list', () => list(table, selection)),
});
