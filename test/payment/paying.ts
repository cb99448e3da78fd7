import type { PaymentEvent, UnknownPaymentFound } from '../../lambda/contracts/events/payment-events';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentImageEvent } from '../../lambda/payment/domain/payment-event';
import { detailsEncryption, withCurrentDetailsKey } from '../../lambda/payment/payment-details.gateway';
import { pollPayments } from '../../lambda/payment/poll-payments';
import type { Webhook } from '../../lambda/payment/providers/provider';
import { requestPayments } from '../../lambda/payment/request-payments';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { directly, type Io } from '../stores/io';
import { memoryPaymentStore, paymentsTable } from '../stores/memory-payments';
import { eight } from '../support/payments';
import { exchanged, onlySecret } from '../support/secrets';
import { type FakeProvider, fakeProvider } from './fake-provider';

/** A crash: what was done is done, and nothing after it. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

type Change = { readonly version?: unknown };

/** The payment service over a table in memory and a provider in memory. `told` is what its relay publishes. */
export const paying = (fake: FakeProvider = fakeProvider()) => {
  const told: string[] = [];
  const events: (PaymentEvent | UnknownPaymentFound)[] = [];
  const hooks: { afterCall: (call: string) => void | Promise<void> } = { afterCall: () => undefined };
  const clock = { now: Date.parse(eight) };
  const rows = new Map<unknown, Readonly<Record<string, unknown>>>();
  const table = paymentsTable((before, row) => {
    const written = row as Readonly<Record<string, unknown>>;
    rows.set(written.paymentId, written);
    if ((before as Change | undefined)?.version === (row as Change).version) return;
    const event = paymentImageEvent(row as Record<string, unknown>);
    if (event !== undefined) events.push(event);
    if (event !== undefined) told.push(event.type.replace('.v1', ''));
  });
  const io: Io = async (call, effect) => {
    const value = await directly(call, effect);
    await hooks.afterCall(call);
    return value;
  };
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
    payments: withCurrentDetailsKey(memoryPaymentStore(table, io), details),
    providers: { stripe: fake.provider, paypay: fake.provider, balance: fake.provider },
    encryptDetails: details.encryptDetails,
    now: () => new Date(clock.now),
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const only = (): Payment => {
    const [payment, ...more] = table.payments.values();
    if (payment === undefined || more.length > 0) throw new Error(`there are ${table.payments.size} payments`);
    return payment;
  };
  return {
    ...{ fake, table, told, events, hooks, clock, deps, only },
    key: `${defaultTenant}/PAY-ORD-000001`,
    open: details.decryptDetails,
    /** What was last written of each payment. */
    get rows(): Readonly<Record<string, unknown>>[] {
      return [...rows.values()];
    },
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
