import { type AdvanceDeps, changePayment } from './advance-payment';
import { applyDisputeUpdate } from './domain/apply-dispute';
import type { PaymentStore } from './payment.store';
import type { DisputePage, ListedDispute, PaymentProvider, Webhook } from './providers/provider';
import type { Received } from './webhooks/receive-webhook';

export type ReadDisputesDeps = Pick<AdvanceDeps, 'now'> & {
  readonly payments: Pick<PaymentStore, 'get' | 'save' | 'reschedule' | 'findByExternalId'>;
  /** Lists disputes, newest first. */
  readonly disputes: NonNullable<PaymentProvider['disputes']>;
  /** Stores a dispute of an unknown payment, as its webhook would. */
  readonly receive: (webhook: Webhook) => Promise<Received>;
};

/** The result of one run. `changed` counts disputes that were new or had changed without a webhook. */
export type DisputesReport = { read: number; changed: number; isCutShort: boolean };

const dayMs = 86_400_000;
const newDays = 3; // Stripe retries a webhook for this long
const openDays = 180; // longer than banks take to decide
const minuteOfHour = 17;
const hourOfDay = 3;
const maxPages = 50; // 5,000 disputes: the function has a minute
const clockSkewMs = 60_000;

/**
 * Returns the start of the list to read: new disputes once an hour, all that may be open once a day. Returns undefined
 * in every other minute.
 */
export const disputesSince = (now: Date): Date | undefined => {
  if (now.getUTCMinutes() !== minuteOfHour) return undefined;
  const days = now.getUTCHours() === hourOfDay ? openDays : newDays;
  return new Date(now.getTime() - days * dayMs);
};

const webhookOf = ({ dispute, ...about }: ListedDispute, at: string): Webhook => ({
  ...{ provider: 'stripe', eventId: `listed_${dispute.disputeId}_${dispute.status}`, at, kind: 'dispute' },
  ...{ dispute, externalIds: about.externalIds, currency: about.currency },
});

/**
 * Returns true when the dispute was new or changed. An old dispute of an unknown payment is ignored: it was reported
 * when it was new.
 */
const applyListed = async (
  deps: ReadDisputesDeps,
  listed: ListedDispute,
  at: string,
  isNew: boolean,
): Promise<boolean> => {
  const { dispute, externalIds } = listed;
  const known = await deps.payments.findByExternalId('stripe', externalIds);
  if (known === undefined) return isNew && (await deps.receive(webhookOf(listed, at))) !== 'known';
  const update = { ...dispute, externalPaymentId: externalIds[0], at };
  const next = await changePayment(deps, known, (payment, cause) => applyDisputeUpdate(payment, update, cause), {
    actor: 'stripe',
  });
  return next !== undefined;
};

/**
 * Lists disputes opened since a moment and applies each like a webhook. A lost webhook is recovered after an hour, a
 * lost decision after a day. Known disputes write nothing.
 */
export const readDisputes = async (deps: ReadDisputesDeps, since: Date): Promise<DisputesReport> => {
  const report: DisputesReport = { read: 0, changed: 0, isCutShort: false };
  const newSince = new Date(deps.now().getTime() - newDays * dayMs - clockSkewMs).toISOString();
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const at = new Date(deps.now().getTime() - clockSkewMs).toISOString(); // a concurrent webhook counts as newer
    const { disputes, next }: DisputePage = await deps.disputes({ since: since.toISOString(), after });
    for (const listed of disputes) {
      report.read += 1;
      if (await applyListed(deps, listed, at, listed.openedAt >= newSince)) report.changed += 1;
    }
    if (next === undefined) return report;
    after = next;
  }
  return { ...report, isCutShort: true };
};
