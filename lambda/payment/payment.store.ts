import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rescheduleRow } from '../kernel/dynamodb/due-index';
import { isTransactionConflict } from '../kernel/dynamodb/dynamodb';
import { retry } from '../kernel/retry';
import { type Tenant, tenantKey } from '../kernel/tenant';
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

/** A webhook that was received: kept in the same transaction as what it changes, so that it changes it once. */
export type Receipt = {
  readonly provider: string;
  readonly eventId: string;
  /** What it was about: `payment CAPTURED`, `refund COMPLETED`, or the provider's own name of it. */
  readonly about: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly expiresAt: Date;
};

/** A claim on an idempotency key: kept in the same transaction as the refund that it stands for. */
export type Claim = {
  readonly key: string;
  readonly requestHash: string;
  readonly refundId: string;
  readonly expiresAt: Date;
};

/** What the request that made a claim asked, and the refund that it got. */
export type ClaimHolder = { readonly requestHash: string; readonly paymentId: string; readonly refundId: string };

/** What became of a write. `changed`: somebody else wrote first. `known`: the webhook was received before. */
export type SaveOutcome = 'saved' | 'changed' | 'known' | { readonly claimedBy: ClaimHolder };

type Payments = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Item = Record<string, unknown>;

const receiptKey = ({ provider, eventId }: Pick<Receipt, 'provider' | 'eventId'>) => `#WEBHOOK#${provider}#${eventId}`;
const claimKey = (tenant: Tenant, key: string) => tenantKey(tenant, `IDEMPOTENCY#${key}`);
const epoch = (date: Date) => Math.floor(date.getTime() / 1000);

const receiptRow = (receipt: Receipt) => ({
  ...receipt,
  paymentId: receiptKey(receipt),
  expiresAt: epoch(receipt.expiresAt),
});

const claimRow = ({ tenant, paymentId }: Payment, { key, requestHash, refundId, expiresAt }: Claim) => ({
  paymentId: claimKey(tenant, key),
  requestHash,
  claimedPaymentId: paymentId,
  refundId,
  expiresAt: epoch(expiresAt),
});

const holderOf = ({ requestHash, claimedPaymentId, refundId }: Item): ClaimHolder => ({
  requestHash: String(requestHash),
  paymentId: String(claimedPaymentId),
  refundId: String(refundId),
});

const putNew = ({ table }: Payments, Item: Item) => ({
  TableName: table,
  Item,
  ConditionExpression: 'attribute_not_exists(paymentId)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** The next version, written only over the one that it builds on. */
const putNext = ({ table }: Payments, next: Payment) => ({
  TableName: table,
  Item: rowOfPayment(next),
  ConditionExpression: 'version = :previous',
  ExpressionAttributeValues: { ':previous': next.version - 1 },
});

const read = async ({ table, db }: Payments, paymentId: string): Promise<Item | undefined> => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: { paymentId }, ConsistentRead: true }));
  return Item;
};

/** True when the item was written, false when its condition did not hold. */
const put = async ({ db }: Payments, input: ConstructorParameters<typeof PutCommand>[0]): Promise<boolean> => {
  try {
    await retry(() => db.send(new PutCommand(input)), isTransactionConflict);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

type Written = { readonly next: Payment; readonly beside: readonly Item[]; readonly pointers?: readonly Item[] };

/** All of it or nothing. Returns what stands in the place of the first row beside the payment, where there is something. */
const saveTogether = async (
  payments: Payments,
  { next, beside, pointers = [] }: Written,
): Promise<Item | SaveOutcome> => {
  const write = new TransactWriteCommand({
    TransactItems: [
      { Put: putNext(payments, next) },
      ...beside.map((row) => ({ Put: putNew(payments, row) })),
      ...pointers.map((Item) => ({ Put: { TableName: payments.table, Item } })),
    ],
  });
  try {
    await retry(() => payments.db.send(write), isTransactionConflict);
    return 'saved';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const there = beside.length === 0 ? undefined : error.CancellationReasons?.[1]?.Item;
    return there === undefined ? 'changed' : unmarshall(there);
  }
};

const save = async (payments: Payments, given: Payment): Promise<SaveOutcome> => {
  const { payment: next, pointers } = indexedPayment(given);
  if (pointers.length === 0) return (await put(payments, putNext(payments, next))) ? 'saved' : 'changed';
  return (await saveTogether(payments, { next, beside: [], pointers })) === 'saved' ? 'saved' : 'changed';
};

const saveReceived = async (payments: Payments, given: Payment, receipt: Receipt): Promise<SaveOutcome> => {
  const { payment: next, pointers } = indexedPayment(given);
  const outcome = await saveTogether(payments, { next, beside: [receiptRow(receipt)], pointers });
  return outcome === 'saved' || outcome === 'changed' ? outcome : 'known';
};

const saveClaimed = async (payments: Payments, next: Payment, claim: Claim): Promise<SaveOutcome> => {
  const outcome = await saveTogether(payments, { next, beside: [claimRow(next, claim)] });
  return outcome === 'saved' || outcome === 'changed' ? outcome : { claimedBy: holderOf(outcome as Item) };
};

/** What tells of the same money again finds it kept already: the webhook alone is noted then. */
const receiveUnknown = async (payments: Payments, receipt: Item, unknown: UnknownPayment): Promise<boolean> => {
  const rows = [receipt, unknownPaymentRow(unknown)].map((row) => ({ Put: putNew(payments, row) }));
  try {
    await retry(() => payments.db.send(new TransactWriteCommand({ TransactItems: rows })), isTransactionConflict);
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return put(payments, putNew(payments, receipt));
  }
};

const findByExternalId = async (payments: Payments, provider: string, ids: readonly string[]) => {
  for (const id of ids) {
    const pointer = await read(payments, externalKey(provider, id));
    const row = pointer && (await read(payments, String(pointer.pointsTo)));
    if (row !== undefined) return paymentFromRow(row);
  }
  return undefined;
};

/** When the poller looks again after asking in vain. Version and fact stay, so the relay tells nothing. */
export type Rescheduled = Required<Pick<Payment, 'attempts' | 'delayed'>> & { readonly dueAt: string };

type Condition = { readonly set: string; readonly when: string; readonly values: Record<string, unknown> };

/** Changes when a payment is due, and what belongs to that. False when somebody else changed it. */
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

/** What providers' webhooks are stored by. */
const webhooksOf = (payments: Payments) => ({
  /** The payment that a provider knows by one of these IDs, if there is any. */
  findByExternalId: (provider: string, ids: readonly string[]): Promise<Payment | undefined> =>
    findByExternalId(payments, provider, ids),

  /** Notes a webhook about money of no payment, and keeps that once. False when the webhook was received before. */
  receiveUnknown: (receipt: Receipt, unknown: UnknownPayment): Promise<boolean> =>
    receiveUnknown(payments, receiptRow(receipt), unknown),

  /** Writes the next version with the webhook that it came of. All of it or nothing. */
  saveReceived: (next: Payment, receipt: Receipt): Promise<SaveOutcome> => saveReceived(payments, next, receipt),

  /** Notes a webhook that changes nothing. False when it was received before. */
  receive: (receipt: Receipt): Promise<boolean> => put(payments, putNew(payments, receiptRow(receipt))),
});

/** The table of payments, with receipts of webhooks and claims. Every write of a payment checks its version. */
export const paymentStore = (table: string, db: DynamoDBDocumentClient) => {
  const payments = { table, db };
  return {
    ...webhooksOf(payments),

    /** Stores a new payment. False when its order has one. */
    insert: (payment: Payment): Promise<boolean> => put(payments, putNew(payments, rowOfPayment(payment))),

    /** Reads one payment as it is now. */
    get: async ({ tenant, paymentId }: PaymentKey): Promise<Payment | undefined> => {
      const row = await read(payments, paymentKey(tenant, paymentId));
      return row === undefined ? undefined : paymentFromRow(row);
    },

    /** Writes the next version. */
    save: (next: Payment): Promise<SaveOutcome> => save(payments, next),

    /** Writes the next version with the claim of who asked for it. All of it or nothing. */
    saveClaimed: (next: Payment, claim: Claim): Promise<SaveOutcome> => saveClaimed(payments, next, claim),

    /** Who holds the claim on an idempotency key, if anybody does. */
    claimedBy: async (tenant: Tenant, key: string): Promise<ClaimHolder | undefined> => {
      const row = await read(payments, claimKey(tenant, key));
      return row === undefined ? undefined : holderOf(row);
    },

    /** Looks at a payment later. False when somebody else changed it. */
    reschedule: (payment: Payment, later: Rescheduled): Promise<boolean> => reschedule(payments, payment, later),

    /** Looks at a payment later whose row cannot be read. False when somebody has dealt with it. */
    rescheduleUnreadable: (due: DuePayment, until: Date): Promise<boolean> =>
      rescheduleUnreadable(payments, due, until),

    /** The payments that are due by then, at most `limit` of each of the index's shards, with when. */
    due: (by: Date, limit: number): Promise<DuePayment[]> => duePayments(payments, by, limit),

    /** One page of payments, newest first. */
    list: (selection: PaymentSelection): Promise<PaymentPage> => listPayments(payments, selection),
  };
};

export type PaymentStore = ReturnType<typeof paymentStore>;
