import { outcomeOf } from '../../lambda/payment/domain/apply-own-update';
import type { RefundSnapshot, Webhook } from '../../lambda/payment/providers/provider';
import { awaitingPayment, cancelledOrder, eight } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying, webhookOf } from './paying';

/** A payment of 6,600 yen that was captured as `pi_1`. */
const paid = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  return shop;
};

const cancelled = cancelledOrder('ORD-000001', { paymentStatus: 'PAID' });

/** Stripe's word of a refund without any metadata, as it is for one that was made in its dashboard. */
const word = (eventId: string, given: Partial<RefundSnapshot> = {}, externalIds = ['pi_1']): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'refund', externalIds, currency: 'JPY' },
  refund: { externalRefundId: 're_x', amount: 200, state: 'COMPLETED', externalPaymentId: externalIds[0], ...given },
});

const charge = (eventId: string, refundedAmount: number): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'charge', externalIds: ['pi_1', 'ch_1'] },
  charge: { capturedAmount: 6600, refundedAmount, refunds: [] },
});

const refundsOf = (shop: Paying) =>
  shop.only().refunds.map(({ amount, status, madeElsewhere }) => [amount, status, madeElsewhere ?? false]);
const refundEvents = (shop: Paying) =>
  shop.events.flatMap(({ type, data }) =>
    type === 'PaymentRefunded.v1' ? [[data.refundAmount, data.madeElsewhere ?? false, data.fullyRefunded]] : [],
  );
const givenBack = ({ fake, key }: Paying) => fake.refundsOf(key).reduce((sum, { amount }) => sum + amount, 0);

describe('F-02 a refund that was made at the provider', () => {
  test('is found by the ID of the payment there, booked once, and reported as made elsewhere', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    expect(await shop.receive(word('evt_1'))).toBe('applied');
    expect(await shop.receive(word('evt_1'))).toBe('known');
    await shop.poll();
    expect(await shop.receive(word('evt_2'))).toBe('noted');
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
    expect(refundEvents(shop)).toEqual([[200, true, false]]);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', refunds: [{ refundId: 'EXT-re_x' }] });
  });

  test('of all of the money is published again as it was first: made elsewhere', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 6600);
    await shop.receive(word('evt_1', { amount: 6600 }));
    await shop.poll();
    expect(outcomeOf(shop.only())).toEqual({
      ...{ type: 'PaymentRefunded', refundId: 'EXT-re_x', refundAmount: 6600, madeElsewhere: true },
    });
  });

  test('of 200 of 6,600 before the order is cancelled: 6,400 are asked for, and both end', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.receive(word('evt_1'));
    await shop.poll();
    await shop.handle(cancelled);
    await shop.poll(3);
    expect(refundsOf(shop)).toEqual([
      [200, 'COMPLETED', true],
      [6400, 'COMPLETED', false],
    ]);
    expect([shop.only().status, givenBack(shop), shop.only().dueAt]).toEqual(['REFUNDED', 6600, undefined]);
    expect(refundEvents(shop).at(-1)).toEqual([6400, false, true]);
  });

  test('of which no webhook comes is found before more than is left is asked for', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.handle(cancelled);
    await shop.poll(3);
    expect(refundsOf(shop)).toEqual([
      [6400, 'COMPLETED', false],
      [200, 'COMPLETED', true],
    ]);
    expect([shop.only().status, givenBack(shop)]).toEqual(['REFUNDED', 6600]);
    expect(shop.told).not.toContain('PaymentRefundFailed');
    expect(await shop.receive(word('evt_late'))).toBe('noted');
  });

  test.each<[string, Record<string, number>]>([
    ['at once', { re_x: 6600 }],
    ['in parts', { re_x: 6000, re_y: 600 }],
  ])('of all of it, %s, closes the refund of the cancelled order', async (_, made) => {
    const shop = await paid();
    for (const [id, amount] of Object.entries(made)) shop.fake.refundsElsewhere(shop.key, id, amount);
    await shop.handle(cancelled);
    await shop.poll(3);
    expect(refundsOf(shop)[0]).toEqual([6600, 'CANCELLED', false]);
    expect([shop.only().status, givenBack(shop), shop.only().dueAt]).toEqual(['REFUNDED', 6600, undefined]);
    expect(refundEvents(shop).at(-1)?.[2]).toBe(true);
  });

  test('is read from the provider when a charge reports that more has gone back than is known', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    shop.fake.refundsElsewhere(shop.key, 're_y', 300);
    expect(await shop.receive(charge('evt_1', 500))).toBe('applied');
    expect(shop.only().dueAt).toBe(shop.deps.now().toISOString());
    await shop.poll();
    expect(refundsOf(shop)).toEqual([
      [200, 'COMPLETED', true],
      [300, 'COMPLETED', true],
    ]);
    expect(await shop.receive(charge('evt_2', 500))).toBe('noted');
    expect(shop.only().dueAt).toBeUndefined();
  });

  test('comes late, twice and out of order to the same end', async () => {
    const pending = word('evt_1', { state: 'PROCESSING' });
    const done = word('evt_2');
    const all = charge('evt_3', 200);
    for (const order of [
      [pending, done, all],
      [done, pending, all],
      [all, done, pending],
      [all, pending, done],
    ]) {
      const shop = await paid();
      shop.fake.refundsElsewhere(shop.key, 're_x', 200);
      for (const webhook of [...order, ...order]) await shop.receive(webhook);
      await shop.poll(2);
      expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
      expect(refundEvents(shop)).toEqual([[200, true, false]]);
    }
  });

  test('is followed in the list of the provider until it is done', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200, 'PROCESSING');
    await shop.receive(word('evt_1', { state: 'PROCESSING' }));
    await shop.poll();
    expect(refundsOf(shop)).toEqual([[200, 'PROCESSING', true]]);
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.poll(2);
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
    expect(shop.fake.asked.filter((query) => query === 'refund')).toEqual([]);
  });

  test('fails after all: of a cancelled order its money is asked for again', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.receive(word('evt_1'));
    await shop.poll();
    await shop.handle(cancelled);
    shop.fake.refundsElsewhere(shop.key, 're_x', 200, 'FAILED');
    await shop.receive(word('evt_2', { state: 'FAILED' }));
    await shop.poll(3);
    expect([shop.only().status, givenBack(shop) - 200]).toEqual(['REFUNDED', 6600]);
  });

  test('that failed before it was known has moved nothing', async () => {
    const shop = await paid();
    expect(await shop.receive(word('evt_1', { state: 'FAILED' }))).toBe('applied'); // it is kept that it failed
    expect(await shop.receive(word('evt_2', { state: 'FAILED' }))).toBe('noted');
    expect(shop.only().refunds).toEqual([]);
  });

  test.each(['PROCESSING', 'COMPLETED'] as const)(
    'F-02 that failed before it was known is not booked by what was told before that and comes later (%s)',
    async (state) => {
      const shop = await paid();
      shop.fake.refundsElsewhere(shop.key, 're_x', 6600, 'FAILED');
      await shop.receive(word('evt_2', { amount: 6600, state: 'FAILED' }));
      await shop.receive(word('evt_1', { amount: 6600, state }));
      await shop.poll(2);
      expect([refundsOf(shop), shop.only().status, refundEvents(shop)]).toEqual([[], 'COMPLETED', []]);
      await shop.handle(cancelled);
      expect([shop.only().status, givenBack(shop) - 6600]).toEqual(['REFUNDED', 6600]);
    },
  );

  test('is never taken for ours, nor ours for one: the list of the provider says whose it is', async () => {
    const shop = await paid();
    shop.fake.faults.push('lost after'); // ours is made, and its answer lost
    await shop.handle(cancelled);
    expect(await shop.receive(word('evt_1', { externalRefundId: 're_1', amount: 6600 }))).toBe('applied');
    await shop.poll(2);
    expect(refundsOf(shop)).toEqual([[6600, 'COMPLETED', false]]);
    expect([shop.only().status, refundEvents(shop)]).toEqual(['REFUNDED', [[6600, false, true]]]);
  });

  test('of a payment whose capture is not known yet is booked once that is', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    await shop.receive(word('evt_1'));
    shop.fake.becomes(shop.key, 'CAPTURED');
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.poll(2);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
  });

  test('F-02 that a charge reports before its capture is known is read once that is', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.becomes(shop.key, 'CAPTURED');
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    shop.fake.refundsElsewhere(shop.key, 're_y', 300);
    expect(await shop.receive(charge('evt_1', 500))).toBe('applied');
    await shop.receive(webhookOf(shop, 'evt_2'));
    await shop.poll(2);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(refundsOf(shop)).toEqual([
      [200, 'COMPLETED', true],
      [300, 'COMPLETED', true],
    ]);
  });

  test('of what was taken twice leaves the rest of it to us', async () => {
    const shop = await paid();
    shop.fake.makesAnother(shop.key, 'pi_2');
    shop.fake.becomes('pi_2', 'CAPTURED');
    shop.fake.refundsElsewhere('pi_2', 're_x', 1000);
    const snapshot = { ...shop.fake.becomes('pi_2', 'CAPTURED') };
    await shop.receive({ provider: 'stripe', eventId: 'evt_1', at: eight, kind: 'payment', snapshot });
    await shop.poll(3);
    expect(refundsOf(shop)).toEqual([
      [5600, 'COMPLETED', false],
      [1000, 'COMPLETED', true],
    ]);
    expect(shop.only().status).toBe('COMPLETED');
  });

  test('PayPay notifies nobody of one: what it captured is looked at ever more seldom, for a year', async () => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment('ORD-000001', { paymentMethod: 'PAYPAY' as never }));
    expect(shop.only()).toMatchObject({ provider: 'paypay', dueAt: '2026-11-21T08:01:00.000Z' });
    await shop.poll(70);
    expect(shop.fake.asked.filter((query) => query === 'fetch')).toHaveLength(4);
    shop.fake.refundsElsewhere(shop.key, 'console-1', 6600);
    await shop.poll(200);
    expect(refundsOf(shop)).toEqual([[6600, 'COMPLETED', true]]);
    expect([shop.only().status, shop.only().dueAt]).toEqual(['REFUNDED', undefined]);
  });
});
