import type {
  DisputeState,
  PaymentFailure,
  PaymentMethod,
  PaymentState,
  ProviderName,
  RefundState,
} from '../../contracts/values/payment-status';
import type { Tenant } from '../../kernel/tenant';

/** The payment's state at its provider. `UNKNOWN`: requested or about to be, without an answer so far. */
type ProviderState = 'UNKNOWN' | 'OPEN' | 'AUTHORIZED' | 'CAPTURED' | 'CLOSED';

/** A quantity of one product of the order, at the price paid without tax. */
export type PaidLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly taxRateBps: number;
};

/** A refund, completed or not. `externalPaymentId` is the capture that it is of. */
export type Refund = {
  readonly refundId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: RefundState;
  readonly externalPaymentId: string;
  readonly externalRefundId?: string | undefined;
  readonly failureReason?: string | undefined;
  /** The goods refunded; undefined for a refund of an amount. */
  readonly lines?: readonly PaidLine[] | undefined;
  /** The return that caused it. */
  readonly returnId?: string | undefined;
  /** The amount first requested, when the provider could no longer refund all of it. */
  readonly requestedAmount?: number | undefined;
  /** Made in the provider's dashboard, or taken by a lost dispute. */
  readonly madeElsewhere?: true | undefined;
  readonly disputeId?: string | undefined;
  /** Not sent before this time, because an earlier refund of the same money failed. */
  readonly notBefore?: string | undefined;
  /** Failed refunds that this one retries. */
  readonly replaces?: readonly string[] | undefined;
  /** The number of its idempotency key. @default 0, the first */
  readonly keyNumber?: number | undefined;
  readonly createdAt: string;
  readonly processedAt?: string | undefined;
  /** The totals when it was completed, so that a replayed event says the same. */
  readonly totals?: RefundTotals | undefined;
};

export type RefundTotals = {
  readonly refundedTotal: number;
  readonly capturedTotal: number;
  /** The payment's version that completed it. Undefined in rows from before it was stored. */
  readonly decidedIn?: number | undefined;
};

/** A customer's dispute (chargeback) of a capture, as last reported. */
export type Dispute = {
  readonly disputeId: string;
  readonly externalPaymentId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: DisputeState;
  readonly inquiry: boolean;
  readonly evidenceDueBy?: string | undefined;
  /** When the provider reported it; older reports are ignored. */
  readonly seenAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A checkout page that was replaced, with the IDs to close it at the provider. */
type ReplacedCheckout = {
  readonly externalPaymentId: string;
  readonly paymentIntentId?: string | undefined;
};

/**
 * An idempotency key under which the provider always fails. From `lookAt` on, a search shows whether it created
 * anything.
 */
export type SpentKey = { readonly keyNumber: number; readonly lookAt: string };

/** Money captured by the provider. */
export type Capture = { readonly externalPaymentId: string; readonly amount: number };

/** A provider payment that was not requested as such, as last reported. */
export type Mismatch = { readonly externalPaymentId: string; readonly amount: number; readonly currency: string };

/** Who caused a capture after the payment ended: the customer, or our own request that met our own cancel. */
type LateCapture = 'paid-late' | 'own-capture';

/** Internal events: stored, not published. */
export type InternalFact =
  | 'ProviderAsked'
  | 'CheckoutOpened'
  | 'CheckoutReplaced'
  | 'KeyReplaced'
  | 'SpentKeyChecked'
  | 'PaymentAuthorized'
  | 'PaymentDeclined'
  | 'DetailsLearned'
  | 'CancelRequested'
  | 'CheckoutClosed'
  | 'FailureNoted'
  | 'RefundRequested'
  | 'RefundProcessing'
  | 'RefundsOutdated'
  | 'RefundsRead'
  | 'OtherPaymentFound'
  | 'OtherPaymentClosed';

export type RefundFact = Pick<Refund, 'refundId' | 'madeElsewhere' | 'disputeId'> & { readonly refundAmount: number };

export type PaymentFact = (
  | { readonly type: 'PaymentRequested' | InternalFact }
  | {
      readonly type: 'PaymentSucceeded';
      readonly externalPaymentId: string;
      readonly capturedAmount: number;
      readonly late: boolean;
      /** It is late because our own capture met our own cancel. @default false */
      readonly ownCapture?: boolean | undefined;
    }
  | { readonly type: 'PaymentFailed'; readonly reason: PaymentFailure }
  | ({ readonly type: 'PaymentRefunded' } & RefundFact)
  | ({ readonly type: 'PaymentRefundFailed'; readonly reason: string } & RefundFact)
  | { readonly type: 'PaymentDisputed'; readonly disputeId: string }
  | {
      readonly type: 'PaymentMismatchFound';
      readonly externalPaymentId: string;
      readonly seenAmount: number;
      readonly seenCurrency: string;
    }
) & {
  /** A user's ID, or the service that acted. */
  readonly actor: string;
  readonly network?: string | undefined;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
};

export type PaymentKey = { readonly tenant: Tenant; readonly paymentId: string };

/** The payment of one order. Amounts are minor units of `currency`. */
export type Payment = PaymentKey & {
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: PaymentMethod;
  readonly provider: ProviderName;
  /** The order's lines, from which refunds by line are computed. */
  readonly lines: readonly PaidLine[];
  readonly status: PaymentState;
  readonly providerState: ProviderState;
  readonly externalPaymentId?: string | undefined;
  readonly paymentIntentId?: string | undefined;
  /** The number of the idempotency key in use. It is raised and stored before the next key is used. */
  readonly keyNumber: number;
  readonly spentKeys: readonly SpentKey[];
  readonly replaced: readonly ReplacedCheckout[];
  /** When the provider expires the checkout page; undefined when it does not. */
  readonly checkoutExpiresAt?: string | undefined;
  /** The provider's ID of the capture, where it differs: Stripe's charge, PayPay's own payment ID. */
  readonly transactionId?: string | undefined;
  /** Encrypted: how the customer pays, and the card's brand and last four digits. */
  readonly details?: string | undefined;
  /** Why nothing was captured. */
  readonly failure?: PaymentFailure | undefined;
  /** The provider's own reason. */
  readonly failureReason?: string | undefined;
  /** The last webhook that changed the payment. */
  readonly lastEventId?: string | undefined;
  /** At most `amount`. */
  readonly capturedAmount: number;
  /** Whether the capture came after the payment ended. Undefined in rows from before it was stored. */
  readonly late?: LateCapture | 'no' | undefined;
  /** Further captures beyond the order's price. */
  readonly extraCaptures: readonly Capture[];
  /**
   * External IDs of duplicate provider payments, which are to be closed. An empty ID stands for the payment under the
   * own key, when only a webhook has named an ID.
   */
  readonly others: readonly string[];
  readonly refunds: readonly Refund[];
  /** Captures whose refunds must be read again: the provider refunded more than is known. */
  readonly refundsOutdated: readonly string[];
  readonly disputes: readonly Dispute[];
  /** The external IDs under which the payment can be found. */
  readonly indexedIds: readonly string[];
  readonly mismatch?: Mismatch | undefined;
  /** Provider payments that were not requested and are not refunded yet. */
  readonly mismatches?: readonly Mismatch[] | undefined;
  /** The order is cancelled: every capture is refunded. */
  readonly cancelRequested: boolean;
  /** All goods of the order came back: the rest is refunded. @default false */
  readonly orderReturned?: boolean | undefined;
  /** Returns that needed no refund of their own. */
  readonly settledReturns?: readonly string[] | undefined;
  /** External IDs of refunds made elsewhere that failed before they were booked: they never are. */
  readonly failedElsewhere?: readonly string[] | undefined;
  /** When the provider was last asked to create it. */
  readonly askedAt?: string | undefined;
  /** Tries without result since the last change. */
  readonly attempts: number;
  /** Whether the provider did not answer the last request. */
  readonly delayed: boolean;
  /** The customer may pay until then. */
  readonly deadline: string;
  readonly processedAt?: string | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly correlationId: string;
  readonly version: number;
  /** When the poller takes it; undefined when nothing is outstanding. */
  readonly dueAt?: string | undefined;
  readonly fact: PaymentFact;
  readonly history: readonly PaymentEntry[];
};

type PaymentEntry = {
  readonly at: string;
  readonly event: PaymentFact['type'];
  readonly status: PaymentState;
  readonly actor: string;
  readonly note?: string | undefined;
};

/** The cause and time of a change. `eventId` is the webhook that reported it. */
export type Cause = Pick<PaymentFact, 'actor' | 'network' | 'causationId' | 'traceparent'> & {
  readonly at: Date;
  readonly eventId?: string | undefined;
};

export const paymentIdOf = (orderId: string): string => `PAY-${orderId}`;
