import { PaymentId } from '../contracts/payment-status';
import { TenantId } from '../contracts/text';
import { trustedTenant } from '../kernel/tenant';
import type { AdvanceDeps } from './advance-payment';
import type { Cause, Payment, PaymentKey } from './payment';
import type { PaymentStore, Receipt } from './payment.store';
import type { Webhook } from './provider';
import { see } from './see-payment';
import { seeRefund } from './see-refund';

export type ReceiveDeps = Pick<AdvanceDeps, 'seal' | 'now'> & {
  readonly payments: Pick<PaymentStore, 'get' | 'saveReceived' | 'receive'>;
};

/** What became of a webhook. Each was stored; `unknown` is about no payment of ours. */
export type Received = 'applied' | 'noted' | 'known' | 'unknown';

const keptDays = 30; // providers send again for three days at most
const tries = 10; // so many others at most are first

const subjectOf = (
  webhook: Webhook,
): { readonly tenant?: string | undefined; readonly paymentId?: string | undefined } =>
  webhook.kind === 'payment' ? webhook.sighting : webhook.kind === 'refund' ? webhook : {};

const keyOf = (webhook: Webhook): PaymentKey | undefined => {
  const { tenant, paymentId } = subjectOf(webhook);
  const isOurs = TenantId.safeParse(tenant).success && PaymentId.safeParse(paymentId).success;
  return isOurs && tenant !== undefined && paymentId !== undefined
    ? { tenant: trustedTenant(tenant), paymentId }
    : undefined;
};

const aboutOf = (webhook: Webhook): string => {
  if (webhook.kind === 'other') return webhook.type;
  return webhook.kind === 'payment' ? `payment ${webhook.sighting.state}` : `refund ${webhook.refund.state}`;
};

const receiptOf = (webhook: Webhook, now: Date): Receipt => {
  const { provider, eventId, at } = webhook;
  const expiresAt = new Date(now.getTime() + keptDays * 86_400_000);
  return { provider, eventId, at, about: aboutOf(webhook), receivedAt: now.toISOString(), expiresAt };
};

const reactTo = ({ seal }: ReceiveDeps, webhook: Webhook, payment: Payment, cause: Cause): Payment | undefined => {
  if (webhook.provider !== payment.provider) return undefined;
  if (webhook.kind === 'payment') return see(payment, seal(payment, webhook.sighting), cause);
  const { refundId } = webhook.kind === 'refund' ? webhook : {};
  return webhook.kind === 'refund' ? seeRefund(payment, { ...webhook.refund, refundId }, cause) : undefined;
};

const note = async ({ payments, now }: ReceiveDeps, webhook: Webhook, as: 'noted' | 'unknown'): Promise<Received> =>
  (await payments.receive(receiptOf(webhook, now()))) ? as : 'known';

/** Nothing when somebody else changed the payment first. */
const attempt = async (deps: ReceiveDeps, webhook: Webhook, key: PaymentKey): Promise<Received | undefined> => {
  const payment = await deps.payments.get(key);
  if (payment === undefined) return note(deps, webhook, 'unknown');
  const at = deps.now();
  const next = reactTo(deps, webhook, payment, { actor: webhook.provider, eventId: webhook.eventId, at });
  if (next === undefined) return note(deps, webhook, 'noted');
  const outcome = await deps.payments.saveReceived(next, receiptOf(webhook, at));
  if (outcome === 'changed') return undefined;
  return outcome === 'saved' ? 'applied' : 'known';
};

const apply = async (deps: ReceiveDeps, webhook: Webhook, key: PaymentKey): Promise<Received> => {
  for (let tried = 0; tried < tries; tried += 1) {
    const received = await attempt(deps, webhook, key);
    if (received !== undefined) return received;
  }
  throw new Error(`payment ${key.paymentId} changed ${tries} times while a webhook was being stored`);
};

/**
 * Stores a webhook together with what it changes: it changes it once, however often it comes. Answered only when it is
 * stored, so that the provider sends again what was not.
 */
export const receiveWebhook =
  (deps: ReceiveDeps) =>
  (webhook: Webhook): Promise<Received> => {
    const key = keyOf(webhook);
    if (key !== undefined) return apply(deps, webhook, key);
    return note(deps, webhook, webhook.kind === 'other' ? 'noted' : 'unknown');
  };
