import { tenantKey } from '../../lambda/kernel/tenant';
import type { DuePayment } from '../../lambda/payment/due-payments.store';
import type { Payment, PaymentKey } from '../../lambda/payment/payment';
import type { ClaimHolder, PaymentStore, Postponed, Receipt, SaveOutcome } from '../../lambda/payment/payment.store';
import type { PaymentPage, PaymentSelection } from '../../lambda/payment/payment-list.store';
import { paymentFromRow, paymentKey, rowOfPayment } from '../../lambda/payment/payment-row';
import { type Io, type OnChange, stored } from './io';

/** What is in a payments table. */
export type PaymentsTable = {
  readonly payments: Map<string, Payment>;
  readonly receipts: Map<string, Receipt>;
  readonly claims: Map<string, ClaimHolder>;
  readonly onChange: OnChange;
};

export const paymentsTable = (onChange: OnChange = () => undefined): PaymentsTable => ({
  payments: new Map(),
  receipts: new Map(),
  claims: new Map(),
  onChange,
});

const keyOf = ({ tenant, paymentId }: PaymentKey) => paymentKey(tenant, paymentId);
const keyOfReceipt = ({ provider, eventId }: Receipt) => `${provider}#${eventId}`;

const put = (table: PaymentsTable, next: Payment) => {
  const before = table.payments.get(keyOf(next));
  const row = stored(rowOfPayment(next));
  table.payments.set(keyOf(next), paymentFromRow(row));
  table.onChange(before && stored(rowOfPayment(before)), row);
};

const insert = (table: PaymentsTable, payment: Payment): boolean => {
  if (table.payments.has(keyOf(payment))) return false;
  put(table, payment);
  return true;
};

const save = (table: PaymentsTable, next: Payment): SaveOutcome => {
  if (table.payments.get(keyOf(next))?.version !== next.version - 1) return 'changed';
  put(table, next);
  return 'saved';
};

const saveReceived = (table: PaymentsTable, next: Payment, receipt: Receipt): SaveOutcome => {
  if (table.receipts.has(keyOfReceipt(receipt))) return 'known';
  const outcome = save(table, next);
  if (outcome === 'saved') table.receipts.set(keyOfReceipt(receipt), receipt);
  return outcome;
};

const saveClaimed = (table: PaymentsTable, ...[next, claim]: Parameters<PaymentStore['saveClaimed']>): SaveOutcome => {
  const key = tenantKey(next.tenant, claim.key);
  const claimedBy = table.claims.get(key);
  if (claimedBy !== undefined) return { claimedBy };
  const outcome = save(table, next);
  const { requestHash, refundId } = claim;
  if (outcome === 'saved') table.claims.set(key, { requestHash, paymentId: next.paymentId, refundId });
  return outcome;
};

const receive = (table: PaymentsTable, receipt: Receipt): boolean => {
  if (table.receipts.has(keyOfReceipt(receipt))) return false;
  table.receipts.set(keyOfReceipt(receipt), receipt);
  return true;
};

const postpone = (table: PaymentsTable, payment: Payment, later: Postponed): boolean => {
  const current = table.payments.get(keyOf(payment));
  if (current?.version !== payment.version || current.dueAt !== payment.dueAt) return false;
  put(table, { ...current, ...later });
  return true;
};

const putOff = (table: PaymentsTable, key: DuePayment, until: Date): boolean => {
  const current = table.payments.get(keyOf(key));
  if (current === undefined || current.dueAt !== key.dueAt) return false;
  put(table, { ...current, dueAt: until.toISOString() });
  return true;
};

const due = (table: PaymentsTable, by: Date, limit: number): DuePayment[] =>
  [...table.payments.values()]
    .flatMap(({ tenant, paymentId, dueAt }) => (dueAt === undefined ? [] : [{ tenant, paymentId, dueAt }]))
    .filter(({ dueAt }) => dueAt <= by.toISOString())
    .sort((one, other) => one.dueAt.localeCompare(other.dueAt))
    .slice(0, limit * 4);

const list = (table: PaymentsTable, { tenant, userId, limit, after }: PaymentSelection): PaymentPage => {
  const found = [...table.payments.values()]
    .filter((one) => one.tenant === tenant)
    .filter((one) => userId === undefined || one.userId === userId)
    .filter((one) => after === undefined || one.createdAt < after.createdAt)
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: { paymentId: last.paymentId, createdAt: last.createdAt } };
};

const changed = (): SaveOutcome => 'changed';

/** The payment store over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryPaymentStore = (table: PaymentsTable, io: Io): PaymentStore => ({
  insert: (payment) => io('payments.insert', () => insert(table, payment)),
  get: (key) => io('payments.get', () => table.payments.get(keyOf(key))),
  save: (next) => io('payments.save', () => save(table, next), changed),
  saveReceived: (next, receipt) => io('payments.saveReceived', () => saveReceived(table, next, receipt), changed),
  saveClaimed: (next, claim) => io('payments.saveClaimed', () => saveClaimed(table, next, claim), changed),
  receive: (receipt) => io('payments.receive', () => receive(table, receipt)),
  claimedBy: (tenant, key) => io('payments.claimedBy', () => table.claims.get(tenantKey(tenant, key))),
  postpone: (payment, later) => io('payments.postpone', () => postpone(table, payment, later)),
  putOff: (key, until) => io('payments.putOff', () => putOff(table, key, until)),
  due: (by, limit) => io('payments.due', () => due(table, by, limit)),
  list: (selection) => io('payments.list', () => list(table, selection)),
});
