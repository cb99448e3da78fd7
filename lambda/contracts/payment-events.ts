import * as z from 'zod';
import { defineEvent } from './event';
import { Amount, Currency } from './money';
import { DisputeState, PaymentFailure, PaymentId, PaymentMethod, ProviderName } from './payment-status';
import { CustomerId, identifier, OrderId, opaqueText, recordedLine } from './text';

/** What every payment event tells. `amount` is what the order costs, in minor units of `currency`. */
const PaymentSummary = z.object({
  paymentId: PaymentId,
  orderId: OrderId,
  /** Missing for a guest's. */
  userId: CustomerId.optional(),
  amount: Amount,
  currency: Currency,
  provider: ProviderName,
  paymentMethod: PaymentMethod,
});

/** The provider has been asked, and the customer may pay until `deadline`. */
export const PaymentRequested = defineEvent(
  'PaymentRequested.v1',
  PaymentSummary.extend({ deadline: z.iso.datetime() }),
);
export type PaymentRequested = z.infer<typeof PaymentRequested>;

/**
 * The provider has captured the money. The same capture may be told again, always with the same `externalPaymentId`.
 * `late` is one that came after the payment was given up: it is refunded without being asked for. `ownCapture` is a late
 * one that nobody paid too late: our own capture met our own cancel.
 */
export const PaymentSucceeded = defineEvent(
  'PaymentSucceeded.v1',
  PaymentSummary.extend({
    externalPaymentId: recordedLine(255),
    capturedAmount: Amount,
    late: z.boolean(),
    ownCapture: z.boolean().optional(),
  }),
);
export type PaymentSucceeded = z.infer<typeof PaymentSucceeded>;

/** Nothing was captured, and nothing will be. */
export const PaymentFailed = defineEvent('PaymentFailed.v1', PaymentSummary.extend({ reason: PaymentFailure }));
export type PaymentFailed = z.infer<typeof PaymentFailed>;

const refund = {
  refundId: identifier(128),
  /** The capture that it is of, as the provider calls it. Missing in events from before it was told. */
  externalPaymentId: recordedLine(255).optional(),
  refundAmount: Amount,
  refundedTotal: Amount,
  capturedTotal: Amount,
  /** The version of the payment with which it was completed or failed: told again by a newer one, it says the same. */
  decidedIn: z.int().positive().optional(),
  /** Refunds that failed, and whose money this one was asked for again. */
  replaces: z.array(identifier(128)).max(200).optional(),
  /** Not asked for here: made in the provider's dashboard, or taken by a dispute that was lost. */
  madeElsewhere: z.literal(true).optional(),
  /** The dispute that was lost. */
  disputeId: opaqueText(255).optional(),
};

/** The provider has given money back. `fullyRefunded` when nothing of what was captured is left. */
export const PaymentRefunded = defineEvent(
  'PaymentRefunded.v1',
  PaymentSummary.extend({ ...refund, fullyRefunded: z.boolean() }),
);
export type PaymentRefunded = z.infer<typeof PaymentRefunded>;

/** The provider gives no money back: a person must. */
export const PaymentRefundFailed = defineEvent(
  'PaymentRefundFailed.v1',
  PaymentSummary.extend({ ...refund, reason: recordedLine(255) }),
);
export type PaymentRefundFailed = z.infer<typeof PaymentRefundFailed>;

/** The provider tells of another amount or currency than was asked for. Nothing is done about it but to tell. */
export const PaymentMismatchFound = defineEvent(
  'PaymentMismatchFound.v1',
  PaymentSummary.extend({ externalPaymentId: recordedLine(255), seenAmount: Amount, seenCurrency: Currency }),
);
export type PaymentMismatchFound = z.infer<typeof PaymentMismatchFound>;

/**
 * The customer disputes a payment with their bank (a chargeback), or such a dispute has moved on. That one is lost is told
 * by `PaymentRefunded` with its `disputeId`: its money is gone.
 */
export const PaymentDisputed = defineEvent(
  'PaymentDisputed.v1',
  PaymentSummary.extend({
    disputeId: opaqueText(255),
    disputedAmount: Amount,
    disputeStatus: DisputeState,
    /** As the provider says: `fraudulent`, `product_not_received`. */
    reason: opaqueText(255),
    /** An inquiry: the bank has taken no money yet. */
    inquiry: z.boolean(),
    /** By when evidence must be with the provider; missing when no answer is possible. */
    evidenceDueBy: z.iso.datetime().optional(),
  }),
);
export type PaymentDisputed = z.infer<typeof PaymentDisputed>;

/**
 * A provider's signed notice of money that belongs to no payment known here. The tenant is the one of the notice where that
 * has payments here, else the default one. Told once for each external payment.
 */
export const UnknownPaymentFound = defineEvent(
  'UnknownPaymentFound.v1',
  z.object({
    provider: ProviderName,
    /** The provider's own ID: of the payment, or of the refund or dispute where that names no payment. */
    externalPaymentId: opaqueText(255),
    kind: z.enum(['capture', 'refund', 'dispute']),
    /** Missing where the provider does not say. */
    amount: Amount.optional(),
    currency: opaqueText(3).optional(),
    /** Why it is none of ours. */
    reason: z.enum(['unknown-payment', 'no-metadata', 'other-provider', 'other-mode']),
  }),
);
export type UnknownPaymentFound = z.infer<typeof UnknownPaymentFound>;

/** What is told of the payment of an order. */
export type PaymentEvent =
  | PaymentRequested
  | PaymentSucceeded
  | PaymentFailed
  | PaymentRefunded
  | PaymentRefundFailed
  | PaymentMismatchFound
  | PaymentDisputed;
