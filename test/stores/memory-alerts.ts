import type { Alert } from '../../lambda/alert/stock/alert';
import type { AlertStore } from '../../lambda/alert/stock/alert.store';
import { alertId, alertRow } from '../../lambda/alert/stock/alert-row';
import { type Io, type OnChange, stored } from './io';

/** What is in an alerts table. */
export type AlertsTable = { readonly alerts: Map<string, Alert>; readonly onChange: OnChange };

export const alertsTable = (onChange: OnChange = () => undefined): AlertsTable => ({ alerts: new Map(), onChange });

/** The alert store over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryAlertStore = (table: AlertsTable, io: Io): AlertStore => ({
  get: (key) => io('alerts.get', () => table.alerts.get(alertId(key))),
  save: (alert) =>
    io('alerts.save', () => {
      const before = table.alerts.get(alertId(alert));
      if (before !== undefined && before.version !== alert.version - 1) return false;
      table.alerts.set(alertId(alert), stored(alert));
      table.onChange(before && alertRow(before), stored(alertRow(alert)));
      return true;
    }),
});
