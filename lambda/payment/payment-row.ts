import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  DisputeState,
  PaymentFailure,
  PaymentMethod,
  PaymentState,
  ProviderName,
  RefundState,
} from '../contracts/values/payment-status';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import type { InternalFact, Payment } from './domain/payment';

const cause = {
  actor: z.string(),
  network: z.string().optional(),
  causationId: z.string().optional(),
  traceparent: z.string().optional(),
};

const internalFacts = [
  'ProviderAsked',
  'CheckoutOpened',
  'CheckoutReplaced',
  'KeyReplaced',
  'SpentKeyChecked',
  'PaymentAuthorized',
  'PaymentDeclined',
  'DetailsLearned',
  'CancelRequested',
  'CheckoutClosed',
  'FailureNoted',
  'RefundRequested',
  'RefundProcessing',
  'RefundsOutdated',
  'RefundsRead',
  'OtherPaymentFound',
  'OtherPaymentClosed',
] as const satisfies readonly InternalFact[];

const madeElsewhere = z.literal(true).optional();
const disputeId = z.string().optional();
const refund = { refundId: z.string(), refundAmount: z.int(), madeElsewhere, disputeId };

const Fact = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['PaymentRequested', ...internalFacts]), ...cause }),
  z.object({
    type: z.literal('PaymentSucceeded'),
    externalPaymentId: z.string(),
    capturedAmount: z.int(),
    late: z.boolean(),
    ownCapture: z.boolean().optional(),
    ...cause,
  }),
  z.object({ type: z.literal('PaymentFailed'), reason: PaymentFailure, ...cause }),
  z.object({ type: z.literal('PaymentRefunded'), ...refund, ...cause }),
  z.object({ type: z.literal('PaymentRefundFailed'), ...refund, reason: z.string(), ...cause }),
  z.object({ type: z.literal('PaymentDisputed'), disputeId: z.string(), ...cause }),
  z.object({
    type: z.literal('PaymentMismatchFound'),
    externalPaymentId: z.string(),
    seenAmount: z.int(),
    seenCurrency: z.string(),
    ...cause,
  }),
]);

const event = z.enum([
  'PaymentRequested',
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentRefunded',
  'PaymentRefundFailed',
  'PaymentMismatchFound',
  'PaymentDisputed',
  ...internalFacts,
]);

const PaidLine = z.object({ productId: z.string(), quantity: z.int(), unitPrice: z.int(), taxRateBps: z.int() });

const Refund = z.object({
  refundId: z.string(),
  amount: z.int().nonnegative(),
  reason: z.string(),
  status: RefundState,
  externalPaymentId: z.string(),
  externalRefundId: z.string().optional(),
  failureReason: z.string().optional(),
  lines: z.array(PaidLine).optional(),
  returnId: z.string().optional(),
  requestedAmount: z.int().nonnegative().optional(),
  madeElsewhere,
  disputeId,
  notBefore: z.iso.datetime().optional(),
  replaces: z.array(z.string()).optional(),
  keyNumber: z.int().nonnegative().optional(),
  createdAt: z.iso.datetime(),
  processedAt: z.iso.datetime().optional(),
  totals: z
    .object({
      refundedTotal: z.int().nonnegative(),
      capturedTotal: z.int().nonnegative(),
      decidedIn: z.int().positive().optional(),
    })
    .optional(),
});

const Mismatch = z.object({ externalPaymentId: z.string(), amount: z.int(), currency: z.string() });
const Dispute = z.object({
  disputeId: z.string(),
  externalPaymentId: z.string(),
  amount: z.int().nonnegative(),
  reason: z.string(),
  status: DisputeState,
  inquiry: z.boolean(),
  evidenceDueBy: z.iso.datetime().optional(),
  seenAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** A row or stream image of the payments table. Its key includes the tenant. */
const PaymentRow = z.object({
  paymentId: z.string(),
  orderId: z.string(),
  userId: z.string().optional(),
  amount: z.int().nonnegative(),
  currency: z.string(),
  paymentMethod: PaymentMethod,
  provider: ProviderName,
  lines: z.array(PaidLine),
  status: PaymentState,
  providerState: z.enum(['UNKNOWN', 'OPEN', 'AUTHORIZED', 'CAPTURED', 'CLOSED']),
  externalPaymentId: z.string().optional(),
  paymentIntentId: z.string().optional(),
  keyNumber: z.int().nonnegative().default(0), // rows from before numbered keys
  spentKeys: z.array(z.object({ keyNumber: z.int().nonnegative(), lookAt: z.iso.datetime() })).default([]),
  replaced: z.array(z.object({ externalPaymentId: z.string(), paymentIntentId: z.string().optional() })).default([]),
  checkoutExpiresAt: z.iso.datetime().optional(),
  transactionId: z.string().optional(),
  details: z.string().optional(),
  failure: PaymentFailure.optional(),
  failureReason: z.string().optional(),
  lastEventId: z.string().optional(),
  capturedAmount: z.int().nonnegative(),
  late: z.enum(['no', 'paid-late', 'own-capture']).optional(),
  extraCaptures: z.array(z.object({ externalPaymentId: z.string(), amount: z.int() })),
  others: z.array(z.string()).default([]), // rows from before duplicates were stored
  refunds: z.array(Refund),
  refundsOutdated: z.array(z.string()).default([]),
  disputes: z.array(Dispute).default([]), // rows from before disputes were stored
  indexedIds: z.array(z.string()).default([]),
  mismatch: Mismatch.optional(),
  mismatches: z.array(Mismatch).optional(),
  cancelRequested: z.boolean(),
  orderReturned: z.boolean().optional(),
  settledReturns: z.array(z.string()).optional(),
  failedElsewhere: z.array(z.string()).optional(),
  askedAt: z.iso.datetime().optional(),
  attempts: z.int().nonnegative(),
  delayed: z.boolean(),
  deadline: z.iso.datetime(),
  processedAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  correlationId: z.string(),
  version: z.int().positive(),
  dueAt: z.iso.datetime().optional(),
  fact: Fact,
  history: z.array(
    z.object({ at: z.iso.datetime(), event, status: PaymentState, actor: z.string(), note: z.string().optional() }),
  ),
});

/** Throws for a row that does not match the schema. */
export const paymentFromRow = (item: unknown): Payment => {
  const { paymentId: key, ...rest } = PaymentRow.parse(item);
  const { tenant, id: paymentId } = parseTenantKey(key);
  return { ...rest, tenant, paymentId };
};

export const paymentKey = (tenant: Tenant, paymentId: string): string => tenantKey(tenant, paymentId);

/** The index partitions of the payment lists: one per tenant and one per customer. */
export const lists = {
  byTenant: (tenant: Tenant) => tenantKey(tenant, 'PAYMENTS'),
  byCustomer: (tenant: Tenant, userId: string) => tenantKey(tenant, `CUSTOMER#${userId}`),
} as const;

/** The number of partitions of the due index; each takes 1,000 writes a second. */
export const dueShards = 4;

/** Returns the same shard for the same payment. */
const dueShardOf = (key: string): string => `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

export const rowOfPayment = ({ tenant, ...rest }: Payment) => {
  const key = paymentKey(tenant, rest.paymentId);
  return {
    ...rest,
    paymentId: key,
    tenantList: lists.byTenant(tenant),
    ...(rest.userId === undefined ? {} : { customerList: lists.byCustomer(tenant, rest.userId) }),
    ...(rest.dueAt === undefined ? {} : { dueShard: dueShardOf(key) }),
  };
};

/** The key of the row that points from an external ID to its payment. */
export const externalKey = (provider: string, externalId: string): string => `#EXTERNAL#${provider}#${externalId}`;

const maxPointers = 50; // a transaction takes a hundred items

/** Returns the external IDs that do not point to the payment yet. */
const newIdsOf = ({ externalPaymentId, transactionId, extraCaptures, others, indexedIds }: Payment): string[] => {
  const extras = extraCaptures.map((capture) => capture.externalPaymentId);
  const ids = [externalPaymentId, transactionId, ...extras, ...others].flatMap((id) => id || []);
  return [...new Set(ids)].filter((id) => !indexedIds.includes(id)).slice(0, maxPointers);
};

/** Returns the payment and the rows of its new external IDs, to be written in one transaction. */
export const indexedPayment = (payment: Payment) => {
  const { tenant, paymentId, provider } = payment;
  const newIds = newIdsOf(payment);
  return {
    payment: { ...payment, indexedIds: [...payment.indexedIds, ...newIds] },
    pointers: newIds.map((id) => ({
      paymentId: externalKey(provider, id),
      pointsTo: paymentKey(tenant, paymentId),
    })),
  };
};
