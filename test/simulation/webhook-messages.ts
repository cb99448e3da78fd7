import { createHmac } from 'node:crypto';
import type { ProviderSnapshot, RefundSnapshot } from '../../lambda/payment/providers/provider';
import type { Deal, Dispute, News } from './deal';
import { snapshotOf } from './provider-ledger';
import type { World } from './world';

/** The secrets that sign webhooks: two are active while they are exchanged. */
export const webhookSecrets = {
  stripe: ['whsec_old', 'whsec_new'],
  paypay: ['whsec_b2xkLXNlY3JldA==', 'whsec_bmV3LXNlY3JldA=='],
};

/** A webhook as it travels: signed over its bytes. */
export type Post = {
  readonly provider: 'stripe' | 'paypay';
  readonly name: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type WebhookMessage = Pick<Post, 'provider' | 'name' | 'body'>;

const stripeStates = {
  OPEN: 'requires_payment_method',
  DECLINED: 'requires_payment_method',
  AUTHORIZED: 'requires_capture',
  CAPTURED: 'succeeded',
  FAILED: 'canceled',
  CANCELLED: 'canceled',
} as const satisfies Record<ProviderSnapshot['state'], string>;

const payPayStates = {
  OPEN: 'CREATED',
  DECLINED: 'CREATED',
  AUTHORIZED: 'AUTHORIZED',
  CAPTURED: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELED',
} as const satisfies Record<ProviderSnapshot['state'], string>;

const refundStatuses = { PROCESSING: 'pending', COMPLETED: 'succeeded', FAILED: 'failed' } as const satisfies Record<
  RefundSnapshot['state'],
  string
>;

const disputeStatuses = { OPEN: 'needs_response', WON: 'won', LOST: 'lost' } as const;

const stripeDispute = (world: World, { externalPaymentId, currency }: Deal, { disputeId, amount, state }: Dispute) => ({
  ...{ object: 'dispute', id: disputeId, amount, currency: currency.toLowerCase(), reason: 'fraudulent' },
  ...{ payment_intent: externalPaymentId, charge: `ch_${externalPaymentId}`, status: disputeStatuses[state] },
  evidence_details: { due_by: Math.floor(world.now / 1000) + 604_800 },
});

const stripeObject = (world: World, { deal, refund, dispute }: News) => {
  if (dispute !== undefined) return stripeDispute(world, deal, dispute);
  const { tenant, paymentId, externalPaymentId, state, amount, captured, currency } = deal;
  const metadata = { tenant, paymentId };
  if (refund !== undefined) {
    const status = refundStatuses[refund.state];
    const { externalRefundId: id, refundId } = refund;
    const about = { object: 'refund', id, amount: refund.amount, status, payment_intent: externalPaymentId };
    return { ...about, metadata: refundId === undefined ? {} : { ...metadata, refundId } };
  }
  const { failureReason } = snapshotOf(world, deal);
  return {
    ...{ object: 'payment_intent', id: externalPaymentId, status: stripeStates[state] },
    ...{ amount, amount_received: captured, currency: currency.toLowerCase(), metadata },
    ...(state === 'DECLINED' ? { last_payment_error: { decline_code: failureReason } } : {}),
  };
};

const typeOf = ({ refund, dispute }: News): string => {
  if (dispute !== undefined) return dispute.state === 'OPEN' ? 'charge.dispute.created' : 'charge.dispute.closed';
  return refund === undefined ? 'payment_intent.changed' : 'refund.updated';
};

const stripeLetter = (world: World, news: News, name: string): WebhookMessage => {
  const created = Math.floor((world.now + world.providerLedger.skewMs) / 1000);
  const type = typeOf(news);
  const event = { object: 'event', id: name, type, created, data: { object: stripeObject(world, news) } };
  return { provider: 'stripe', name, body: JSON.stringify(event) };
};

/** PayPay tells of payments alone. */
const payPayLetter = ({ deal, refund }: News, name: string): WebhookMessage | undefined => {
  if (refund !== undefined) return undefined;
  const { externalPaymentId, state, amount, captured } = deal;
  const notice = {
    ...{ notification_type: 'Transaction', order_id: externalPaymentId, merchant_order_id: externalPaymentId },
    ...{ state: payPayStates[state], order_amount: state === 'CAPTURED' ? captured : amount },
  };
  return { provider: 'paypay', name, body: JSON.stringify(notice) };
};

const secretOf = (world: World, provider: Post['provider']): string => world.random.pick(webhookSecrets[provider]);

type Pen = { readonly secret?: string; readonly at?: number };

/** Signs a message at the moment when it is sent, by the provider's clock. */
export const signed = (world: World, message: WebhookMessage, pen: Pen = {}): Post => {
  const { secret = secretOf(world, message.provider), at = world.now } = pen;
  const timestamp = String(Math.floor((at + world.providerLedger.skewMs) / 1000));
  const { provider, name, body } = message;
  if (provider === 'stripe') {
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return { ...message, headers: { 'stripe-signature': `t=${timestamp},v1=${signature}` } };
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${name}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': name, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { ...message, headers };
};

/** What a provider writes about what happened; nothing when it tells nobody of such things. */
export const messageOf = (world: World, news: News, name: string): WebhookMessage | undefined =>
  news.deal.provider === 'stripe' ? stripeLetter(world, news, name) : payPayLetter(news, name);

const forgeries = ['other secret', 'body changed', 'old signature', 'other amount'] as const;

type Forged = { readonly post: Post; readonly isSigned: boolean };

/** A message of somebody who would like to be the provider, or who has its key and tells of another amount. */
export const forged = (world: World, { provider, name: original, body: genuine }: WebhookMessage): Forged => {
  const name = `forged_${original}`;
  const body = genuine.replace(original, name);
  const message = { provider, name, body };
  const other = body.replace(/"(amount_received|order_amount)":\d+/, '"$1":1').replace(/"amount":\d+/, '"amount":1');
  const isOfDispute = body.includes('"object":"dispute"'); // what a bank takes, its dispute alone can say
  const picked = world.random.pick(forgeries);
  switch (picked === 'other amount' && isOfDispute ? 'other secret' : picked) {
    case 'other secret':
      return { post: signed(world, message, { secret: 'whsec_Z3Vlc3NlZC1rZXk=' }), isSigned: false };
    case 'body changed':
      return { post: { ...signed(world, message), body: other }, isSigned: false };
    case 'old signature':
      return { post: signed(world, message, { at: world.now - 1_200_000 }), isSigned: false };
    case 'other amount':
      return { post: signed(world, { ...message, body: other }), isSigned: true };
  }
};
