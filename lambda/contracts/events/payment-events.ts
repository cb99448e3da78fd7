import * as z from 'zod';
import { Amount, Currency } from '../values/money';
import { DisputeState, PaymentFailure, PaymentId, PaymentMethod, ProviderName } from '../values/payment-status';
import { personal } from '../values/personal';
import { CustomerId, identifier, OrderId, opaqueText, recordedLine } from '../values/text';
import { defineEvent } from './event';

/** The fields of every payment event. `amount` is the order's total in minor units of `currency`. */
const PaymentSummary = z.object({
  paymentId: PaymentId,
  orderId: OrderId,
  /** Missing for guests. */
  userId: CustomerId.optional(),
  amount: Amount,
  currency: Currency,
  provider: ProviderName,
  paymentMethod: PaymentMethod,
});

/** The payment is requested from the provider, and the customer may pay until `deadline`. */
export const PaymentRequested = defineEvent(
  'PaymentRequested.v1',
  PaymentSummary.extend({ deadline: z.iso.datetime() }),
);
export type PaymentRequested = z.infer<typeof PaymentRequested>;

/**
 * The provider has captured the money. The same capture may be published again, always with the same
 * `externalPaymentId`. A `late` one came after the payment was given up and is refunded automatically. A late one with
 * `ownCapture` was not paid too late by the customer: the shop's own capture crossed its own cancellation.
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

/** The payment ended without a capture. */
export const PaymentFailed = defineEvent('PaymentFailed.v1', PaymentSummary.extend({ reason: PaymentFailure }));
export type PaymentFailed = z.infer<typeof PaymentFailed>;

const refund = {
  refundId: identifier(128),
  /** The provider's ID of the refunded capture. Missing in old events. */
  externalPaymentId: recordedLine(255).optional(),
  refundAmount: Amount,
  refundedTotal: Amount,
  capturedTotal: Amount,
  /** The payment's version that completed or failed it. A later repetition of the event has the same. */
  decidedIn: z.int().positive().optional(),
  /** The failed refunds that this one replaces. */
  replaces: z.array(identifier(128)).max(200).optional(),
  /** It was made in the provider's dashboard or by a lost dispute, not requested here. */
  madeElsewhere: z.literal(true).optional(),
  /** The lost dispute. */
  disputeId: opaqueText(255).optional(),
};

/** The provider has refunded money. `fullyRefunded` is true when all captures are completely refunded. */
export const PaymentRefunded = defineEvent(
  'PaymentRefunded.v1',
  PaymentSummary.extend({ ...refund, fullyRefunded: z.boolean() }),
);
export type PaymentRefunded = z.infer<typeof PaymentRefunded>;

/** The provider could not refund the money, so a person must. */
export const PaymentRefundFailed = defineEvent(
  'PaymentRefundFailed.v1',
  PaymentSummary.extend({ ...refund, reason: personal('words', recordedLine(255)) }),
);
export type PaymentRefundFailed = z.infer<typeof PaymentRefundFailed>;

/** The provider reports another amount or currency than requested. It only raises an alert. */
export const PaymentMismatchFound = defineEvent(
  'PaymentMismatchFound.v1',
  PaymentSummary.extend({ externalPaymentId: recordedLine(255), seenAmount: Amount, seenCurrency: Currency }),
);
export type PaymentMismatchFound = z.infer<typeof PaymentMismatchFound>;

/**
 * The customer disputes a payment with their bank (a chargeback), or the dispute's status has changed. A lost dispute
 * is published as `PaymentRefunded` with its `disputeId`.
 */
export const PaymentDisputed = defineEvent(
  'PaymentDisputed.v1',
  PaymentSummary.extend({
    disputeId: opaqueText(255),
    disputedAmount: Amount,
    disputeStatus: DisputeState,
    /** The provider's code: `fraudulent`, `product_not_received`. */
    reason: opaqueText(255),
    /** Whether it is an inquiry: the bank has taken no money yet. */
    inquiry: z.boolean(),
    /** The deadline for evidence. Missing when no answer is possible. */
    evidenceDueBy: z.iso.datetime().optional(),
  }),
);
export type PaymentDisputed = z.infer<typeof PaymentDisputed>;

/**
 * A signed webhook about money that belongs to no payment known here. The tenant is the one in the webhook if it has
 * payments here, otherwise the default tenant. Published once for each external payment.
 */
export const UnknownPaymentFound = defineEvent(
  'UnknownPaymentFound.v1',
  z.object({
    provider: ProviderName,
    /** The provider's ID of the payment, or of a refund or dispute that names no payment. */
    externalPaymentId: opaqueText(255),
    kind: z.enum(['capture', 'refund', 'dispute']),
    /** Missing when the provider does not state it. */
    amount: Amount.optional(),
    currency: opaqueText(3).optional(),
    /** Why it matches no payment. */
    reason: z.enum(['unknown-payment', 'no-metadata', 'other-provider', 'other-mode']),
  }),
);
export type UnknownPaymentFound = z.infer<typeof UnknownPaymentFound>;

/** Every event of the payment service about an order's payment. */
export type PaymentEvent =
  | PaymentRequested
  | PaymentSucceeded
  | PaymentFailed
  | PaymentRefunded
  | PaymentRefundFailed
  | PaymentMismatchFound
  | PaymentDisputed;
