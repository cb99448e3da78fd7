import type {
  DisputeState,
  PaymentFailure,
  PaymentMethod,
  PaymentState,
  ProviderName,
  RefundState,
} from '../../contracts/payment-status';
import type { Tenant } from '../../kernel/tenant';
import { dueAfter } from './next-step';

/** What is known of the payment at its provider. `UNKNOWN`: asked, or about to be, and no answer was seen. */
export type ProviderState = 'UNKNOWN' | 'OPEN' | 'AUTHORIZED' | 'CAPTURED' | 'CLOSED';

/** Pieces of one product of the order, at the price that was paid without tax. */
export type PaidLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly taxRateBps: number;
};

/** Money that goes back, or went. `externalPaymentId` is the capture that it comes of. */
export type Refund = {
  readonly refundId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: RefundState;
  readonly externalPaymentId: string;
  readonly externalRefundId?: string | undefined;
  readonly failureReason?: string | undefined;
  /** The goods that it is for; missing when it is for an amount. */
  readonly lines?: readonly PaidLine[] | undefined;
  /** The return that brought it about. */
  readonly returnId?: string | undefined;
  /** What it was first for, where the provider could not give back all of that any more. */
  readonly requestedAmount?: number | undefined;
  /** Not asked for here: made in the provider's dashboard, or taken by a dispute that was lost. */
  readonly madeElsewhere?: true | undefined;
  readonly disputeId?: string | undefined;
  /** Until then it rests: the same money could not be given back before. */
  readonly notBefore?: string | undefined;
  /** Failed refunds whose money this one asks for again. */
  readonly replaces?: readonly string[] | undefined;
  /** Which idempotency key it is asked for with. @default 0, the first */
  readonly keyNumber?: number | undefined;
  readonly createdAt: string;
  readonly processedAt?: string | undefined;
  /** What had gone back and what was captured when it was completed: told again, it says the same. */
  readonly totals?: RefundTotals | undefined;
};

export type RefundTotals = {
  readonly refundedTotal: number;
  readonly capturedTotal: number;
  /** The version of the payment with which it was completed. Missing in rows from before it was stored. */
  readonly decidedIn?: number | undefined;
};

/** A customer's dispute (chargeback) of a capture, as the provider said last. */
export type Dispute = {
  readonly disputeId: string;
  readonly externalPaymentId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: DisputeState;
  readonly inquiry: boolean;
  readonly evidenceDueBy?: string | undefined;
  /** When the provider said so: what is older is no news. */
  readonly seenAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A page to pay on that another has replaced, with what closes it at the provider. */
export type ReplacedCheckout = {
  readonly externalPaymentId: string;
  readonly paymentIntentId?: string | undefined;
};

/** A key that the provider answers with a failure for ever. From `lookAt` on it is known whether it made something. */
export type SpentKey = { readonly keyNumber: number; readonly lookAt: string };

/** Money that the provider took. */
export type Capture = { readonly externalPaymentId: string; readonly amount: number };

/** What the provider told that was not asked for, as it was last told of. */
export type Mismatch = { readonly externalPaymentId: string; readonly amount: number; readonly currency: string };

/** Whose capture came after the payment was given up: the customer's, or our own request that met our own cancel. */
export type LateCapture = 'paid-late' | 'own-capture';

/** What changes something without anybody needing to hear of it. */
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
  /** Who did it: a user's ID, or what acts by itself. */
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
  /** What the order holds: what refunds by line are counted from. */
  readonly lines: readonly PaidLine[];
  readonly status: PaymentState;
  readonly providerState: ProviderState;
  readonly externalPaymentId?: string | undefined;
  readonly paymentIntentId?: string | undefined;
  /** Which idempotency key it is asked for with. Raised, and stored, before another key is used. */
  readonly keyNumber: number;
  readonly spentKeys: readonly SpentKey[];
  readonly replaced: readonly ReplacedCheckout[];
  /** When the provider ends the page to pay on by itself; missing when it does not. */
  readonly checkoutExpiresAt?: string | undefined;
  /** The provider's ID of the capture, where it has another: Stripe's charge, PayPay's own payment ID. */
  readonly transactionId?: string | undefined;
  /** Sealed: how the customer pays, and the card's brand and last four digits. */
  readonly details?: string | undefined;
  /** Why nothing was captured. */
  readonly failure?: PaymentFailure | undefined;
  /** What the provider says about it. */
  readonly failureReason?: string | undefined;
  /** The last webhook that changed something. */
  readonly lastEventId?: string | undefined;
  /** At most `amount`. */
  readonly capturedAmount: number;
  /** Whether the capture came too late, as it was when it came. Missing in rows from before it was stored. */
  readonly late?: LateCapture | 'no' | undefined;
  /** What the provider took though it had taken what the order costs already. */
  readonly extraCaptures: readonly Capture[];
  /**
   * The provider's IDs of other payments that it made for this one: they are to be closed before anybody pays by them.
   * `unnamed` stands for what it made under this payment's own key, while only a webhook has told an ID.
   */
  readonly others: readonly string[];
  readonly refunds: readonly Refund[];
  /** The captures whose refunds the provider is to be asked for: more has gone back there than is known. */
  readonly refundsOutdated: readonly string[];
  readonly disputes: readonly Dispute[];
  /** The provider's IDs that the payment is found by. */
  readonly indexedIds: readonly string[];
  readonly mismatch?: Mismatch | undefined;
  /** All that the provider told of and nobody asked for, as long as its money is not back. */
  readonly mismatches?: readonly Mismatch[] | undefined;
  /** The order is cancelled: whatever is captured goes back. */
  readonly cancelRequested: boolean;
  /** All goods of the order came back: what is left goes back. @default false */
  readonly orderReturned?: boolean | undefined;
  /** Returns that needed no refund of their own when they were completed. */
  readonly settledReturns?: readonly string[] | undefined;
  /** The provider's IDs of refunds made elsewhere that had failed before they were booked: they never are. */
  readonly failedElsewhere?: readonly string[] | undefined;
  /** When the provider was last asked to create it. */
  readonly askedAt?: string | undefined;
  /** How often the provider was asked in vain since something last changed. */
  readonly attempts: number;
  /** Whether the provider gave no answer when it was asked last. */
  readonly delayed: boolean;
  /** Until when the customer may pay. */
  readonly deadline: string;
  readonly processedAt?: string | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly correlationId: string;
  readonly version: number;
  /** When the poller looks at it; missing when nothing is waited for. */
  readonly dueAt?: string | undefined;
  readonly fact: PaymentFact;
  readonly history: readonly PaymentEntry[];
};

export type PaymentEntry = {
  readonly at: string;
  readonly event: PaymentFact['type'];
  readonly status: PaymentState;
  readonly actor: string;
  readonly note?: string | undefined;
};

/** Why something happens, and when. `eventId` is the webhook that told of it. */
export type Cause = Pick<PaymentFact, 'actor' | 'network' | 'causationId' | 'traceparent'> & {
  readonly at: Date;
  readonly eventId?: string | undefined;
};

type NewFact<Fact> = Fact extends unknown
  ? Omit<Fact, 'actor' | 'network' | 'causationId' | 'traceparent'> & { readonly note?: string | undefined }
  : never;

const maxHistory = 100; // a webhook each second does not let a row grow without end

/** The next version of a payment, with what happened and when it is due. */
export const evolve = (
  payment: Payment,
  changes: Partial<Payment>,
  { note, ...fact }: NewFact<PaymentFact>,
  { at, eventId, ...cause }: Cause,
): Payment => {
  const next = { ...payment, attempts: 0, delayed: false, ...changes, version: payment.version + 1 };
  const entry = { at: at.toISOString(), event: fact.type, status: next.status, actor: cause.actor, note };
  return {
    ...next,
    updatedAt: at.toISOString(),
    lastEventId: eventId ?? payment.lastEventId,
    fact: { ...fact, ...cause } as PaymentFact,
    history: [...payment.history, entry].slice(-maxHistory),
    dueAt: dueAfter(next, at),
  };
};

export const paymentIdOf = (orderId: string): string => `PAY-${orderId}`;
