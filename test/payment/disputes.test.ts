import type { DisputeSnapshot, Webhook } from '../../lambda/payment/providers/provider';
import { awaitingPayment, cancelledOrder } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying, webhookOf } from './paying';

const paid = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  return shop;
};

const cancelled = cancelledOrder('ORD-000001', { paymentStatus: 'PAID' });

/** Stripe's word of a dispute, at so many seconds after eight. */
const word = (second: number, status: DisputeSnapshot['status'], given: Partial<DisputeSnapshot> = {}): Webhook => ({
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
  test('is kept with its payment, and reported with the deadline for an answer', async () => {
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

  describe('that is lost before its capture is known here', () => {
    const lostFirst = async (amount: number) => {
      const shop = paying();
      await shop.handle(awaitingPayment());
      await shop.receive(word(1, 'NEEDS_RESPONSE', { amount }));
      await shop.receive(word(3, 'LOST', { amount }));
      shop.fake.becomes(shop.key, 'CAPTURED');
      return shop;
    };

    test('F-03 is booked once the capture is', async () => {
      const shop = await lostFirst(6600);
      await shop.poll();
      expect(told(shop)).toEqual(['NEEDS_RESPONSE', 'LOST', 'gone 6600 du_1']);
      expect(shop.only()).toMatchObject({ status: 'REFUNDED', refundsOutdated: [] });
    });

    test('F-03 P5 a cancelled order gets the rest back, and no more', async () => {
      const shop = await lostFirst(1000);
      await shop.handle(cancelledOrder());
      await shop.poll(5);
      expect(shop.fake.refundsOf(shop.key).map(({ amount }) => amount)).toEqual([5600]);
      expect(shop.only().refunds.filter(({ status }) => status === 'FAILED')).toEqual([]);
      expect(shop.only().status).toBe('REFUNDED');
    });

    test('F-03 one that was won is no money that is gone', async () => {
      const shop = paying();
      await shop.handle(awaitingPayment());
      for (const webhook of [opened, won]) await shop.receive(webhook);
      shop.fake.becomes(shop.key, 'CAPTURED');
      await shop.poll();
      expect(shop.only()).toMatchObject({ status: 'COMPLETED', refunds: [] });
    });

    test('F-03 P5 of a second capture it is booked as well, once, and the rest goes back', async () => {
      const shop = await paid();
      shop.fake.makesAnother(shop.key, 'pi_9');
      for (const given of [word(1, 'NEEDS_RESPONSE', { amount: 1000 }), word(3, 'LOST', { amount: 1000 })])
        await shop.receive({
          ...given,
          externalIds: ['pi_9'],
          tenant: 'default',
          paymentId: 'PAY-ORD-000001',
        } as Webhook);
      const snapshot = shop.fake.becomes('pi_9', 'CAPTURED');
      await shop.receive({ provider: 'stripe', eventId: 'evt_9', at: snapshot.at, kind: 'payment', snapshot });
      await shop.poll(5);
      const refunds = shop.only().refunds.filter(({ externalPaymentId }) => externalPaymentId === 'pi_9');
      expect(refunds.map(({ amount, status }) => `${amount} ${status}`).sort()).toEqual([
        '1000 COMPLETED',
        '5600 COMPLETED',
      ]);
    });
  });

  test('in any order, each event twice, ends as it was decided last', async () => {
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
    shop.fake.refundsElsewhere(shop.key, 're_x', 600);
    await shop.receive({ ...lost, eventId: 'evt_0', kind: 'refund', refund, externalIds: ['pi_1'] });
    await shop.poll();
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

  test('that was lost and is won after all brings the money back, which is published', async () => {
    const shop = await paid();
    await shop.receive(lost);
    await shop.receive(word(9, 'WON'));
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', disputes: [{ status: 'WON' }] });
    expect(shop.events.at(-1)).toMatchObject({ type: 'PaymentRefundFailed.v1', data: { disputeId: 'du_1' } });
  });

  describe('that is lost before its capture is known is money that has gone back once it is', () => {
    const unheard = async (): Promise<Paying> => {
      const shop = paying();
      await shop.handle(awaitingPayment());
      shop.fake.becomes(shop.key, 'CAPTURED');
      return shop;
    };
    const gone = { amount: 6600, status: 'COMPLETED', disputeId: 'du_1' };

    test.each<[string, (shop: Paying) => Promise<unknown>]>([
      ['the webhook of the capture', (shop) => shop.receive(webhookOf(shop, 'evt_paid'))],
      ['the poller', (shop) => shop.poll()],
    ])('F-03 told by %s', async (_, hearOfIt) => {
      const shop = await unheard();
      await shop.receive(opened);
      await shop.receive(lost);
      expect(shop.only()).toMatchObject({ capturedAmount: 0, disputes: [{ status: 'LOST' }], refunds: [] });
      await hearOfIt(shop);
      await shop.poll();
      expect(shop.only()).toMatchObject({ status: 'REFUNDED', capturedAmount: 6600, refunds: [gone] });
      expect(shop.events.map(({ type }) => type).slice(-2)).toEqual(['PaymentSucceeded.v1', 'PaymentRefunded.v1']);
      await shop.receive(word(5, 'LOST'));
      await shop.poll(3);
      expect([shop.only().refunds.length, shop.only().dueAt]).toEqual([1, undefined]);
    });

    test('F-03 after the order was cancelled: nothing more goes back', async () => {
      const shop = await unheard();
      await shop.receive(lost);
      await shop.handle(cancelled);
      await shop.poll(3);
      expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'CANCELLED' }, gone] });
      expect(shop.fake.asked).not.toContain('refund');
    });

    test('F-03 of a part: the rest stays with the shop', async () => {
      const shop = await unheard();
      await shop.receive(word(1, 'LOST', { amount: 600 }));
      await shop.poll(3);
      expect(shop.only()).toMatchObject({ status: 'COMPLETED', refunds: [{ ...gone, amount: 600 }] });
    });

    test('F-03 of what was taken twice: that goes back by the bank, and not once more by us', async () => {
      const shop = await paid();
      shop.fake.makesAnother(shop.key, 'pi_2');
      shop.fake.becomes('pi_2', 'CAPTURED');
      await shop.receive({ ...lost, externalIds: ['pi_2'], tenant: 'default', paymentId: 'PAY-ORD-000001' } as Webhook);
      const snapshot = shop.fake.becomes('pi_2', 'CAPTURED');
      await shop.receive({ ...opened, eventId: 'evt_2', kind: 'payment', snapshot } as Webhook);
      await shop.poll(3);
      expect(shop.only().refunds).toMatchObject([
        { externalPaymentId: 'pi_2', status: 'CANCELLED' },
        { ...gone, externalPaymentId: 'pi_2' },
      ]);
      expect([shop.only().status, shop.fake.asked.includes('refund')]).toEqual(['COMPLETED', false]);
    });
  });
});
