import * as z from 'zod';
import { Currency } from '../values/money';
import {
  DisputeState,
  PaymentFailure,
  PaymentId,
  PaymentMethod,
  PaymentState,
  ProviderName,
  RefundState,
} from '../values/payment-status';
import { personal } from '../values/personal';
import { CustomerId, freeText, OrderId, ProductId, StoredNumber, UserId } from '../values/text';
import type { OperationContract } from './operation';
import { page, pageOf } from './page';
import { IdempotencyKey, StorefrontKey } from './request-headers';
import type { Operation } from './routes';

const Item = z.strictObject({ productId: ProductId, quantity: z.int().min(1).max(9999) });

const noProductTwice = (items: { productId: string }[]) =>
  new Set(items.map(({ productId }) => productId)).size === items.length;

const Amount = StoredNumber.positive().max(1e9);

/**
 * Body of `POST /payments/{paymentId}/refunds`: an `amount` in major units (59.98), or the `lines` of the order to
 * refund with tax.
 */
export const RequestRefundRequest = z
  .strictObject({
    amount: Amount.optional(),
    lines: z.array(Item).min(1).max(50).refine(noProductTwice, 'must not name the same product twice').optional(),
    reason: personal('words', freeText(255)),
  })
  .refine(({ amount, lines }) => (amount === undefined) !== (lines === undefined), {
    path: ['amount'],
    message: 'send either an amount or lines',
  });
export type RequestRefundRequest = z.infer<typeof RequestRefundRequest>;

/** A refund as the API shows it. The amount is in major units (59.98) of the payment's currency, with tax. */
export const RefundView = z.object({
  refundId: z.string(),
  amount: z.number(),
  reason: personal('words', z.string()),
  status: RefundState,
  /** The provider's reason or code of a failure. */
  failureReason: z.string().optional(),
  /** The refunded lines. Missing when it is for an amount. */
  lines: z.array(z.object({ productId: ProductId, quantity: z.int() })).optional(),
  /** It was made in the provider's dashboard or by the named dispute, not requested here. */
  madeElsewhere: z.literal(true).optional(),
  disputeId: z.string().optional(),
  createdAt: z.iso.datetime(),
  processedAt: z.iso.datetime().optional(),
});
export type RefundView = z.infer<typeof RefundView>;

/** A dispute (chargeback) as the API shows it. The amount is in major units of the payment's currency. */
export const DisputeView = z.object({
  disputeId: z.string(),
  amount: z.number(),
  reason: z.string(),
  status: DisputeState,
  /** Whether it is an inquiry: the bank has taken no money yet. */
  inquiry: z.boolean(),
  /** The deadline for evidence at the provider. */
  evidenceDueBy: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type DisputeView = z.infer<typeof DisputeView>;

/** A payment as the API shows it. Amounts are in major units (59.98) of `currency`. */
export const PaymentView = z.object({
  paymentId: PaymentId,
  orderId: OrderId,
  /** Missing for guests. */
  userId: CustomerId.optional(),
  status: PaymentState,
  provider: ProviderName,
  paymentMethod: PaymentMethod,
  amount: z.number(),
  currency: Currency,
  capturedAmount: z.number(),
  refundedAmount: z.number(),
  /** The deadline for the payment. */
  deadline: z.iso.datetime(),
  /** Whether the provider does not answer at present, so that requests to it wait. */
  delayed: z.boolean(),
  /** The reason why nothing was captured. */
  failure: PaymentFailure.optional(),
  /** The brand and the last four digits of the card. */
  card: personal('card', z.object({ brand: z.string(), last4: z.string() })).optional(),
  refunds: z.array(RefundView),
  disputes: z.array(DisputeView),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When the money was captured. */
  processedAt: z.iso.datetime().optional(),
  version: z.int().positive(),
});
export type PaymentView = z.infer<typeof PaymentView>;

/** The payment of an order for its payer. `checkout` has how to pay, as long as it may be paid. */
export const OrderPaymentView = PaymentView.extend({
  checkout: z
    .object({
      redirectUrl: z.string().optional(),
      clientSecret: z.string().optional(),
      /** The end of this checkout. A later request returns another one until `deadline`. */
      expiresAt: z.iso.datetime(),
    })
    .optional(),
});
export type OrderPaymentView = z.infer<typeof OrderPaymentView>;

/** Query of `GET /payments`. */
export const ListPaymentsQuery = z.object(page);

/** Answer 200 of `GET /payments`: newest first. */
const ListPaymentsResponse = pageOf(PaymentView);

/** A customer's balance in major units of `currency`. Amounts for orders that are being paid are in `held`. */
export const AccountView = z.object({
  userId: UserId,
  currency: Currency,
  balance: z.number(),
  held: z.number(),
});
export type AccountView = z.infer<typeof AccountView>;

/** Body of `POST /accounts/{userId}/top-ups`: an amount in major units. */
export const TopUpRequest = z.strictObject({ amount: Amount, currency: Currency });
export type TopUpRequest = z.infer<typeof TopUpRequest>;

const text = { contentType: 'application/json' } as const;

/** Answer 200 to a webhook that is stored. */
const Received = z.object({ received: z.literal(true) });

const webhook = {
  tag: 'Payments',
  body: text,
  answers: { 200: Received },
  problems: ['InvalidSignature'],
} as const;

/** The contracts of the payment operations. */
export const paymentOperations = {
  getOrderPayment: {
    summary: 'Read the payment of an order',
    description:
      'For the owner of the order, a guest with its `X-Tracking-Token`, and staff. While it may be paid, the owner gets a ' +
      'checkout: `checkout.redirectUrl` is the provider’s page, and `checkout.clientSecret` is for the provider’s form. ' +
      'Both end at `checkout.expiresAt`. A later request returns another checkout, or none while the provider is creating ' +
      'it. There is no payment before the stock of the order is reserved.',
    tag: 'Payments',
    params: z.object({ orderId: OrderId }),
    headers: z.object({
      'X-Tracking-Token': z.string().optional(),
      'X-Storefront-Key': StorefrontKey.optional(),
    }),
    answers: { 200: OrderPaymentView },
    problems: ['OrderNotFound', 'PaymentNotFound', 'TrackingTokenRequired', 'UnknownStorefrontKey'],
    etag: true,
  },
  listPayments: {
    summary: 'List payments, newest first',
    description: 'A customer sees their own payments, staff those of the tenant.',
    tag: 'Payments',
    query: ListPaymentsQuery,
    answers: { 200: ListPaymentsResponse },
    problems: [],
  },
  getPayment: {
    summary: 'Read a payment',
    tag: 'Payments',
    params: z.object({ paymentId: PaymentId }),
    answers: { 200: PaymentView },
    problems: ['PaymentNotFound'],
    etag: true,
  },
  requestRefund: {
    summary: 'Request a refund',
    description:
      'Refunds an amount, or the price and tax of lines of the order, but never more than the unrefunded amount. The ' +
      'request is sent to the provider within a minute. Refunding everything that is left before the order is shipped ' +
      'cancels the order; a smaller amount does not. Some lines can be refunded once it is shipped. Repeating a request ' +
      'with the same `Idempotency-Key` makes no second refund. The customer can read the reason.',
    tag: 'Payments',
    params: z.object({ paymentId: PaymentId }),
    headers: z.object({ 'Idempotency-Key': IdempotencyKey }),
    body: RequestRefundRequest,
    answers: { 202: RefundView },
    sends: ['Location', 'Idempotency-Replayed'],
    problems: [
      'PaymentNotFound',
      'PaymentNotCaptured',
      'OrderNotShipped',
      'OrderServiceUnavailable',
      'RefundTooLarge',
      'TooManyRefunds',
      'VersionMismatch',
      'IdempotencyKeyMismatch',
    ],
  },
  getBalance: {
    summary: 'Read one’s own balance',
    description: 'The caller’s balance with the shop, for payments by `ACCOUNT_BALANCE`.',
    tag: 'Payments',
    answers: { 200: AccountView },
    problems: [],
  },
  topUpAccount: {
    summary: 'Top up an account',
    description:
      'The account is of a user of the tenant, but not the caller’s. Repeating a request with the same ' +
      '`Idempotency-Key` makes no second top-up.',
    tag: 'Payments',
    params: z.object({ userId: UserId }),
    headers: z.object({ 'Idempotency-Key': IdempotencyKey }),
    body: TopUpRequest,
    answers: { 201: AccountView },
    problems: [
      'UserNotFound',
      'UserDeleted',
      'AccountCurrency',
      'AccountTooLarge',
      'IdentityServiceUnavailable',
      'IdempotencyKeyMismatch',
    ],
  },
  receiveStripeWebhook: {
    ...webhook,
    summary: 'Receive an event from Stripe',
    description:
      'The header `Stripe-Signature` must be at most 300 seconds old. The answer is sent once the event is stored.',
    headers: z.object({ 'Stripe-Signature': z.string() }),
  },
  receivePayPayWebhook: {
    ...webhook,
    summary: 'Receive a webhook from PayPay',
    description:
      'The signature of Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) must be at most 300 ' +
      'seconds old. The answer is sent once the webhook is stored.',
    headers: z.object({
      'Webhook-Id': z.string(),
      'Webhook-Timestamp': z.string(),
      'Webhook-Signature': z.string(),
    }),
  },
} as const satisfies Partial<Record<Operation, OperationContract>>;
