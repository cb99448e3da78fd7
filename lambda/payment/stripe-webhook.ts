import * as z from 'zod';
import type { ParseWebhook, Webhook, WebhookRefusal, WebhookSubject } from './provider';
import { StripeIntent, StripeRefund, sightIntent, sightRefund } from './stripe-sighting';
import { readJson, refusalOf, type Signed } from './webhook-signature';

const maxSignatures = 10;

/** `t=1492774577,v1=5257a8…,v1=6ffbb5…`: other schemes than v1 are not looked at. */
const signedBy = (header: string, body: string): Signed | undefined => {
  const parts = header.split(',').map((part) => part.split('=', 2));
  const timestamp = parts.find(([name]) => name === 't')?.[1];
  const signatures = parts.flatMap(([name, value = '']) => (name === 'v1' ? [value] : [])).slice(0, maxSignatures);
  if (timestamp === undefined || signatures.length === 0) return undefined;
  return { timestamp, content: `${timestamp}.${body}`, signatures, encoding: 'hex' };
};

const StripeEvent = z.object({
  object: z.literal('event'),
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  created: z.int().nonnegative().max(99_999_999_999),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

const paymentSubject = (object: unknown, at: string): WebhookSubject | undefined => {
  const { data: intent } = StripeIntent.safeParse(object);
  return intent && { kind: 'payment', sighting: sightIntent(intent, at) };
};

const refundSubject = (object: unknown): WebhookSubject | undefined => {
  const { data: refund } = StripeRefund.safeParse(object);
  const { tenant, paymentId, refundId } = refund?.metadata ?? {};
  return refund && { kind: 'refund', refund: sightRefund(refund), tenant, paymentId, refundId };
};

/** Nothing when it is about money, and not to be read: taken for something else it would be lost. */
const subjectOf = (type: string, object: unknown, at: string): WebhookSubject | undefined => {
  if (type.startsWith('payment_intent.')) return paymentSubject(object, at);
  return /^(charge\.)?refund\./.test(type) ? refundSubject(object) : { kind: 'other', type };
};

const read = (body: string): Webhook | WebhookRefusal => {
  const { data: event } = StripeEvent.safeParse(readJson(body));
  if (event === undefined) return { refused: 'unreadable' };
  const at = new Date(event.created * 1000).toISOString();
  const subject = subjectOf(event.type, event.data.object, at);
  return subject === undefined ? { refused: 'unreadable' } : { provider: 'stripe', eventId: event.id, at, ...subject };
};

/** Takes a request for an event of Stripe's if its `Stripe-Signature` is one of ours. */
export const parseStripeWebhook: ParseWebhook = (rawBody, header, secrets, now) => {
  const signature = header('stripe-signature');
  const signed = signature === undefined ? undefined : signedBy(signature, rawBody);
  if (signed === undefined) return { refused: 'unsigned' };
  const keys = secrets.map((secret) => Buffer.from(secret, 'utf8'));
  return refusalOf(signed, keys, now) ?? read(rawBody);
};
