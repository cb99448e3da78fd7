import type { Bill, Receipt, Settlement } from '../../lambda/billing/bill';
import type { BillStore } from '../../lambda/billing/bill.store';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { Notification, NotificationKey } from '../../lambda/notification/mail';
import type { NotificationStore } from '../../lambda/notification/notification.store';
import { type Io, stored } from './io';

const neverRefused = () => false;

const noKeyTwice = (keys: readonly string[]) => {
  if (new Set(keys).size !== keys.length) throw new Error('the same item twice in one call');
};

/** Inserts each row by itself: one that is there already stays, one that the table refuses is an error of its own. */
const insertOnce = <Row>(
  rows: Map<string, Row>,
  inserts: readonly (readonly [string, Row])[],
  refused: () => boolean,
): (Error | undefined)[] => {
  noKeyTwice(inserts.map(([key]) => key));
  return inserts.map(([key, row]) => {
    if (refused()) return new Error('a row was refused: ThrottlingError');
    if (!rows.has(key)) rows.set(key, stored(row));
    return undefined;
  });
};

export type NotificationsTable = Map<string, Notification>;

const notificationKey = ({ tenant, notificationId, createdAt }: NotificationKey) =>
  `${tenantKey(tenant, notificationId)}|${createdAt}`;

/** The notification store over a table in memory. `refused` says which rows of a batch the table does not take. */
export const memoryNotificationStore = (
  table: NotificationsTable,
  io: Io,
  refused: () => boolean = neverRefused,
): NotificationStore => ({
  wereSent: (keys) =>
    io('notifications.wereSent', () => {
      noKeyTwice(keys.map(notificationKey));
      return keys.map((key) => table.has(notificationKey(key)));
    }),
  find: (keys) => io('notifications.find', () => keys.flatMap((key) => stored(table.get(notificationKey(key)) ?? []))),
  confirmationOf: (tenant, orderId) =>
    io('notifications.confirmationOf', () =>
      [...table.values()].find((one) => one.tenant === tenant && one.notificationId === `${orderId}:1.email`),
    ),
  record: (sent) => {
    const inserts = sent.map((one) => [notificationKey(one), one] as const);
    return io('notifications.record', () => insertOnce(table, inserts, refused));
  },
});

export type BillsTable = Map<string, Bill>;

const billKey = ({ tenant, billingId, orderId }: Pick<Bill, 'tenant' | 'billingId' | 'orderId'>) =>
  `${tenantKey(tenant, billingId)}|${orderId}`;

const voidBill = (table: BillsTable, bill: Bill) => {
  const existing = table.get(billKey(bill));
  if (existing?.status === 'void') return;
  table.set(billKey(bill), stored({ ...existing, ...bill, status: 'void', version: (existing?.version ?? 0) + 1 }));
};

const payBill = (table: BillsTable, { paymentId, paidAt, ...receipt }: Receipt) => {
  const key = billKey(receipt);
  const existing = table.get(key);
  if (existing?.paidAt !== undefined) return;
  const paid = { ...(existing ?? { ...receipt, createdAt: paidAt }), paymentId, paidAt, updatedAt: paidAt };
  const status = existing === undefined || existing.status === 'pending' ? 'paid' : existing.status;
  table.set(key, stored({ ...paid, status, version: (existing?.version ?? 0) + 1 }));
};

const settleBill = (table: BillsTable, settlement: Settlement) => {
  const existing = table.get(billKey(settlement));
  if ((existing?.orderVersion ?? 0) >= settlement.orderVersion) return;
  const version = (existing?.version ?? 0) + 1;
  table.set(billKey(settlement), stored({ ...existing, ...settlement, version }));
};

const complete = (table: BillsTable, { status: _, version: __, updatedAt: ___, ...details }: Bill) => {
  const existing = table.get(billKey(details));
  if (existing === undefined || existing.items !== undefined) return;
  table.set(billKey(details), stored({ ...existing, ...details, version: existing.version + 1 }));
};

/** The bill store over a table in memory. `refused` says which rows of a batch the table does not take. */
export const memoryBillStore = (table: BillsTable, io: Io, refused: () => boolean = neverRefused): BillStore => ({
  ofOrder: (tenant, orderId) =>
    io('bills.ofOrder', () => table.get(billKey({ tenant, orderId, billingId: `BILL-${orderId}` }))),
  open: (bills) => {
    const inserts = bills.map((bill) => [billKey(bill), bill] as const);
    return io('bills.open', () => {
      const outcomes = insertOnce(table, inserts, refused);
      for (const [index, bill] of bills.entries()) if (outcomes[index] === undefined) complete(table, bill);
      return outcomes;
    });
  },
  pay: (receipt) => io('bills.pay', () => payBill(table, receipt)),
  settle: (settlement) => io('bills.settle', () => settleBill(table, settlement)),
  void: (bill) => io('bills.void', () => voidBill(table, bill)),
});
