import * as z from 'zod';
import { defineEvent } from './event';
import { Amount, Currency } from './money';
import { PaymentFailure, PaymentId, PaymentMethod, ProviderName } from './payment-status';
import { CustomerId, identifier, OrderId, recordedLine } from './text';

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
  refundAmount: Amount,
  refundedTotal: Amount,
  capturedTotal: Amount,
  /** Refunds that failed, and whose money this one was asked for again. */
  replaces: z.array(identifier(128)).max(200).optional(),
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

export type PaymentEvent =
  | PaymentRequested
  | PaymentSucceeded
  | PaymentFailed
  | PaymentRefunded
  | PaymentRefundFailed
  | PaymentMismatchFound;
