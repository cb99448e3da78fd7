import type { FieldError } from '../../contracts/api/problem';
import type { DisputeState, PaymentMethod, ProviderName } from '../../contracts/values/payment-status';
import type { Tenant } from '../../kernel/tenant';

/** A payment to request from a provider. Amounts are minor units of `currency`. */
export type Charge = {
  readonly tenant: Tenant;
  readonly paymentId: string;
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: PaymentMethod;
  /** The idempotency key: the same for every try. */
  readonly key: string;
  /** The number of the payment's key. Another key creates another payment at the provider. @default 0, the first */
  readonly keyNumber?: number | undefined;
  /** The customer may pay until then. */
  readonly expiresAt: string;
};

/** A requested payment with its known IDs. The IDs are undefined when no answer was received. */
export type PaymentReference = Omit<Charge, 'expiresAt'> & {
  readonly externalPaymentId?: string | undefined;
  readonly paymentIntentId?: string | undefined;
};

/** A refund to request: of the whole capture or a part of it. */
export type RefundRequest = {
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  /** The idempotency key: the same for every try. */
  readonly key: string;
};

/** A payment's state at its provider. `DECLINED`: this try failed, and the customer may try again. */
export type SnapshotState = 'OPEN' | 'AUTHORIZED' | 'CAPTURED' | 'DECLINED' | 'FAILED' | 'CANCELLED';

/** A provider's report of a payment at one moment. Amounts are minor units of `currency`. */
export type ProviderSnapshot = {
  readonly state: SnapshotState;
  readonly externalPaymentId: string;
  readonly paymentIntentId?: string | undefined;
  /** The provider's ID of the capture, where it differs: Stripe's charge, PayPay's own payment ID. */
  readonly transactionId?: string | undefined;
  readonly amount: number;
  /** ISO 4217, in upper case. */
  readonly currency: string;
  readonly refundedAmount?: number | undefined;
  /** Every refund of the payment, whoever made it; undefined when they were not requested. */
  readonly refunds?: readonly RefundSnapshot[] | undefined;
  /** From the provider's metadata. */
  readonly tenant?: string | undefined;
  readonly paymentId?: string | undefined;
  /** How the customer pays: a page to open, or the secret for the provider's own form. */
  readonly checkout?: {
    readonly redirectUrl?: string | undefined;
    readonly clientSecret?: string | undefined;
    /** When the provider expires it; undefined when it does not. */
    readonly expiresAt?: string | undefined;
  };
  readonly card?: { readonly brand: string; readonly last4: string };
  readonly failureReason?: string | undefined;
  readonly at: string;
};

/** A provider's report of a refund. */
export type RefundSnapshot = {
  readonly externalRefundId: string;
  readonly amount: number;
  readonly state: 'PROCESSING' | 'COMPLETED' | 'FAILED';
  readonly failureReason?: string | undefined;
  /** Our own ID, if we made it. */
  readonly refundId?: string | undefined;
  /** The payment or transaction that it is of. */
  readonly externalPaymentId?: string | undefined;
};

/** A provider's report of a dispute (chargeback). */
export type DisputeSnapshot = {
  readonly disputeId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: DisputeState;
  /** The bank has not taken money yet. */
  readonly inquiry: boolean;
  readonly evidenceDueBy?: string | undefined;
};

/** A provider's report of a capture: how much was captured and refunded. */
export type ChargeSnapshot = {
  readonly capturedAmount: number;
  readonly refundedAmount: number;
  readonly refunds: readonly RefundSnapshot[];
};

/**
 * The port to whoever takes the money. Every call may be repeated: the same key is the same payment or refund. Calls
 * throw only ProviderUnavailableError or ProviderRefusedError.
 */
export type PaymentProvider = {
  readonly create: (charge: Charge) => Promise<ProviderSnapshot>;
  /** Returns undefined when the provider has no such payment. */
  readonly fetch: (payment: PaymentReference) => Promise<ProviderSnapshot | undefined>;
  /** Captures an authorized payment. */
  readonly capture: (payment: PaymentReference) => Promise<ProviderSnapshot>;
  /** Cancels a payment. Returns `CAPTURED` when it was too late. */
  readonly cancel: (payment: PaymentReference) => Promise<ProviderSnapshot>;
  readonly refund: (payment: PaymentReference, refund: RefundRequest) => Promise<RefundSnapshot>;
  /** Returns a page of the disputes opened since, newest first. Undefined where the provider has no disputes. */
  readonly disputes?: (list: DisputeList) => Promise<DisputePage>;
};

/** Which disputes to list. `after` is the last one of the previous page. */
export type DisputeList = { readonly since: string; readonly after?: string | undefined };

/** A dispute in a list, with the external IDs of its payment. */
export type ListedDispute = {
  readonly dispute: DisputeSnapshot;
  readonly externalIds: readonly string[];
  readonly currency?: string | undefined;
  readonly openedAt: string;
};

/** `next` is missing on the last page. */
export type DisputePage = { readonly disputes: readonly ListedDispute[]; readonly next?: string | undefined };

export type PaymentProviders = Readonly<Record<ProviderName, PaymentProvider>>;

/** Identifies the payment that a webhook is about, by external IDs and metadata. */
type WebhookPayment = {
  /** External IDs of the payment or its transaction, in the webhook's order. */
  readonly externalIds: readonly string[];
  readonly currency?: string | undefined;
  readonly tenant?: string | undefined;
  readonly paymentId?: string | undefined;
};

/** What a webhook is about. `other` is only recorded. */
export type WebhookSubject =
  | { readonly kind: 'payment'; readonly snapshot: ProviderSnapshot }
  | ({ readonly kind: 'charge'; readonly charge: ChargeSnapshot } & WebhookPayment)
  | ({ readonly kind: 'refund'; readonly refund: RefundSnapshot } & WebhookPayment)
  | ({ readonly kind: 'dispute'; readonly dispute: DisputeSnapshot } & WebhookPayment)
  | {
      readonly kind: 'other';
      readonly type: string;
      /** Money captured under an ID that is none of ours. */
      readonly captured?: Pick<WebhookPayment, 'externalIds' | 'currency'> & { readonly amount: number };
    };

/** A webhook whose signature over the raw bytes is valid. */
export type Webhook = {
  readonly provider: 'stripe' | 'paypay';
  readonly eventId: string;
  readonly at: string;
  /** Whether it is about real money, where the provider says so. */
  readonly livemode?: boolean | undefined;
} & WebhookSubject;

/** Why a webhook is rejected. */
export type WebhookRefusal = {
  readonly refused: 'unsigned' | 'wrong-signature' | 'too-old' | 'unreadable';
  /** The wrong fields of a signed webhook. */
  readonly errors?: readonly FieldError[];
};

/**
 * Parses a raw body that is signed with one of the secrets within 300 seconds of `now`. `header` reads a header by its
 * name in lower case.
 */
export type ParseWebhook = (
  rawBody: string,
  header: (name: string) => string | undefined,
  secrets: readonly string[],
  now: Date,
) => Webhook | WebhookRefusal;

/** No answer, or an inconclusive one: retry later under the same key. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError';
}

/** A permanent refusal: the same request gets the same answer. */
export class ProviderRefusedError extends Error {
  override readonly name: string = 'ProviderRefusedError';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the provider refused: ${reason}`, options);
  }
}

/** The provider repeats a failure while it remembers the key. The same request may succeed under another key. */
export class ProviderKeySpentError extends ProviderRefusedError {
  override readonly name = 'ProviderKeySpentError';

  constructor(options?: ErrorOptions) {
    super('key-spent', options);
  }
}
