import type { DisputeState, PaymentMethod, ProviderName } from '../../contracts/payment-status';
import type { FieldError } from '../../contracts/problem';
import type { Tenant } from '../../kernel/tenant';

/** What is asked of a provider. Amounts are minor units of `currency`. */
export type Charge = {
  readonly tenant: Tenant;
  readonly paymentId: string;
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: PaymentMethod;
  /** The idempotency key: the same for every try of the same thing. */
  readonly key: string;
  /** Which key of the payment it is. Another key is another payment at the provider. @default 0, the first */
  readonly keyNumber?: number | undefined;
  /** Until when the customer may pay. */
  readonly expiresAt: string;
};

/** A payment that a provider was asked for, with what is known of it. The IDs are missing when no answer was seen. */
export type PaymentReference = Omit<Charge, 'expiresAt'> & {
  readonly externalPaymentId?: string | undefined;
  readonly paymentIntentId?: string | undefined;
};

/** A refund that is asked of a provider: of the whole capture or of a part of it. */
export type RefundRequest = {
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  /** The idempotency key: the same for every try of the same refund. */
  readonly key: string;
};

/** Where a payment is with its provider. `DECLINED`: this try failed, and the customer may try again. */
export type SnapshotState = 'OPEN' | 'AUTHORIZED' | 'CAPTURED' | 'DECLINED' | 'FAILED' | 'CANCELLED';

/** What a provider says of a payment at some moment. Amounts are minor units of `currency`. */
export type ProviderSnapshot = {
  readonly state: SnapshotState;
  readonly externalPaymentId: string;
  readonly paymentIntentId?: string | undefined;
  /** The provider's ID of the capture, where it has another: Stripe's charge, PayPay's own payment ID. */
  readonly transactionId?: string | undefined;
  readonly amount: number;
  /** In upper case, as ISO 4217 has it. */
  readonly currency: string;
  readonly refundedAmount?: number | undefined;
  /** Every refund of it, whoever made it; missing when the provider was not asked for them. */
  readonly refunds?: readonly RefundSnapshot[] | undefined;
  /** As the provider's metadata say. */
  readonly tenant?: string | undefined;
  readonly paymentId?: string | undefined;
  /** How the customer pays: where to go, or what the provider's own form needs. */
  readonly checkout?: {
    readonly redirectUrl?: string | undefined;
    readonly clientSecret?: string | undefined;
    /** When the provider ends it by itself, paid or not. Missing when it does not. */
    readonly expiresAt?: string | undefined;
  };
  readonly card?: { readonly brand: string; readonly last4: string };
  readonly failureReason?: string | undefined;
  readonly at: string;
};

/** What a provider says of a refund. */
export type RefundSnapshot = {
  readonly externalRefundId: string;
  readonly amount: number;
  readonly state: 'PROCESSING' | 'COMPLETED' | 'FAILED';
  readonly failureReason?: string | undefined;
  /** Our own ID of it, where it was made by us. */
  readonly refundId?: string | undefined;
  /** What it is of: the payment, or its transaction. */
  readonly externalPaymentId?: string | undefined;
};

/** What a provider says of a dispute (chargeback). */
export type DisputeSnapshot = {
  readonly disputeId: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: DisputeState;
  /** The bank has taken no money yet. */
  readonly inquiry: boolean;
  readonly evidenceDueBy?: string | undefined;
};

/** What a provider says of captured money: how much, and how much of it has gone back. */
export type ChargeSnapshot = {
  readonly capturedAmount: number;
  readonly refundedAmount: number;
  readonly refunds: readonly RefundSnapshot[];
};

/**
 * Who takes the money. Every call may be made again when its answer was lost: the same key is the same payment, or the
 * same refund. Each throws a `ProviderUnavailableError` or a `ProviderRefusedError` and nothing else.
 */
export type PaymentProvider = {
  readonly create: (charge: Charge) => Promise<ProviderSnapshot>;
  /** Nothing when the provider knows no such payment. */
  readonly fetch: (payment: PaymentReference) => Promise<ProviderSnapshot | undefined>;
  /** Takes what is authorized. */
  readonly capture: (payment: PaymentReference) => Promise<ProviderSnapshot>;
  /** May answer `CAPTURED`: then it was too late. */
  readonly cancel: (payment: PaymentReference) => Promise<ProviderSnapshot>;
  readonly refund: (payment: PaymentReference, refund: RefundRequest) => Promise<RefundSnapshot>;
  /** A page of the disputes that were opened since, the newest first. Missing where the provider has none. */
  readonly disputes?: (list: DisputeList) => Promise<DisputePage>;
};

/** Which disputes are listed. `after` is where the page before ended. */
export type DisputeList = { readonly since: string; readonly after?: string | undefined };

/** A dispute in a list, with what it is of by the provider's own IDs. */
export type ListedDispute = {
  readonly dispute: DisputeSnapshot;
  readonly externalIds: readonly string[];
  readonly currency?: string | undefined;
  readonly openedAt: string;
};

/** `next` is missing on the last page. */
export type DisputePage = { readonly disputes: readonly ListedDispute[]; readonly next?: string | undefined };

export type PaymentProviders = Readonly<Record<ProviderName, PaymentProvider>>;

/** Which payment something is about, by the provider's own IDs, and as its metadata say. */
export type WebhookPayment = {
  /** The provider's ID of the payment, or of its transaction: the first that it names. */
  readonly externalIds: readonly string[];
  readonly currency?: string | undefined;
  readonly tenant?: string | undefined;
  readonly paymentId?: string | undefined;
};

/** What a webhook is about. `other` is recorded, and nothing else. */
export type WebhookSubject =
  | { readonly kind: 'payment'; readonly snapshot: ProviderSnapshot }
  | ({ readonly kind: 'charge'; readonly charge: ChargeSnapshot } & WebhookPayment)
  | ({ readonly kind: 'refund'; readonly refund: RefundSnapshot } & WebhookPayment)
  | ({ readonly kind: 'dispute'; readonly dispute: DisputeSnapshot } & WebhookPayment)
  | {
      readonly kind: 'other';
      readonly type: string;
      /** Money that was captured under an ID that is none of ours. */
      readonly captured?: Pick<WebhookPayment, 'externalIds' | 'currency'> & { readonly amount: number };
    };

/** A webhook whose signature over its raw bytes is right. */
export type Webhook = {
  readonly provider: 'stripe' | 'paypay';
  readonly eventId: string;
  readonly at: string;
  /** Whether it is about real money, where the provider says so. */
  readonly livemode?: boolean | undefined;
} & WebhookSubject;

/** Why a webhook is not taken for one of the provider's. */
export type WebhookRefusal = {
  readonly refused: 'unsigned' | 'wrong-signature' | 'too-old' | 'unreadable';
  /** Which fields of a signed one are wrong. */
  readonly errors?: readonly FieldError[];
};

/**
 * Takes the raw body for a webhook if it is signed by one of the secrets and not older or newer than 300 seconds.
 * `header` reads a header by its name in lower case.
 */
export type ParseWebhook = (
  rawBody: string,
  header: (name: string) => string | undefined,
  secrets: readonly string[],
  now: Date,
) => Webhook | WebhookRefusal;

/** No answer, or none that says anything: ask again later, under the same key. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError';
}

/** The provider said no for good: the same query has the same answer for ever. */
export class ProviderRefusedError extends Error {
  override readonly name: string = 'ProviderRefusedError';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the provider refused: ${reason}`, options);
  }
}

/** The provider repeats a failure for as long as it remembers the key: what was asked may succeed under another key. */
export class ProviderKeySpentError extends ProviderRefusedError {
  override readonly name = 'ProviderKeySpentError';

  constructor(options?: ErrorOptions) {
    super('key-spent', options);
  }
}
