import type { Tenant } from '../../lambda/kernel/tenant';
import { applyProviderUpdate } from '../../lambda/payment/domain/apply-update';
import { cancelPayment } from '../../lambda/payment/domain/cancel-payment';
import type { Payment } from '../../lambda/payment/domain/payment';
import type { UnknownPayment } from '../../lambda/payment/domain/unknown-payment';
import type { PaymentStore, Receipt } from '../../lambda/payment/payment.store';
import { after, by, requested, snapshot } from '../support/payments';
import { freshTenant } from './builders';

export type PaymentHarness = {
  readonly store: PaymentStore;
  /** Waits until the indexes have what was written. */
  readonly settled: () => Promise<void>;
};

const numbered = (tenant: Tenant, number: number, given: Partial<Payment> = {}): Payment => ({
  ...requested({ tenant, orderId: `ORD-00000${number}` }),
  createdAt: after(number).toISOString(),
  ...given,
});

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

const opened = (payment: Payment) => must(applyProviderUpdate(payment, snapshot('OPEN'), by('create', 1)));
const paid = (payment: Payment, eventId?: string) =>
  must(applyProviderUpdate(payment, snapshot('CAPTURED'), by('stripe', 20, eventId)));
const told = (payment: Payment) => paid(payment, 'evt_1'); // by a webhook

const receipt = (eventId: string): Receipt => ({
  provider: 'stripe',
  eventId,
  about: 'payment CAPTURED',
  at: '2026-11-21T08:00:20.000Z',
  receivedAt: '2026-11-21T08:00:21.000Z',
  expiresAt: new Date('2026-12-21T08:00:21.000Z'),
});

const keeping = (open: () => PaymentHarness) => {
  const { store } = open();

  test('S2-13 keeps one payment for one order', async () => {
    const tenant = freshTenant();
    const first = numbered(tenant, 1);
    expect(await store.insert(first)).toBe(true);
    expect(await store.insert({ ...first, amount: 1 })).toBe(false);
    expect(await store.get(first)).toEqual(first);
  });

  test('P5 stores one of twenty payments that are asked for at the same time', async () => {
    const first = numbered(freshTenant(), 1);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.insert(first)));
    expect(outcomes.filter((stored) => stored)).toHaveLength(1);
  });

  test('P8 knows no payment of another tenant', async () => {
    const first = numbered(freshTenant(), 1);
    await store.insert(first);
    expect(await store.get({ ...first, tenant: freshTenant() })).toBeUndefined();
  });

  test('S2-03 writes the next version, once', async () => {
    const first = numbered(freshTenant(), 1);
    await store.insert(first);
    const [byPoll, byWebhook] = [opened(first), told(first)];
    expect(await store.save(byPoll)).toBe('saved');
    expect(await store.save(byWebhook)).toBe('changed');
    expect(await store.get(first)).toEqual({ ...byPoll, indexedIds: ['pi_1'] });
  });
};

const receiving = (open: () => PaymentHarness) => {
  const { store } = open();

  test('S2-08 stores a webhook with what it changes, once', async () => {
    const first = numbered(freshTenant(), 1);
    const eventId = `evt_${first.tenant}`;
    await store.insert(first);
    expect(await store.saveReceived(told(first), receipt(eventId))).toBe('saved');
    const again = { ...told(first), version: 3 };
    expect(await store.saveReceived(again, receipt(eventId))).toBe('known');
    expect(await store.receive(receipt(eventId))).toBe(false);
    expect(await store.get(first)).toEqual({ ...told(first), indexedIds: ['pi_1'] });
  });

  test('S2-06 stores no webhook without what it changes', async () => {
    const first = numbered(freshTenant(), 1);
    const eventId = `evt_${first.tenant}`;
    await store.insert(first);
    await store.save(opened(first));
    expect(await store.saveReceived(told(first), receipt(eventId))).toBe('changed');
    expect(await store.saveReceived(told(opened(first)), receipt(eventId))).toBe('saved');
    expect(await store.get(first)).toMatchObject({ status: 'COMPLETED', version: 3, lastEventId: 'evt_1' });
  });

  test('F-02 finds a payment by every ID that its provider gave it, once one of them is known', async () => {
    const first = numbered(freshTenant(), 1);
    const [intent, charge] = [`pi_${first.tenant}`, `ch_${first.tenant}`];
    await store.insert(first);
    expect(await store.findByExternalId('stripe', [intent, charge])).toBeUndefined();
    const paidFor = snapshot('CAPTURED', { externalPaymentId: intent, transactionId: charge });
    const captured = must(applyProviderUpdate(first, paidFor, by('stripe', 20, 'evt_1')));
    await store.saveReceived(captured, receipt(`evt_${first.tenant}`));
    for (const ids of [[intent], [charge], ['pi_none', charge]])
      expect(await store.findByExternalId('stripe', ids)).toMatchObject({ tenant: first.tenant, status: 'COMPLETED' });
    expect(await store.findByExternalId('paypay', [intent])).toBeUndefined();
    expect(await store.findByExternalId('stripe', [])).toBeUndefined();
  });

  test('F-11 keeps money of no payment once, however many webhooks report it', async () => {
    const { tenant } = numbered(freshTenant(), 1);
    const unknown = (eventId: string): UnknownPayment => ({
      ...{ tenant, provider: 'stripe', externalPaymentId: `pi_${tenant}`, kind: 'capture', amount: 6600 },
      ...{ currency: 'JPY', reason: 'unknown-payment', eventId, at: '2026-11-21T08:00:21.000Z', version: 1 },
      fact: { type: 'UnknownPaymentFound', actor: 'stripe' },
    });
    const [one, other] = [`evt_1_${tenant}`, `evt_2_${tenant}`];
    expect(await store.receiveUnknown(receipt(one), unknown(one))).toBe(true);
    expect(await store.receiveUnknown(receipt(one), unknown(one))).toBe(false);
    expect(await store.receiveUnknown(receipt(other), unknown(other))).toBe(true);
    expect(await store.receive(receipt(other))).toBe(false);
  });

  test('S2-08 notes a webhook that changes nothing, once', async () => {
    const eventId = `evt_${freshTenant()}`;
    expect(await store.receive(receipt(eventId))).toBe(true);
    expect(await store.receive(receipt(eventId))).toBe(false);
    expect(await store.receive({ ...receipt(eventId), provider: 'paypay' })).toBe(true);
  });
};

const claiming = (open: () => PaymentHarness) => {
  const { store } = open();

  test('P3 returns who holds a claim, and stores nothing more under it', async () => {
    const first = numbered(freshTenant(), 1);
    const refundId = 'REF-ORD-000001-1';
    const claim = { key: 'key-1', requestHash: 'hash-1', refundId, expiresAt: new Date('2026-11-28T08:00:00.000Z') };
    const holder = { requestHash: 'hash-1', paymentId: 'PAY-ORD-000001', refundId };
    await store.insert(first);
    expect(await store.claimedBy(first.tenant, 'key-1')).toBeUndefined();
    expect(await store.saveClaimed(told(first), claim)).toBe('saved');
    expect(await store.saveClaimed({ ...told(first), version: 3 }, claim)).toEqual({ claimedBy: holder });
    expect(await store.saveClaimed({ ...told(first), version: 9 }, { ...claim, key: 'key-2' })).toBe('changed');
    expect(await store.claimedBy(first.tenant, 'key-1')).toEqual(holder);
    expect(await store.claimedBy(first.tenant, 'key-2')).toBeUndefined();
    expect(await store.claimedBy(freshTenant(), 'key-1')).toBeUndefined();
    expect(await store.get(first)).toEqual(told(first));
  });
};

const waiting = (open: () => PaymentHarness) => {
  const { store, settled } = open();
  const dueOf = async (tenant: Tenant, seconds: number) => {
    await settled();
    const all = await store.due(after(seconds), 1000);
    return all.filter((one) => one.tenant === tenant).map(({ paymentId, dueAt }) => [paymentId, dueAt]);
  };

  test('S2-04 finds the payments that are due, and those alone', async () => {
    const tenant = freshTenant();
    await store.insert(numbered(tenant, 1));
    await store.insert(numbered(tenant, 2, { dueAt: after(50).toISOString() }));
    expect(await dueOf(tenant, 9)).toEqual([]);
    expect(await dueOf(tenant, 10)).toEqual([['PAY-ORD-000001', '2026-11-21T08:00:10.000Z']]);
    await store.save(paid(numbered(tenant, 1)));
    expect(await dueOf(tenant, 60)).toEqual([['PAY-ORD-000002', '2026-11-21T08:00:50.000Z']]);
  });

  test('puts off a payment whose row cannot be read, unless somebody has dealt with it', async () => {
    const first = numbered(freshTenant(), 1);
    const { tenant, paymentId, dueAt = '' } = first;
    await store.insert(first);
    expect(await store.rescheduleUnreadable({ tenant, paymentId, dueAt }, after(3600))).toBe(true);
    expect(await store.get(first)).toEqual({ ...first, dueAt: '2026-11-21T09:00:00.000Z' });
    expect(await store.rescheduleUnreadable({ tenant, paymentId, dueAt }, after(7200))).toBe(false);
    expect(await store.rescheduleUnreadable({ tenant, paymentId: 'PAY-ORD-000009', dueAt }, after(7200))).toBe(false);
    expect(await dueOf(tenant, 3600)).toEqual([['PAY-ORD-000001', '2026-11-21T09:00:00.000Z']]);
  });

  test('S2-04 looks at a payment later, unless it has changed', async () => {
    const first = numbered(freshTenant(), 1);
    await store.insert(first);
    const later = { attempts: 1, delayed: true, dueAt: after(25).toISOString() };
    expect(await store.reschedule(first, later)).toBe(true);
    expect(await store.reschedule(first, later)).toBe(false);
    expect(await dueOf(first.tenant, 24)).toEqual([]);
    expect(await store.get(first)).toEqual({ ...first, ...later });
    const stopped = must(cancelPayment({ ...first, ...later }, by('order', 3)));
    expect(await store.save(stopped)).toBe('saved');
    expect(await store.reschedule({ ...first, ...later }, later)).toBe(false);
  });
};

const listing = (open: () => PaymentHarness) => {
  const { store, settled } = open();
  const five = async () => {
    const tenant = freshTenant();
    for (const number of [1, 2, 3, 4, 5])
      await store.insert(numbered(tenant, number, { userId: number % 2 === 0 ? 'customer-2' : 'customer-1' }));
    await settled();
    return tenant;
  };
  const ids = (items: readonly Payment[]) => items.map(({ paymentId }) => paymentId.slice(-1));

  test('S3-19 lists the payments of a tenant, newest first, page by page', async () => {
    const tenant = await five();
    const first = await store.list({ tenant, limit: 2 });
    expect(ids(first.items)).toEqual(['5', '4']);
    const second = await store.list({ tenant, limit: 2, after: first.next });
    expect(ids(second.items)).toEqual(['3', '2']);
    const last = await store.list({ tenant, limit: 2, after: second.next });
    expect([ids(last.items), last.next]).toEqual([['1'], undefined]);
  });

  test('P8 lists the payments of one customer alone', async () => {
    const tenant = await five();
    const mine = await store.list({ tenant, userId: 'customer-2', limit: 9 });
    expect([ids(mine.items), mine.next]).toEqual([['4', '2'], undefined]);
    expect((await store.list({ tenant: freshTenant(), limit: 9 })).items).toEqual([]);
  });
};

/** What every payment store promises, whatever it is made of. */
export const paymentStoreContract = (name: string, open: () => PaymentHarness): void => {
  describe(`payment store ${name}: payments`, () => keeping(open));
  describe(`payment store ${name}: webhooks`, () => receiving(open));
  describe(`payment store ${name}: claims`, () => claiming(open));
  describe(`payment store ${name}: what is due`, () => waiting(open));
  describe(`payment store ${name}: lists`, () => listing(open));
};
