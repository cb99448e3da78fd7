import * as z from 'zod';
import type { DisputeState } from '../../../contracts/values/payment-status';
import type {
  ChargeSnapshot,
  DisputeSnapshot,
  ListedDispute,
  ProviderSnapshot,
  RefundSnapshot,
  SnapshotState,
} from '../provider';

const text = z.string().refine((given) => given.isWellFormed(), 'must be well-formed Unicode');
const Metadata = z.record(text, text).nullish();
const Amount = z.int().nonnegative();

/** An object's ID, or the whole object. */
const Reference = z.union([text, z.object({ id: text })]).nullish();

const idOf = (reference: z.infer<typeof Reference>): string | undefined =>
  (typeof reference === 'object' ? reference?.id : reference) ?? undefined;

const idsOf = (...references: z.infer<typeof Reference>[]): string[] => references.flatMap((one) => idOf(one) ?? []);

const Charge = z.object({
  id: text.nullish(),
  amount_refunded: Amount.nullish(),
  payment_method_details: z
    .object({ card: z.object({ brand: text.nullish(), last4: text.nullish() }).nullish() })
    .nullish(),
});

/** The fields read of a PaymentIntent, in responses and webhooks. */
export const StripeIntent = z.object({
  object: z.literal('payment_intent'),
  id: text.min(1).max(255),
  status: text,
  amount: Amount,
  amount_received: Amount.nullish(),
  currency: z.string().length(3),
  client_secret: text.nullish(),
  metadata: Metadata,
  latest_charge: z.union([text, Charge]).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: text.nullish() }).nullish() }).nullish(),
  last_payment_error: z.object({ code: text.nullish(), decline_code: text.nullish() }).nullish(),
  cancellation_reason: text.nullish(),
});
export type StripeIntent = z.infer<typeof StripeIntent>;

const states: Readonly<Record<string, SnapshotState>> = {
  succeeded: 'CAPTURED',
  requires_capture: 'AUTHORIZED',
  canceled: 'CANCELLED',
};

const stateOf = ({ status, last_payment_error: error }: StripeIntent): SnapshotState => {
  if (status === 'requires_payment_method' && error) return 'DECLINED';
  return states[status] ?? 'OPEN';
};

const cardOf = ({ latest_charge: charge }: StripeIntent): ProviderSnapshot['card'] | undefined => {
  const card = typeof charge === 'object' ? charge?.payment_method_details?.card : undefined;
  return card?.brand && card.last4 ? { brand: card.brand, last4: card.last4 } : undefined;
};

const checkoutOf = ({ client_secret: secret, next_action: next }: StripeIntent): ProviderSnapshot['checkout'] => ({
  ...(secret ? { clientSecret: secret } : {}),
  ...(next?.redirect_to_url?.url ? { redirectUrl: next.redirect_to_url.url } : {}),
});

const failureReasonOf = ({
  last_payment_error: error,
  cancellation_reason: reason,
}: StripeIntent): string | undefined => error?.decline_code ?? error?.code ?? reason ?? undefined;

const refundedOf = ({ latest_charge: charge }: StripeIntent): number | undefined =>
  typeof charge === 'object' ? (charge?.amount_refunded ?? undefined) : undefined;

const isPayable = (state: SnapshotState) => state === 'OPEN' || state === 'DECLINED';

const transactionOf = ({ latest_charge: charge }: StripeIntent): string | undefined =>
  (typeof charge === 'object' ? charge?.id : charge) ?? undefined;

export const intentSnapshot = (intent: StripeIntent, at: string): ProviderSnapshot => {
  const state = stateOf(intent);
  const card = cardOf(intent);
  const refundedAmount = refundedOf(intent);
  const failureReason = failureReasonOf(intent);
  return {
    state,
    externalPaymentId: intent.id,
    paymentIntentId: intent.id,
    transactionId: transactionOf(intent),
    amount: state === 'CAPTURED' ? (intent.amount_received ?? intent.amount) : intent.amount,
    currency: intent.currency.toUpperCase(),
    tenant: intent.metadata?.tenant,
    paymentId: intent.metadata?.paymentId,
    ...(refundedAmount === undefined ? {} : { refundedAmount }),
    ...(isPayable(state) ? { checkout: checkoutOf(intent) } : {}),
    ...(card === undefined ? {} : { card }),
    ...(state === 'CAPTURED' || failureReason === undefined ? {} : { failureReason }),
    at,
  };
};

/** The fields read of a Refund. */
export const StripeRefund = z.object({
  object: z.literal('refund'),
  id: text.min(1).max(255),
  amount: Amount,
  currency: z.string().length(3).nullish(),
  status: text.nullish(),
  failure_reason: text.nullish(),
  payment_intent: Reference,
  charge: Reference,
  metadata: Metadata,
});
export type StripeRefund = z.infer<typeof StripeRefund>;

const refundStates: Readonly<Record<string, RefundSnapshot['state']>> = {
  succeeded: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'FAILED',
};

/** The payment that a refund is of, by Stripe's IDs. */
export const subjectOfRefund = ({ payment_intent: intent, charge, currency, metadata }: StripeRefund) => ({
  externalIds: idsOf(intent, charge),
  currency: currency?.toUpperCase(),
  tenant: metadata?.tenant,
  paymentId: metadata?.paymentId,
});

export const refundSnapshot = (refund: StripeRefund): RefundSnapshot => {
  const { id, amount, status, failure_reason: reason, metadata } = refund;
  const [externalPaymentId] = subjectOfRefund(refund).externalIds;
  return {
    externalRefundId: id,
    amount,
    state: refundStates[status ?? ''] ?? 'PROCESSING',
    ...(reason ? { failureReason: reason } : {}),
    ...(metadata?.refundId === undefined ? {} : { refundId: metadata.refundId }),
    ...(externalPaymentId === undefined ? {} : { externalPaymentId }),
  };
};

/** The fields read of a Charge in a webhook. Newer versions of Stripe's API omit its refunds. */
export const StripeCharge = z.object({
  object: z.literal('charge'),
  id: text.min(1).max(255),
  amount: Amount,
  amount_captured: Amount.nullish(),
  amount_refunded: Amount.nullish(),
  captured: z.boolean().nullish(),
  currency: z.string().length(3),
  payment_intent: Reference,
  /** At most ten; `has_more` says that there are others. */
  refunds: z.object({ data: z.array(StripeRefund), has_more: z.boolean().nullish() }).nullish(),
  metadata: Metadata,
});
export type StripeCharge = z.infer<typeof StripeCharge>;

export const subjectOfCharge = ({ payment_intent: intent, id, currency, metadata }: StripeCharge) => ({
  externalIds: idsOf(intent, id),
  currency: currency.toUpperCase(),
  tenant: metadata?.tenant,
  paymentId: metadata?.paymentId,
});

/**
 * Returns a charge's captured and refunded amounts. An incomplete list of refunds is left out, so that the sum triggers
 * a read of all.
 */
export const chargeSnapshot = ({ amount, captured, refunds, ...charge }: StripeCharge): ChargeSnapshot => ({
  capturedAmount: charge.amount_captured ?? (captured === false ? 0 : amount),
  refundedAmount: charge.amount_refunded ?? 0,
  refunds: refunds?.has_more ? [] : (refunds?.data ?? []).map(refundSnapshot),
});

const disputeText = z.string();

/** The fields read of a Dispute. `due_by` is 0 where the bank takes no answer. */
export const StripeDispute = z.object({
  object: z.literal('dispute'),
  id: text.min(1).max(255),
  amount: z.int().nonnegative(),
  currency: z.string().length(3),
  created: z.int().nonnegative().max(99_999_999_999).nullish(),
  charge: Reference,
  payment_intent: Reference,
  reason: disputeText.nullish(),
  status: disputeText,
  evidence_details: z.object({ due_by: z.int().nonnegative().max(99_999_999_999).nullish() }).nullish(),
  metadata: Metadata,
});
export type StripeDispute = z.infer<typeof StripeDispute>;

/** `warning_…` are inquiries. An unknown status maps to NEEDS_RESPONSE, so that a person looks at it. */
const disputeStates: Readonly<Record<string, DisputeState>> = {
  warning_needs_response: 'NEEDS_RESPONSE',
  warning_under_review: 'UNDER_REVIEW',
  warning_closed: 'CLOSED',
  needs_response: 'NEEDS_RESPONSE',
  under_review: 'UNDER_REVIEW',
  won: 'WON',
  lost: 'LOST',
  prevented: 'CLOSED',
  charge_refunded: 'CLOSED',
};

const unsafe = /[^\x20-\x7e]/g;

export const disputeSnapshot = (dispute: StripeDispute): DisputeSnapshot => {
  const { id, amount, reason, status, evidence_details: evidence } = dispute;
  const dueBy = evidence?.due_by;
  return {
    disputeId: id,
    amount,
    reason: (reason ?? '').replace(unsafe, '').trim().slice(0, 100) || 'general',
    status: disputeStates[status] ?? 'NEEDS_RESPONSE',
    inquiry: status.startsWith('warning_'),
    ...(dueBy ? { evidenceDueBy: new Date(dueBy * 1000).toISOString() } : {}),
  };
};

/** The payment that a dispute is of, by Stripe's IDs. */
export const subjectOfDispute = ({ payment_intent: intent, charge, currency, metadata }: StripeDispute) => ({
  externalIds: idsOf(intent, charge),
  currency: currency.toUpperCase(),
  tenant: metadata?.tenant,
  paymentId: metadata?.paymentId,
});

export const listedDispute = (dispute: StripeDispute): ListedDispute => {
  const { externalIds, currency } = subjectOfDispute(dispute);
  const openedAt = new Date((dispute.created ?? 0) * 1000).toISOString();
  return { dispute: disputeSnapshot(dispute), externalIds, currency, openedAt };
};
