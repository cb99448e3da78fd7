import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Claim, claimColumns, claimId } from '../kernel/dynamodb/claim';
import { rescheduleRow } from '../kernel/dynamodb/due-index';
import { existingRow, putNew, putNext, transact, unlessRefused } from '../kernel/dynamodb/dynamodb';
import type { Tenant } from '../kernel/tenant';
import type { Payment, PaymentKey } from './domain/payment';
import { type UnknownPayment, unknownPaymentRow } from './domain/unknown-payment';
import {
  type DuePayment,
  duePayments,
  listPayments,
  type PaymentPage,
  type PaymentSelection,
} from './payment-lists.store';
import { externalKey, indexedPayment, paymentFromRow, paymentKey, rowOfPayment } from './payment-row';

/** A received webhook. It is stored in the transaction of its change, so that the change happens once. */
export type Receipt = {
  readonly provider: string;
  readonly eventId: string;
  /** Its subject: `payment CAPTURED`, `refund COMPLETED`, or the provider's own name. */
  readonly about: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly expiresAt: Date;
};

/** A claim on an idempotency key, with the refund that its request makes. */
export type RefundClaim = Claim & { readonly refundId: string };

/** The request that holds a claim, and its refund. */
export type ClaimHolder = { readonly requestHash: string; readonly paymentId: string; readonly refundId: string };

/** The result of a write. `changed`: a concurrent write won. `known`: the webhook was received before. */
export type SaveOutcome = 'saved' | 'changed' | 'known' | { readonly claimedBy: ClaimHolder };

type Payments = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Item = Record<string, unknown>;

const receiptKey = ({ provider, eventId }: Pick<Receipt, 'provider' | 'eventId'>) => `#WEBHOOK#${provider}#${eventId}`;
const epoch = (date: Date) => Math.floor(date.getTime() / 1000);

const receiptRow = (receipt: Receipt) => ({
  ...receipt,
  paymentId: receiptKey(receipt),
  expiresAt: epoch(receipt.expiresAt),
});

const claimRow = ({ tenant, paymentId }: Payment, claim: RefundClaim) => ({
  paymentId: claimId(tenant, claim.key),
  ...claimColumns(claim),
  claimedPaymentId: paymentId,
  refundId: claim.refundId,
});

const holderOf = ({ requestHash, claimedPaymentId, refundId }: Item): ClaimHolder => ({
  requestHash: String(requestHash),
  paymentId: String(claimedPaymentId),
  refundId: String(refundId),
});

const putNewRow = ({ table }: Payments, row: Item) => putNew(table, 'paymentId', row);

const read = async ({ table, db }: Payments, paymentId: string): Promise<Item | undefined> => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: { paymentId }, ConsistentRead: true }));
  return Item;
};

/** Returns true when the item was written and false when its condition failed. */
const put = ({ db }: Payments, input: ConstructorParameters<typeof PutCommand>[0]): Promise<boolean> =>
  unlessRefused(() => db.send(new PutCommand(input)));

type Written = { readonly next: Payment; readonly beside: readonly Item[]; readonly pointers?: readonly Item[] };

/** Writes all items or none. Returns the existing item when the first row in `beside` exists already. */
const saveTogether = async (
  { table, db }: Payments,
  { next, beside, pointers = [] }: Written,
): Promise<Item | SaveOutcome> => {
  const cancelled = await transact(db, [
    { Put: putNext(table, rowOfPayment(next)) },
    ...beside.map((row) => ({ Put: putNewRow({ table, db }, row) })),
    ...pointers.map((Item) => ({ Put: { TableName: table, Item } })),
  ]);
  if (cancelled === undefined) return 'saved';
  return (beside.length === 0 ? undefined : existingRow(cancelled, 1)) ?? 'changed';
};

const save = async (payments: Payments, given: Payment): Promise<SaveOutcome> => {
  const { payment: next, pointers } = indexedPayment(given);
  if (pointers.length === 0)
    return (await put(payments, putNext(payments.table, rowOfPayment(next)))) ? 'saved' : 'changed';
  return (await saveTogether(payments, { next, beside: [], pointers })) === 'saved' ? 'saved' : 'changed';
};

const saveReceived = async (payments: Payments, given: Payment, receipt: Receipt): Promise<SaveOutcome> => {
  const { payment: next, pointers } = indexedPayment(given);
  const outcome = await saveTogether(payments, { next, beside: [receiptRow(receipt)], pointers });
  return outcome === 'saved' || outcome === 'changed' ? outcome : 'known';
};

const saveClaimed = async (payments: Payments, next: Payment, claim: RefundClaim): Promise<SaveOutcome> => {
  const outcome = await saveTogether(payments, { next, beside: [claimRow(next, claim)] });
  return outcome === 'saved' || outcome === 'changed' ? outcome : { claimedBy: holderOf(outcome as Item) };
};

/** The unknown payment may be stored already by another webhook; then only the receipt is written. */
const receiveUnknown = async (payments: Payments, receipt: Item, unknown: UnknownPayment): Promise<boolean> => {
  const rows = [receipt, unknownPaymentRow(unknown)].map((row) => ({ Put: putNewRow(payments, row) }));
  if ((await transact(payments.db, rows)) === undefined) return true;
  return put(payments, putNewRow(payments, receipt));
};

const findByExternalId = async (payments: Payments, provider: string, ids: readonly string[]) => {
  for (const id of ids) {
    const pointer = await read(payments, externalKey(provider, id));
    const row = pointer && (await read(payments, String(pointer.pointsTo)));
    if (row !== undefined) return paymentFromRow(row);
  }
  return undefined;
};

/** The due time after a try without result. Version and fact stay, so the relay publishes nothing. */
export type Rescheduled = Required<Pick<Payment, 'attempts' | 'delayed'>> & { readonly dueAt: string };

type Condition = { readonly set: string; readonly when: string; readonly values: Record<string, unknown> };

/** Changes the due time. Returns false after a concurrent change. */
const rescheduleWhen = async ({ table, db }: Payments, { tenant, paymentId }: PaymentKey, change: Condition) => {
  try {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { paymentId: paymentKey(tenant, paymentId) },
        UpdateExpression: change.set,
        ConditionExpression: change.when,
        ExpressionAttributeValues: change.values,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const reschedule = (
  payments: Payments,
  payment: Payment,
  { dueAt, attempts, delayed }: Rescheduled,
): Promise<boolean> =>
  rescheduleWhen(payments, payment, {
    set: 'SET dueAt = :dueAt, attempts = :attempts, delayed = :delayed',
    when: 'version = :version AND dueAt = :before',
    values: {
      ...{ ':dueAt': dueAt, ':attempts': attempts, ':delayed': delayed },
      ...{ ':version': payment.version, ':before': payment.dueAt },
    },
  });

const rescheduleUnreadable = (payments: Payments, due: DuePayment, until: Date): Promise<boolean> =>
  rescheduleRow(payments, { paymentId: paymentKey(due.tenant, due.paymentId) }, { before: due.dueAt, until });

/** The writes and queries for webhooks. */
const webhooksOf = (payments: Payments) => ({
  /** Returns the payment that has one of these external IDs. */
  findByExternalId: (provider: string, ids: readonly string[]): Promise<Payment | undefined> =>
    findByExternalId(payments, provider, ids),

  /** Stores a webhook and its unknown payment, each once. Returns false when the webhook was received before. */
  receiveUnknown: (receipt: Receipt, unknown: UnknownPayment): Promise<boolean> =>
    receiveUnknown(payments, receiptRow(receipt), unknown),

  /** Writes the next version and the webhook that caused it in one transaction. */
  saveReceived: (next: Payment, receipt: Receipt): Promise<SaveOutcome> => saveReceived(payments, next, receipt),

  /** Stores a webhook that changes nothing. Returns false when it was received before. */
  receive: (receipt: Receipt): Promise<boolean> => put(payments, putNewRow(payments, receiptRow(receipt))),
});

/** The payments table with webhook receipts and idempotency claims. Every write of a payment checks its version. */
export const paymentStore = (table: string, db: DynamoDBDocumentClient) => {
  const payments = { table, db };
  return {
    ...webhooksOf(payments),

    /** Stores a new payment. Returns false when the order has one already. */
    insert: (payment: Payment): Promise<boolean> => put(payments, putNewRow(payments, rowOfPayment(payment))),

    /** Returns the payment, read consistently. */
    get: async ({ tenant, paymentId }: PaymentKey): Promise<Payment | undefined> => {
      const row = await read(payments, paymentKey(tenant, paymentId));
      return row === undefined ? undefined : paymentFromRow(row);
    },

    /** Writes the next version. */
    save: (next: Payment): Promise<SaveOutcome> => save(payments, next),

    /** Writes the next version and the claim of its request in one transaction. */
    saveClaimed: (next: Payment, claim: RefundClaim): Promise<SaveOutcome> => saveClaimed(payments, next, claim),

    /** Returns the holder of the claim on an idempotency key. */
    claimedBy: async (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
      const row = await read(payments, claimId(tenant, key));
      return row === undefined ? undefined : holderOf(row);
    },

    /** Reschedules a payment. Returns false after a concurrent change. */
    reschedule: (payment: Payment, later: Rescheduled): Promise<boolean> => reschedule(payments, payment, later),

    /** Reschedules a payment whose row cannot be parsed. Returns false when it has changed meanwhile. */
    rescheduleUnreadable: (due: DuePayment, until: Date): Promise<boolean> =>
      rescheduleUnreadable(payments, due, until),

    /** Returns the payments due by `by`, at most `limit` of each shard. */
    due: (by: Date, limit: number): Promise<DuePayment[]> => duePayments(payments, by, limit),

    /** Returns one page of payments, newest first. */
    list: (selection: PaymentSelection): Promise<PaymentPage> => listPayments(payments, selection),
  };
};

export type PaymentStore = ReturnType<typeof paymentStore>;
