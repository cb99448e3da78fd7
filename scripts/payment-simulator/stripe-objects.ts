import {
  isHeld,
  type ProviderEvent,
  refundedOf,
  type SimulatedDispute,
  type SimulatedPayment,
  type SimulatedRefund,
} from './payment';

const seconds = (ms: number) => Math.floor(ms / 1000);

const states = {
  open: 'requires_action',
  declined: 'requires_payment_method',
  paid: 'succeeded',
  failed: 'canceled',
  cancelled: 'canceled',
} as const;

const refundStates = { pending: 'pending', done: 'succeeded', failed: 'failed' } as const;

/** A refund in Stripe's words. */
export const stripeRefund = (payment: SimulatedPayment, refund: SimulatedRefund) => ({
  id: refund.id,
  object: 'refund',
  amount: refund.amount,
  charge: payment.transactionId,
  created: seconds(refund.createdAt),
  currency: payment.currency.toLowerCase(),
  metadata: refund.metadata,
  payment_intent: payment.id,
  reason: null,
  status: refundStates[refund.state],
  ...(refund.state === 'failed' ? { failure_reason: 'expired_or_canceled_card' } : {}),
});

const charge = (payment: SimulatedPayment) => ({
  id: payment.transactionId,
  object: 'charge',
  amount: payment.captured,
  amount_captured: payment.captured,
  amount_refunded: refundedOf(payment),
  captured: true,
  currency: payment.currency.toLowerCase(),
  disputed: isHeld(payment),
  livemode: false,
  metadata: payment.metadata,
  paid: true,
  payment_intent: payment.id,
  payment_method_details: payment.methods.includes('paypal')
    ? { type: 'paypal', paypal: {} }
    : { type: 'card', card: { brand: 'visa', last4: '4242' } },
  refunded: refundedOf(payment) === payment.captured,
  status: 'succeeded',
});

/** A dispute in Stripe's words. */
export const stripeDispute = (payment: SimulatedPayment, dispute: SimulatedDispute) => ({
  id: dispute.id,
  object: 'dispute',
  amount: dispute.amount,
  charge: payment.transactionId,
  created: seconds(dispute.createdAt),
  currency: payment.currency.toLowerCase(),
  evidence_details: { due_by: seconds(dispute.dueBy), has_evidence: false, past_due: false, submission_count: 0 },
  is_charge_refundable: !isHeld(payment),
  livemode: false,
  metadata: {},
  payment_intent: payment.id,
  reason: dispute.reason,
  status: dispute.status,
});

const latestCharge = (payment: SimulatedPayment, expanded: boolean) => {
  if (payment.state !== 'paid') return null;
  return expanded ? charge(payment) : payment.transactionId;
};

type Shown = { readonly page: string; readonly expanded?: boolean };

/** A payment in Stripe's words. `page` is where the customer pays. */
export const stripeIntent = (payment: SimulatedPayment, { page, expanded = false }: Shown) => ({
  id: payment.id,
  object: 'payment_intent',
  amount: payment.amount,
  amount_capturable: 0,
  amount_received: payment.captured,
  canceled_at: null,
  cancellation_reason: payment.state === 'cancelled' ? 'abandoned' : null,
  capture_method: 'automatic_async',
  client_secret: payment.secret,
  created: seconds(payment.createdAt),
  currency: payment.currency.toLowerCase(),
  description: payment.description,
  last_payment_error:
    payment.state === 'declined'
      ? {
          type: 'card_error',
          code: 'card_declined',
          decline_code: 'generic_decline',
          message: 'Your card was declined.',
        }
      : null,
  latest_charge: latestCharge(payment, expanded),
  livemode: false,
  metadata: payment.metadata,
  next_action:
    payment.state === 'open' ? { type: 'redirect_to_url', redirect_to_url: { url: page, return_url: null } } : null,
  payment_method_types: payment.methods,
  status: states[payment.state],
});

const types = {
  paid: 'payment_intent.succeeded',
  declined: 'payment_intent.payment_failed',
  failed: 'payment_intent.canceled',
  cancelled: 'payment_intent.canceled',
  'charge-refunded': 'charge.refunded',
  'refund-created': 'refund.created',
  refunded: 'refund.updated',
  'refund-failed': 'refund.failed',
  'dispute-created': 'charge.dispute.created',
  'dispute-updated': 'charge.dispute.updated',
  'dispute-closed': 'charge.dispute.closed',
  'dispute-funds-withdrawn': 'charge.dispute.funds_withdrawn',
  'dispute-funds-reinstated': 'charge.dispute.funds_reinstated',
} as const;

const objectOf = (event: ProviderEvent) => {
  const { payment, what } = event;
  if ('refund' in event) return stripeRefund(payment, event.refund);
  if ('dispute' in event) return stripeDispute(payment, event.dispute);
  return what === 'charge-refunded' ? charge(payment) : stripeIntent(payment, { page: '' });
};

/** What happened as one of Stripe's events. */
export const stripeEvent = (event: ProviderEvent, id: string, at: number) => {
  const { what } = event;
  const object = objectOf(event);
  return {
    id,
    object: 'event',
    api_version: '2026-02-25.clover',
    created: seconds(at),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: types[what],
  };
};
