import * as z from 'zod';
import type { DisputeState } from '../contracts/payment-status';
import type { DisputeSighting, DisputeTold } from './provider';
import { idsOf, Metadata, Reference } from './stripe-sighting';

const text = z.string();

/** What we read of Stripe's Dispute. `due_by` is 0 where the bank takes no answer. */
export const StripeDispute = z.object({
  object: z.literal('dispute'),
  id: text.min(1).max(255),
  amount: z.int().nonnegative(),
  currency: z.string().length(3),
  created: z.int().nonnegative().max(99_999_999_999).nullish(),
  charge: Reference,
  payment_intent: Reference,
  reason: text.nullish(),
  status: text,
  evidence_details: z.object({ due_by: z.int().nonnegative().max(99_999_999_999).nullish() }).nullish(),
  metadata: Metadata,
});
export type StripeDispute = z.infer<typeof StripeDispute>;

/** `warning_…` are inquiries. A state that is not known yet wants a person. */
const states: Readonly<Record<string, DisputeState>> = {
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

/** A dispute as Stripe tells of it at this moment. */
export const sightDispute = (dispute: StripeDispute): DisputeSighting => {
  const { id, amount, reason, status, evidence_details: evidence } = dispute;
  const dueBy = evidence?.due_by;
  return {
    disputeId: id,
    amount,
    reason: (reason ?? '').replace(unsafe, '').trim().slice(0, 100) || 'general',
    status: states[status] ?? 'NEEDS_RESPONSE',
    inquiry: status.startsWith('warning_'),
    ...(dueBy ? { evidenceDueBy: new Date(dueBy * 1000).toISOString() } : {}),
  };
};

/** What a dispute is of, by Stripe's IDs. */
export const subjectOfDispute = ({ payment_intent: intent, charge, currency, metadata }: StripeDispute) => ({
  externalIds: idsOf(intent, charge),
  currency: currency.toUpperCase(),
  tenant: metadata?.tenant,
  paymentId: metadata?.paymentId,
});

/** A dispute as Stripe lists it. */
export const listedDispute = (dispute: StripeDispute): DisputeTold => {
  const { externalIds, currency } = subjectOfDispute(dispute);
  const openedAt = new Date((dispute.created ?? 0) * 1000).toISOString();
  return { dispute: sightDispute(dispute), externalIds, currency, openedAt };
};
