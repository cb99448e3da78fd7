import * as z from 'zod';
import { opaqueText } from '../../../contracts/values/text';
import { readJson, refusalOf, type Signed, unreadable } from '../../webhooks/webhook-signature';
import type { ParseWebhook, Webhook, WebhookRefusal, WebhookSubject } from '../provider';
import {
  chargeSnapshot,
  disputeSnapshot,
  intentSnapshot,
  refundSnapshot,
  StripeCharge,
  StripeDispute,
  StripeIntent,
  StripeRefund,
  subjectOfCharge,
  subjectOfDispute,
  subjectOfRefund,
} from './stripe-snapshot';

const maxSignatures = 10;

/** Parses `t=1492774577,v1=5257a8…,v1=6ffbb5…`. Only v1 signatures are checked. */
const signedBy = (header: string, body: string): Signed | undefined => {
  const parts = header.split(',').map((part) => part.split('=', 2));
  const timestamp = parts.find(([name]) => name === 't')?.[1];
  const signatures = parts.flatMap(([name, value = '']) => (name === 'v1' ? [value] : [])).slice(0, maxSignatures);
  if (timestamp === undefined || signatures.length === 0) return undefined;
  return { timestamp, content: `${timestamp}.${body}`, signatures, encoding: 'hex' };
};

const StripeEvent = z.object({
  object: z.literal('event'),
  id: opaqueText(255),
  type: opaqueText(255),
  created: z.int().nonnegative().max(99_999_999_999),
  livemode: z.boolean().nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

const paymentSubject = (object: unknown, at: string): WebhookSubject | WebhookRefusal => {
  const { data: intent, error } = StripeIntent.safeParse(object);
  if (intent === undefined) return unreadable(error.issues, '/data/object');
  return { kind: 'payment', snapshot: intentSnapshot(intent, at) };
};

const refundSubject = (object: unknown): WebhookSubject | WebhookRefusal => {
  const { data: refund, error } = StripeRefund.safeParse(object);
  if (refund === undefined) return unreadable(error.issues, '/data/object');
  return { kind: 'refund', refund: refundSnapshot(refund), ...subjectOfRefund(refund) };
};

const chargeSubject = (object: unknown): WebhookSubject | WebhookRefusal => {
  const { data: charge, error } = StripeCharge.safeParse(object);
  if (charge === undefined) return unreadable(error.issues, '/data/object');
  return { kind: 'charge', charge: chargeSnapshot(charge), ...subjectOfCharge(charge) };
};

const disputeSubject = (object: unknown): WebhookSubject | WebhookRefusal => {
  const { data: dispute, error } = StripeDispute.safeParse(object);
  if (dispute === undefined) return unreadable(error.issues, '/data/object');
  return { kind: 'dispute', dispute: disputeSnapshot(dispute), ...subjectOfDispute(dispute) };
};

/** Parsers by event name. All other events, such as early fraud warnings, are only recorded. */
const subjects: readonly (readonly [RegExp, (object: unknown, at: string) => WebhookSubject | WebhookRefusal])[] = [
  [/^payment_intent\./, paymentSubject],
  [/^(charge\.)?refund\./, refundSubject],
  [/^charge\.dispute\./, disputeSubject],
  [/^charge\.(succeeded|captured|refunded|updated)$/, chargeSubject],
];

/** Returns a refusal for an event about money that cannot be read: recorded as another kind, it would be lost. */
const subjectOf = (type: string, object: unknown, at: string): WebhookSubject | WebhookRefusal => {
  const [, read] = subjects.find(([name]) => name.test(type)) ?? [];
  return read === undefined ? { kind: 'other', type } : read(object, at);
};

const read = (body: string): Webhook | WebhookRefusal => {
  const { data: event, error } = StripeEvent.safeParse(readJson(body));
  if (event === undefined) return unreadable(error.issues);
  const at = new Date(event.created * 1000).toISOString();
  const subject = subjectOf(event.type, event.data.object, at);
  if ('refused' in subject) return subject;
  return { provider: 'stripe', eventId: event.id, at, livemode: event.livemode ?? undefined, ...subject };
};

/** Parses a Stripe event whose `Stripe-Signature` is valid for one of the secrets. */
export const parseStripeWebhook: ParseWebhook = (rawBody, header, secrets, now) => {
  const signature = header('stripe-signature');
  const signed = signature === undefined ? undefined : signedBy(signature, rawBody);
  if (signed === undefined) return { refused: 'unsigned' };
  const keys = secrets.map((secret) => Buffer.from(secret, 'utf8'));
  return refusalOf(signed, keys, now) ?? read(rawBody);
};
