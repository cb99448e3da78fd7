import { tenantKey } from '../../lambda/kernel/tenant';
import type { Payment, PaymentKey } from '../../lambda/payment/domain/payment';
import { type UnknownPayment, unknownPaymentRow } from '../../lambda/payment/domain/unknown-payment';
import type { ClaimHolder, PaymentStore, Receipt, Rescheduled, SaveOutcome } from '../../lambda/payment/payment.store';
import type { DuePayment, PaymentPage, PaymentSelection } from '../../lambda/payment/payment-lists.store';
import {
  externalKey,
  indexedPayment,
  paymentFromRow,
  paymentKey,
  rowOfPayment,
} from '../../lambda/payment/payment-row';
import { type Io, type OnChange, stored } from './io';

/** What is in a payments table. */
export type PaymentsTable = {
  readonly payments: Map<string, Payment>;
  readonly receipts: Map<string, Receipt>;
  readonly claims: Map<string, ClaimHolder>;
  /** Where payments are found by the IDs of their providers. */
  readonly pointers: Map<string, string>;
  readonly unknown: Map<string, UnknownPayment>;
  readonly onChange: OnChange;
};

export const paymentsTable = (onChange: OnChange = () => undefined): PaymentsTable => ({
  payments: new Map(),
  receipts: new Map(),
  claims: new Map(),
  pointers: new Map(),
  unknown: new Map(),
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

const saveRow = (table: PaymentsTable, next: Payment): SaveOutcome => {
  if (table.payments.get(keyOf(next))?.version !== next.version - 1) return 'changed';
  put(table, next);
  return 'saved';
};

const save = (table: PaymentsTable, given: Payment): SaveOutcome => {
  const { payment, pointers } = indexedPayment(given);
  const outcome = saveRow(table, payment);
  if (outcome === 'saved') for (const { paymentId, pointsTo } of pointers) table.pointers.set(paymentId, pointsTo);
  return outcome;
};

const findByExternalId = (table: PaymentsTable, provider: string, ids: readonly string[]): Payment | undefined => {
  const [found] = ids.flatMap((id) => table.payments.get(table.pointers.get(externalKey(provider, id)) ?? '') ?? []);
  return found;
};

const receiveUnknown = (table: PaymentsTable, receipt: Receipt, unknown: UnknownPayment): boolean => {
  if (!receive(table, receipt)) return false;
  const row = stored(unknownPaymentRow(unknown));
  const key = String(row.paymentId);
  if (table.unknown.has(key)) return true;
  table.unknown.set(key, unknown);
  table.onChange(undefined, row);
  return true;
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
  const outcome = saveRow(table, next);
  const { requestHash, refundId } = claim;
  if (outcome === 'saved') table.claims.set(key, { requestHash, paymentId: next.paymentId, refundId });
  return outcome;
};

const receive = (table: PaymentsTable, receipt: Receipt): boolean => {
  if (table.receipts.has(keyOfReceipt(receipt))) return false;
  table.receipts.set(keyOfReceipt(receipt), receipt);
  return true;
};

const reschedule = (table: PaymentsTable, payment: Payment, later: Rescheduled): boolean => {
  const current = table.payments.get(keyOf(payment));
  if (current?.version !== payment.version || current.dueAt !== payment.dueAt) return false;
  put(table, { ...current, ...later });
  return true;
};

const rescheduleUnreadable = (table: PaymentsTable, key: DuePayment, until: Date): boolean => {
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
  findByExternalId: (provider, ids) => io('payments.findByExternalId', () => findByExternalId(table, provider, ids)),
  receiveUnknown: (receipt, unknown) => io('payments.receiveUnknown', () => receiveUnknown(table, receipt, unknown)),
  save: (next) => io('payments.save', () => save(table, next), changed),
  saveReceived: (next, receipt) => io('payments.saveReceived', () => saveReceived(table, next, receipt), changed),
  saveClaimed: (next, claim) => io('payments.saveClaimed', () => saveClaimed(table, next, claim), changed),
  receive: (receipt) => io('payments.receive', () => receive(table, receipt)),
  claimedBy: (tenant, key) => io('payments.claimedBy', () => table.claims.get(tenantKey(tenant, key))),
  reschedule: (payment, later) => io('payments.reschedule', () => reschedule(table, payment, later)),
  rescheduleUnreadable: (key, until) =>
    io('payments.rescheduleUnreadable', () => rescheduleUnreadable(table, key, until)),
  due: (by, limit) => io('payments.due', () => due(table, by, limit)),
  list: (selection) => io('payments.list', () => list(table, selection)),
});
