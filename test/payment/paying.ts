import type { PaymentEvent, UnknownPaymentFound } from '../../lambda/contracts/events/payment-events';
import { hasNewFact } from '../../lambda/kernel/events/stream-relay';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentImageEvent } from '../../lambda/payment/domain/payment-event';
import { paymentStore } from '../../lambda/payment/payment.store';
import { detailsEncryption, withCurrentDetailsKey } from '../../lambda/payment/payment-details.gateway';
import { paymentFromRow } from '../../lambda/payment/payment-row';
import { pollPayments } from '../../lambda/payment/poll-payments';
import type { Webhook } from '../../lambda/payment/providers/provider';
import { requestPayments } from '../../lambda/payment/request-payments';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { interrupted, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { eight } from '../support/payments';
import { exchanged, onlySecret } from '../support/secrets';
import { type FakeProvider, fakeProvider } from './fake-provider';

/** A crash: what was done is done, and nothing after it. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** The payment service over a table in memory and a provider in memory. `told` is what its relay publishes. */
export const paying = (fake: FakeProvider = fakeProvider()) => {
  const told: string[] = [];
  const events: (PaymentEvent | UnknownPaymentFound)[] = [];
  const hooks = { afterCommand: () => undefined as unknown };
  const clock = { now: Date.parse(eight) };
  const dynamodb = memoryDynamoDb({
    onChange: (_table, before, after) => {
      if (after === undefined || !hasNewFact({ ...(before && { before }), after })) return;
      const event = paymentImageEvent(after);
      if (event !== undefined) events.push(event);
      if (event !== undefined) told.push(event.type.replace('.v1', ''));
    },
  });
  const table = dynamodb.table('payments');
  const db = interrupted(dynamodb.db, { after: () => hooks.afterCommand() });
  const secret = { now: onlySecret('a secret of at least thirty-two characters') };
  const details = detailsEncryption({
    get signing() {
      return secret.now.signing;
    },
    get good() {
      return secret.now.good;
    },
  });
  const deps = {
    payments: withCurrentDetailsKey(paymentStore('payments', db), details),
    providers: { stripe: fake.provider, paypay: fake.provider, balance: fake.provider },
    encryptDetails: details.encryptDetails,
    now: () => new Date(clock.now),
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const rows = () => table.all().filter(({ providerState }) => providerState !== undefined);
  const only = (): Payment => {
    const [row, ...more] = rows();
    if (row === undefined || more.length > 0) throw new Error(`there are ${rows().length} payments`);
    return paymentFromRow(row);
  };
  return {
    ...{ fake, table, told, events, hooks, clock, deps, only },
    key: `${defaultTenant}/PAY-ORD-000001`,
    open: details.decryptDetails,
    /** The rows of payments. */
    rows,
    /** The rows of the webhooks that were received. */
    receipts: () => table.all().filter(({ paymentId }) => String(paymentId).startsWith('#WEBHOOK#')),
    /** The secret that seals details is exchanged for another. */
    exchangeSecret: (another: string) => {
      secret.now = exchanged(another, secret.now.signing);
    },
    handle: requestPayments(deps),
    receive: receiveWebhook(deps),
    /** The poller runs each minute for so long. */
    poll: async (minutes = 1) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        const start = clock.now;
        const { failed } = await pollPayments(deps);
        if (failed.length > 0) throw failed[0]?.error;
        clock.now = start + 60_000;
      }
    },
  };
};

export type Paying = ReturnType<typeof paying>;

/** What the provider tells of the payment of `key` at this moment. */
export const webhookOf = ({ fake, key }: Paying, eventId: string): Webhook => {
  const taken = fake.payments.get(key);
  if (taken === undefined) throw new Error('the provider knows no such payment');
  return { provider: 'stripe', eventId, at: eight, kind: 'payment', snapshot: taken.snapshot };
};
