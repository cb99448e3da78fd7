import { PaymentId } from '../../contracts/values/payment-status';
import { TenantId } from '../../contracts/values/text';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import { defaultTenant, type Tenant, trustedTenant } from '../../kernel/tenant';
import type { AdvanceDeps } from '../advance-payment';
import { applyDisputeUpdate } from '../domain/apply-dispute';
import { applyProviderUpdate } from '../domain/apply-update';
import type { Cause, Payment, PaymentKey } from '../domain/payment';
import { type UnknownPayment, unknownPayment } from '../domain/unknown-payment';
import type { PaymentStore, Receipt } from '../payment.store';
import type { Webhook } from '../providers/provider';
import { applyChargeRefunds, applyRefundUpdate } from '../refunds/apply-refund';

export type ReceiveDeps = Pick<AdvanceDeps, 'encryptDetails' | 'now'> & {
  readonly payments: Pick<
    PaymentStore,
    'get' | 'list' | 'findByExternalId' | 'saveReceived' | 'receive' | 'receiveUnknown'
  >;
  /** Returns whether our keys are for real money, if known. A webhook's `livemode` must match. */
  readonly livemode?: (provider: Webhook['provider']) => boolean | undefined;
};

/** The result of a webhook. Each was stored; `unknown` matches no payment. */
export type Received = 'applied' | 'noted' | 'known' | 'unknown';

const receiptDays = 30; // providers resend for three days at most
const maxAttempts = 10; // against concurrent changes

type Named = { readonly tenant?: string | undefined; readonly paymentId?: string | undefined };

const namedBy = (webhook: Webhook): Named => {
  if (webhook.kind === 'other') return {};
  return webhook.kind === 'payment' ? webhook.snapshot : webhook;
};

const tenantOf = ({ tenant }: Named): Tenant | undefined =>
  tenant !== undefined && TenantId.safeParse(tenant).success ? trustedTenant(tenant) : undefined;

const keyOf = (webhook: Webhook): PaymentKey | undefined => {
  const named = namedBy(webhook);
  const tenant = tenantOf(named);
  const { data: paymentId } = PaymentId.safeParse(named.paymentId);
  return tenant === undefined || paymentId === undefined ? undefined : { tenant, paymentId };
};

const externalIdsOf = (webhook: Webhook): readonly string[] => {
  if (webhook.kind === 'other') return webhook.captured?.externalIds ?? [];
  return webhook.kind === 'payment' ? [webhook.snapshot.externalPaymentId] : webhook.externalIds;
};

const aboutOf = (webhook: Webhook): string => {
  switch (webhook.kind) {
    case 'payment':
      return `payment ${webhook.snapshot.state}`;
    case 'charge':
      return `charge of ${webhook.charge.capturedAmount}, ${webhook.charge.refundedAmount} refunded`;
    case 'refund':
      return `refund ${webhook.refund.state}`;
    case 'dispute':
      return `dispute ${webhook.dispute.status}`;
    case 'other':
      return webhook.type;
  }
};

const receiptOf = (webhook: Webhook, now: Date): Receipt => {
  const { provider, eventId, at } = webhook;
  const expiresAt = new Date(now.getTime() + receiptDays * 86_400_000);
  return { provider, eventId, at, about: aboutOf(webhook), receivedAt: now.toISOString(), expiresAt };
};

const applyWebhook = (
  { encryptDetails }: ReceiveDeps,
  webhook: Webhook,
  payment: Payment,
  cause: Cause,
): Payment | undefined => {
  switch (webhook.kind) {
    case 'payment':
      return applyProviderUpdate(payment, encryptDetails(payment, webhook.snapshot), cause);
    case 'charge': {
      const [externalPaymentId = ''] = webhook.externalIds;
      const { refundedAmount, refunds } = webhook.charge;
      return applyChargeRefunds(payment, { externalPaymentId, refundedAmount, ...listed(refunds) }, cause);
    }
    case 'refund':
      return applyRefundUpdate(payment, webhook.refund, cause);
    case 'dispute':
      return applyDisputeUpdate(
        payment,
        { ...webhook.dispute, externalPaymentId: webhook.externalIds[0], at: webhook.at },
        cause,
      );
    case 'other':
      return undefined;
  }
};

const listed = <One>(refunds: readonly One[]) => (refunds.length === 0 ? {} : { refunds });

/**
 * A webhook without a matching payment. It is `noted` when it is not about a payment or names one of another provider.
 */
type Unmatched = { readonly reason?: UnknownPayment['reason']; readonly as: 'noted' | 'unknown' };

const isOtherMode = ({ livemode }: ReceiveDeps, webhook: Webhook): boolean => {
  const ours = webhook.livemode === undefined ? undefined : livemode?.(webhook.provider);
  return ours !== undefined && ours !== webhook.livemode;
};

/** Finds the payment of a refund or dispute by its external IDs, whatever the metadata say. */
const findByIds = async ({ payments }: ReceiveDeps, webhook: Webhook): Promise<Payment | undefined> =>
  payments.findByExternalId(webhook.provider, externalIdsOf(webhook));

/** Returns why a webhook matches no payment. A payment with a known external ID is left to the poller. */
const unmatchedOf = async (deps: ReceiveDeps, webhook: Webhook, named: Payment | undefined): Promise<Unmatched> => {
  if (named !== undefined) return { reason: 'other-provider', as: 'noted' };
  if (webhook.kind === 'payment' && (await findByIds(deps, webhook)) !== undefined) return { as: 'unknown' };
  return { reason: keyOf(webhook) === undefined ? 'no-metadata' : 'unknown-payment', as: 'unknown' };
};

const find = async (deps: ReceiveDeps, webhook: Webhook): Promise<Payment | Unmatched> => {
  if (webhook.kind === 'other' && webhook.captured === undefined) return { as: 'noted' };
  if (isOtherMode(deps, webhook)) return { reason: 'other-mode', as: 'unknown' };
  const known = webhook.kind === 'payment' ? undefined : await findByIds(deps, webhook);
  if (known !== undefined) return known;
  const key = keyOf(webhook);
  const named = key && (await deps.payments.get(key));
  return named?.provider === webhook.provider ? named : unmatchedOf(deps, webhook, named);
};

/**
 * Returns the tenant in the metadata if it has payments here, otherwise the default tenant, so that somebody sees the
 * alert.
 */
const alertTenant = async ({ payments }: ReceiveDeps, webhook: Webhook): Promise<Tenant> => {
  const tenant = tenantOf(namedBy(webhook));
  if (tenant === undefined) return defaultTenant;
  const { items } = await payments.list({ tenant, limit: 1 });
  return items.length > 0 ? tenant : defaultTenant;
};

const note = async (deps: ReceiveDeps, webhook: Webhook, { reason, as }: Unmatched): Promise<Received> => {
  const at = deps.now();
  const receipt = receiptOf(webhook, at);
  const unknown = reason && unknownPayment(webhook, { tenant: await alertTenant(deps, webhook), reason, at });
  const isNew = unknown ? await deps.payments.receiveUnknown(receipt, unknown) : await deps.payments.receive(receipt);
  return isNew ? as : 'known';
};

const attempt = async (deps: ReceiveDeps, webhook: Webhook): Promise<Received | Conflict> => {
  const found = await find(deps, webhook);
  if (!('paymentId' in found)) return note(deps, webhook, found);
  const at = deps.now();
  const next = applyWebhook(deps, webhook, found, { actor: webhook.provider, eventId: webhook.eventId, at });
  if (next === undefined) return note(deps, webhook, { as: 'noted' });
  const outcome = await deps.payments.saveReceived(next, receiptOf(webhook, at));
  if (outcome === 'changed') return conflict;
  return outcome === 'saved' ? 'applied' : 'known';
};

/**
 * Stores a webhook in one transaction with its change, so that the change happens once. Throws after ten concurrent
 * changes; the provider then resends.
 */
export const receiveWebhook =
  (deps: ReceiveDeps) =>
  (webhook: Webhook): Promise<Received> =>
    retryOnConflict(
      {
        attempts: maxAttempts,
        onExhausted: `a payment changed ${maxAttempts} times while webhook ${webhook.eventId} was stored`,
      },
      () => attempt(deps, webhook),
    );
