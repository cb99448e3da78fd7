import * as z from 'zod';
import { ownerOfPayPayId } from '../../../contracts/values/paypay-ids';
import { opaqueText } from '../../../contracts/values/text';
import { readJson, refusalOf, type Signed, unreadable } from '../../webhooks/webhook-signature';
import type { ParseWebhook, ProviderSnapshot, Webhook, WebhookRefusal, WebhookSubject } from '../provider';
import { payPayState } from './paypay-snapshot';

const maxSignatures = 10;

/** Reads the headers of Standard Webhooks. PayPay does not sign, so the forwarder of its notices does. */
const signedBy = (header: (name: string) => string | undefined, body: string): Signed | undefined => {
  const [id, timestamp, signature] = [
    header('webhook-id'),
    header('webhook-timestamp'),
    header('webhook-signature'),
  ] as const;
  if (id === undefined || timestamp === undefined || signature === undefined) return undefined;
  const signatures = signature
    .split(' ')
    .flatMap((part) => (part.startsWith('v1,') ? [part.slice('v1,'.length)] : []))
    .slice(0, maxSignatures);
  return { timestamp, content: `${id}.${timestamp}.${body}`, signatures, encoding: 'base64' };
};

/** Decodes a Standard Webhooks key: `whsec_` and base64. */
const keyOf = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

const text = opaqueText(255);

/** A notice about a payment. The amount is a number or a string of digits, always in yen. */
const Transaction = z.object({
  notification_type: z.literal('Transaction'),
  order_id: text,
  merchant_order_id: z.unknown().optional(),
  state: z.string().regex(/^[A-Z_]{1,64}$/),
  order_amount: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,11}$/)]).transform(Number),
});

const AnyNotice = z.object({ notification_type: text });

type Notice = z.infer<typeof Transaction>;

/** An ID that a merchant gave a payment. Payments made in a physical shop have none of ours. */
const MerchantId = z.string().regex(/^[\w-]{1,64}$/);

const snapshotOf = (notice: Notice, merchantPaymentId: string, at: string): ProviderSnapshot => {
  const state = payPayState(notice.state);
  return {
    state,
    externalPaymentId: merchantPaymentId,
    transactionId: notice.order_id,
    amount: notice.order_amount,
    currency: 'JPY',
    ...ownerOfPayPayId(merchantPaymentId),
    ...(notice.state === 'REFUNDED' ? { refundedAmount: notice.order_amount } : {}),
    ...(state === 'FAILED' ? { failureReason: notice.state.toLowerCase() } : {}),
    at,
  };
};

const isCaptured = ({ state }: Notice) => payPayState(state) === 'CAPTURED';

const subjectOf = (notice: Notice, at: string): WebhookSubject => {
  const { data: id } = MerchantId.safeParse(notice.merchant_order_id);
  if (id !== undefined) return { kind: 'payment', snapshot: snapshotOf(notice, id, at) };
  const { notification_type: type, order_id, order_amount: amount } = notice;
  const captured = isCaptured(notice) ? { captured: { externalIds: [order_id], amount, currency: 'JPY' } } : {};
  return { kind: 'other', type, ...captured };
};

/** PayPay's notices have no ID. Each payment has one notice per state. */
const read = (body: string, timestamp: string): Webhook | WebhookRefusal => {
  const json = readJson(body);
  const at = new Date(Number(timestamp) * 1000).toISOString();
  const { data: notice, error: wrong } = Transaction.safeParse(json);
  if (notice !== undefined) {
    const eventId = `${notice.order_id}.${notice.state}`;
    return { provider: 'paypay', eventId, at, ...subjectOf(notice, at) };
  }
  const { data: other, error } = AnyNotice.safeParse(json);
  if (other === undefined) return unreadable(error.issues);
  if (other.notification_type === 'Transaction') return unreadable(wrong.issues); // as another kind it would be lost
  const { notification_type: type } = other;
  return { provider: 'paypay', eventId: `${type}.${timestamp}`, at, kind: 'other', type };
};

/** Parses a PayPay notice that is signed as Standard Webhooks with one of the secrets. */
export const parsePayPayWebhook: ParseWebhook = (rawBody, header, secrets, now) => {
  const signed = signedBy(header, rawBody);
  if (signed === undefined) return { refused: 'unsigned' };
  return refusalOf(signed, secrets.map(keyOf), now) ?? read(rawBody, signed.timestamp);
};
