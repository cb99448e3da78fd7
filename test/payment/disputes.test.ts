import type { DisputeSighting, Webhook } from '../../lambda/payment/provider';
import { awaitingPayment, cancelledOrder } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying } from './paying';

const paid = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  return shop;
};

const cancelled = cancelledOrder('ORD-000001', { paymentStatus: 'PAID' });

/** Stripe's word of a dispute, at so many seconds after eight. */
const word = (second: number, status: DisputeSighting['status'], given: Partial<DisputeSighting> = {}): Webhook => ({
  ...{ provider: 'stripe', eventId: `evt_${second}_${status}`, kind: 'dispute', externalIds: ['pi_1', 'ch_1'] },
  at: `2026-11-21T08:00:${String(second).padStart(2, '0')}.000Z`,
  dispute: {
    ...{ disputeId: 'du_1', amount: 6600, reason: 'fraudulent', status, inquiry: false },
    evidenceDueBy: '2026-12-20T23:59:59.000Z',
    ...given,
  },
});

const opened = word(1, 'NEEDS_RESPONSE');
const review = word(2, 'UNDER_REVIEW');
const won = word(3, 'WON');
const lost = word(3, 'LOST');

const told = (shop: Paying) =>
  shop.events.flatMap(({ type, data }) => {
    if (type === 'PaymentDisputed.v1') return [data.disputeStatus];
    return type === 'PaymentRefunded.v1' ? [`gone ${data.refundAmount} ${data.disputeId ?? ''}`.trim()] : [];
  });

describe('F-03 a dispute', () => {
  test('is kept with its payment, and told with the deadline for an answer', async () => {
    const shop = await paid();
    expect(await shop.receive(opened)).toBe('applied');
    expect(shop.only().disputes).toMatchObject([
      {
        ...{ disputeId: 'du_1', externalPaymentId: 'pi_1', amount: 6600, reason: 'fraudulent' },
        ...{ status: 'NEEDS_RESPONSE', inquiry: false, evidenceDueBy: '2026-12-20T23:59:59.000Z' },
      },
    ]);
    expect(shop.events.at(-1)).toMatchObject({
      type: 'PaymentDisputed.v1',
      data: { orderId: 'ORD-000001', disputedAmount: 6600, evidenceDueBy: '2026-12-20T23:59:59.000Z' },
    });
    expect(shop.only().status).toBe('COMPLETED');
  });

  test('that is won changes nothing of the money', async () => {
    const shop = await paid();
    for (const webhook of [opened, review, won]) await shop.receive(webhook);
    expect(told(shop)).toEqual(['NEEDS_RESPONSE', 'UNDER_REVIEW', 'WON']);
    expect([shop.only().status, shop.only().refunds]).toEqual(['COMPLETED', []]);
  });

  test('that is lost is money that has gone back: the payment ends', async () => {
    const shop = await paid();
    await shop.receive(opened);
    await shop.receive(lost);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ refundId: 'DSP-du_1', disputeId: 'du_1' }] });
    expect(shop.events.at(-1)).toMatchObject({
      type: 'PaymentRefunded.v1',
      data: { refundAmount: 6600, madeElsewhere: true, disputeId: 'du_1', fullyRefunded: true },
    });
  });

  test('in any order, each word twice, ends as it was decided last', async () => {
    const words = [opened, review, lost];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const shop = await paid();
      for (const at of [...order, ...order]) await shop.receive(words[at] ?? lost);
      expect(shop.only().disputes).toMatchObject([{ status: 'LOST' }]);
      expect(told(shop).filter((one) => one.startsWith('gone'))).toEqual(['gone 6600 du_1']);
    }
  });

  test('of what was given back in part before takes what was left', async () => {
    const shop = await paid();
    const refund = { externalRefundId: 're_x', amount: 600, state: 'COMPLETED', externalPaymentId: 'pi_1' } as const;
    await shop.receive({ ...lost, eventId: 'evt_0', kind: 'refund', refund, externalIds: ['pi_1'] });
    await shop.receive(lost);
    expect(shop.only().refunds.map(({ amount }) => amount)).toEqual([600, 6000]);
    expect(shop.only().status).toBe('REFUNDED');
  });

  test('of a part leaves the rest to be given back', async () => {
    const shop = await paid();
    await shop.receive(word(1, 'LOST', { amount: 600 }));
    await shop.handle(cancelled);
    expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6000 }]);
    expect(shop.only().status).toBe('REFUNDED');
  });

  test('holds back the refund of a cancelled order until it is decided: lost, nothing more goes back', async () => {
    const shop = await paid();
    await shop.receive(opened);
    await shop.handle(cancelled);
    await shop.poll(5);
    expect([shop.fake.asked.includes('refund'), shop.only().refunds[0]?.status]).toEqual([false, 'PENDING']);
    await shop.receive(lost);
    await shop.poll(2);
    expect(shop.only().refunds.map(({ status }) => status)).toEqual(['CANCELLED', 'COMPLETED']);
    expect([shop.only().status, shop.fake.asked.includes('refund')]).toEqual(['REFUNDED', false]);
  });

  test('holds back the refund of a cancelled order until it is decided: won, it is made', async () => {
    const shop = await paid();
    await shop.receive(opened);
    await shop.handle(cancelled);
    await shop.receive(won);
    await shop.poll(2);
    expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
    expect(shop.only().status).toBe('REFUNDED');
  });

  test('an inquiry takes no money: refunds go on', async () => {
    const shop = await paid();
    await shop.receive(word(1, 'NEEDS_RESPONSE', { inquiry: true }));
    await shop.handle(cancelled);
    expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
    await shop.receive(word(2, 'CLOSED', { inquiry: true }));
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', disputes: [{ status: 'CLOSED' }] });
  });

  test('that was lost and is won after all brings the money back, which is told', async () => {
    const shop = await paid();
    await shop.receive(lost);
    await shop.receive(word(9, 'WON'));
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', disputes: [{ status: 'WON' }] });
    expect(shop.events.at(-1)).toMatchObject({ type: 'PaymentRefundFailed.v1', data: { disputeId: 'du_1' } });
  });
});
