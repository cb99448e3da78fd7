import type { OrderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { orderPaymentFromRow, orderPaymentKey, orderPaymentRow } from '../../lambda/alert/payments/payment-state-row';
import { type Io, type OnChange, stored } from './io';

type Row = Record<string, unknown> & { version: number };

/** What is in `order-payment-store`, as it is stored. */
export type OrderPaymentsTable = { readonly rows: Map<string, Row>; readonly onChange: OnChange };

export const orderPaymentsTable = (onChange: OnChange = () => undefined): OrderPaymentsTable => ({
  rows: new Map(),
  onChange,
});

/** The order-payment store over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryOrderPaymentStore = (table: OrderPaymentsTable, io: Io): OrderPaymentStore => ({
  get: ({ tenant, orderId }) =>
    io('order-payments.get', () => {
      const row = table.rows.get(orderPaymentKey(tenant, orderId));
      return row && orderPaymentFromRow(row);
    }),
  save: (state) =>
    io('order-payments.save', () => {
      const row = stored(orderPaymentRow(state));
      const key = orderPaymentKey(state.tenant, state.orderId);
      const before = table.rows.get(key);
      if ((before?.version ?? 0) !== state.version - 1) return false;
      table.rows.set(key, row);
      table.onChange(before, row);
      return true;
    }),
  due: (until, limit) =>
    io('order-payments.due', () =>
      [...table.rows.values()]
        .filter(({ dueAt }) => dueAt !== undefined && String(dueAt) <= until.toISOString())
        .map(orderPaymentFromRow)
        .map(({ tenant, orderId, dueAt = '' }) => ({ tenant, orderId, dueAt }))
        .slice(0, limit),
    ),
  rescheduleUnreadable: ({ tenant, orderId, dueAt }, until) =>
    io('order-payments.rescheduleUnreadable', () => {
      const key = orderPaymentKey(tenant, orderId);
      const row = table.rows.get(key);
      if (row?.dueAt !== dueAt) return false;
      table.rows.set(key, { ...row, version: row?.version ?? 0, dueAt: until.toISOString() });
      return true;
    }),
});
