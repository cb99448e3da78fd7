import { createHash } from 'node:crypto';
import * as z from 'zod';
import { UnknownPaymentFound } from '../../contracts/events/payment-events';
import { TenantId } from '../../contracts/values/text';
import { type Tenant, trustedTenant } from '../../kernel/tenant';
import type { Webhook } from '../providers/provider';

type Data = UnknownPaymentFound['data'];

/** Money that a provider reports for no payment known here. Stored once per external payment. */
export type UnknownPayment = Data & {
  readonly tenant: Tenant;
  readonly eventId: string;
  readonly at: string;
  readonly version: 1;
  readonly fact: { readonly type: 'UnknownPaymentFound'; readonly actor: string };
};

type Money = Pick<Data, 'kind' | 'amount' | 'currency'> & { readonly externalIds: readonly string[] };

/** Returns the money that a webhook mentions, moved or not. */
const mentionedMoney = (webhook: Webhook): Money | undefined => {
  switch (webhook.kind) {
    case 'payment': {
      const { amount, currency, externalPaymentId } = webhook.snapshot;
      return { kind: 'capture', amount, currency, externalIds: [externalPaymentId] };
    }
    case 'charge': {
      const { charge, externalIds, currency } = webhook;
      return { kind: 'capture', amount: charge.capturedAmount, currency, externalIds };
    }
    case 'refund': {
      const { refund, externalIds, currency } = webhook;
      const ids = [...externalIds, refund.externalRefundId];
      return { kind: 'refund', amount: refund.amount, currency, externalIds: ids };
    }
    case 'dispute': {
      const { dispute, externalIds, currency } = webhook;
      const ids = [...externalIds, dispute.disputeId];
      return { kind: 'dispute', amount: dispute.amount, currency, externalIds: ids };
    }
    case 'other':
      return webhook.captured && { kind: 'capture', ...webhook.captured };
  }
};

/**
 * Returns true when nothing moved: open, failed, or decided for the shop. An open dispute counts, since it needs an
 * answer.
 */
const movedNothing = (webhook: Webhook): boolean =>
  (webhook.kind === 'payment' && webhook.snapshot.state !== 'CAPTURED') ||
  (webhook.kind === 'refund' && webhook.refund.state === 'FAILED') ||
  (webhook.kind === 'dispute' && (webhook.dispute.status === 'WON' || webhook.dispute.status === 'CLOSED'));

/** Returns the money that a webhook is about. Returns undefined when none has moved. */
const moneyOf = (webhook: Webhook): Money | undefined => {
  const money = movedNothing(webhook) ? undefined : mentionedMoney(webhook);
  return money?.amount === 0 ? undefined : money;
};

/** Returns what is stored of a webhook about an unknown payment. Returns undefined when no money has moved. */
export const unknownPayment = (
  webhook: Webhook,
  { tenant, reason, at }: Pick<UnknownPayment, 'tenant' | 'reason'> & { readonly at: Date },
): UnknownPayment | undefined => {
  const money = moneyOf(webhook);
  const [externalPaymentId] = money?.externalIds ?? [];
  if (money === undefined || externalPaymentId === undefined) return undefined;
  const { kind, amount, currency } = money;
  const { provider, eventId } = webhook;
  const fact = { type: 'UnknownPaymentFound', actor: provider } as const;
  return {
    ...{ provider, externalPaymentId, kind, amount, currency, reason },
    ...{ tenant, eventId, at: at.toISOString(), version: 1, fact },
  };
};

/** Names an external payment in events and alerts: by its ID, or by the hash of an ID that is too long or unsafe. */
const subjectOf = (externalPaymentId: string): string =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(externalPaymentId)
    ? externalPaymentId
    : createHash('sha256').update(externalPaymentId).digest('hex');

const key = ({ provider, externalPaymentId }: Pick<UnknownPayment, 'provider' | 'externalPaymentId'>): string =>
  `#UNKNOWN#${provider}#${externalPaymentId}`;

export const unknownPaymentRow = (unknown: UnknownPayment) => ({ ...unknown, paymentId: key(unknown) });

const Row = z.object({
  ...UnknownPaymentFound.shape.data.shape,
  tenant: TenantId.transform(trustedTenant),
  eventId: z.string(),
  at: z.iso.datetime(),
  version: z.literal(1),
  fact: z.object({ type: z.literal('UnknownPaymentFound'), actor: z.string() }),
});

/** Returns true for a stream image of an unknown payment. */
export const isUnknownPayment = ({ paymentId }: Record<string, unknown>): boolean =>
  String(paymentId).startsWith('#UNKNOWN#');

/** Returns the event of an unknown payment. Throws for an image that does not match the schema. */
export const unknownPaymentEvent = (image: unknown): UnknownPaymentFound => {
  const { tenant, eventId, at, version, fact, ...data } = Row.parse(image);
  const subject = subjectOf(data.externalPaymentId);
  return {
    specversion: '1.0',
    id: `${tenant}/${data.provider}-${subject}:${version}`,
    source: '/payments',
    type: 'UnknownPaymentFound.v1',
    subject,
    time: at,
    datacontenttype: 'application/json',
    tenantid: tenant,
    correlationid: eventId.slice(0, 128),
    actor: fact.actor,
    data,
  };
};
