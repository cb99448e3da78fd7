import * as z from 'zod';
import { dueAgain } from '../../lambda/payment/domain/next-step';
import { awaitingPayment, requested, seen } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { paying } from './paying';

test('S2-04 a lost webhook: the poller converges to paid', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  await shop.poll();
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll();
  expect(shop.only().status).toBe('COMPLETED');
  expect(shop.only().fact.actor).toBe('poll');
});

test('S2-04 a lost webhook: the poller converges to failed', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.fake.becomes(shop.key, 'FAILED');
  await shop.poll();
  expect([shop.only().status, shop.told]).toEqual(['FAILED', ['PaymentRequested', 'PaymentFailed']]);
});

test.each([1, 7, 13, 19, 27, 34, 41, 48, 55, 61, 119, 600, 1500])(
  'S2-05 what is paid %i s after it was asked for shows within 60 s without a webhook',
  async (seconds) => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    const start = shop.clock.now;
    const { sleep } = shop.deps;
    const seenAt: number[] = [];
    const look = () => {
      if (shop.clock.now >= start + seconds * 1000 && shop.only().status === 'PROCESSING')
        shop.fake.becomes(shop.key, 'CAPTURED');
      if (shop.only().status === 'COMPLETED') seenAt.push(shop.clock.now);
    };
    shop.deps.sleep = async (ms) => {
      await sleep(ms);
      look();
    };
    while (seenAt.length === 0 && shop.clock.now < start + (seconds + 120) * 1000) {
      look();
      await shop.poll();
      look();
    }
    expect((seenAt[0] ?? Number.POSITIVE_INFINITY) - start).toBeLessThanOrEqual((seconds + 60) * 1000);
  },
);

test('S2-04 a customer is looked for every ten to twenty seconds, and no more once it is paid', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  await shop.poll(10);
  const asked = shop.fake.asked.length;
  expect(asked).toBeGreaterThanOrEqual(20);
  expect(asked).toBeLessThanOrEqual(45);
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll(10);
  expect(shop.fake.asked.length - asked).toBe(1);
});

test('ends at once when nothing waits', async () => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  const before = shop.clock.now;
  await shop.poll();
  expect([shop.clock.now - before, shop.fake.asked]).toEqual([60_000, ['create']]);
});

test('S2-13 a provider that fails for an hour is asked ever more seldom', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.clock.now += 31 * 60_000;
  shop.fake.faults.push(...Array.from({ length: 1000 }, () => 'lost before' as const));
  await shop.poll(120);
  expect(shop.fake.asked.length).toBeLessThan(15);
});

test.each([
  [119, 20],
  [120, 320],
])(
  'S2-05 %i s after the deadline it is looked at again after %i s: what was paid before is seen by then',
  (late, pause) => {
    const payment = { ...seen(requested(), 'OPEN'), attempts: 5 };
    const now = new Date(Date.parse(payment.deadline) + late * 1000);
    expect(Date.parse(dueAgain(payment, now)) - now.getTime()).toBe(pause * 1000);
  },
);

test('S2-05 an answer that cannot be read is asked for again soon: only a row that cannot be waits an hour', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  const { fetch } = shop.fake.provider;
  shop.fake.provider.fetch = async () => z.never().parse('odd');
  await expect(shop.poll()).rejects.toThrow();
  shop.fake.provider.fetch = fetch;
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll();
  expect(shop.only().status).toBe('COMPLETED');
});

test('a payment whose row cannot be read is looked at every hour, and keeps no other waiting', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  const { get } = shop.deps.payments;
  shop.deps.payments.get = async () => {
    looked += 1;
    return z.never().parse('a row of another version');
  };
  let looked = 0;
  const dueAt = () => shop.only().dueAt;
  await expect(shop.poll()).rejects.toThrow();
  expect([looked, dueAt()]).toEqual([1, '2026-11-21T09:00:10.000Z']);
  await shop.poll(2);
  expect(looked).toBe(1);
  shop.deps.payments.get = get;
  await shop.poll(60);
  expect(shop.only().providerState).toBe('OPEN');
});

test('one payment that fails does not stop the others', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment('ORD-000001'));
  await shop.handle(awaitingPayment('ORD-000002'));
  const { get } = shop.deps.payments;
  shop.deps.payments.get = async (key) => {
    if (key.paymentId === 'PAY-ORD-000001') throw new Error('unreadable');
    return get(key);
  };
  shop.fake.becomes('default/PAY-ORD-000002', 'CAPTURED');
  await expect(shop.poll()).rejects.toThrow('unreadable');
  expect(shop.table.get({ paymentId: 'default#PAY-ORD-000002' })?.status).toBe('COMPLETED');
});
