import type { OrderReturned } from '../../lambda/contracts/events/order-events';
import type { RefundSnapshot, Webhook } from '../../lambda/payment/providers/provider';
import { awaitingPayment, cancelledOrder, eight } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying } from './paying';

/** A payment of 6,600 yen that was captured as `pi_1`, and refunded in full in the provider's dashboard as `re_x`. */
const refundedElsewhere = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  shop.fake.refundsElsewhere(shop.key, 're_x', 6600);
  await shop.receive(word('evt_1'));
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'REFUNDED', cancelRequested: false });
  return shop;
};

/** Stripe's word of the refund in its dashboard. */
const word = (eventId: string, given: Partial<RefundSnapshot> = {}): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'refund', externalIds: ['pi_1'], currency: 'JPY' },
  refund: { externalRefundId: 're_x', amount: 6600, state: 'COMPLETED', externalPaymentId: 'pi_1', ...given },
});

/** The bank sends the money back to the shop. */
const fails = async (shop: Paying, externalRefundId = 're_x') => {
  shop.fake.refundsElsewhere(shop.key, externalRefundId, 6600, 'FAILED');
  await shop.receive(word(`evt_failed_${externalRefundId}`, { externalRefundId, state: 'FAILED' }));
};

const ours = ({ fake, key }: Paying) =>
  fake.refundsOf(key).flatMap(({ externalRefundId: id, amount }) => (id.startsWith('re_x') ? [] : [amount]));

const allBack = cancelledOrder('ORD-000001', { paymentStatus: 'REFUNDED' });
const returned: OrderReturned = {
  ...allBack,
  type: 'OrderReturned.v2',
  data: { ...allBack.data, status: 'RETURNED', previousStatus: 'DELIVERED' },
};

const ends = {
  'ended by the refund': cancelledOrder('ORD-000001', { paymentStatus: 'REFUNDED' }),
  'cancelled while the refund was on its way': cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }),
  'cancelled before its payment was known': cancelledOrder('ORD-000001', { paymentStatus: 'WAITING_PAYMENT' }),
  returned,
} as const;
const names = Object.keys(ends) as (keyof typeof ends)[];

describe('F-02 a refund made elsewhere that fails after all', () => {
  test.each(names)('is made by us, once, for an order that is %s', async (name) => {
    const shop = await refundedElsewhere();
    await shop.handle(ends[name]);
    await fails(shop);
    await shop.poll(2);
    expect([ours(shop), shop.only().status, shop.only().dueAt]).toEqual([[6600], 'REFUNDED', undefined]);
    expect(shop.events.at(-1)).toMatchObject({
      type: 'PaymentRefunded.v1',
      data: { refundAmount: 6600, replaces: ['EXT-re_x'], fullyRefunded: true },
    });
  });

  test.each(names)('before the event that the order is %s is received: it is made by us then', async (name) => {
    const shop = await refundedElsewhere();
    await fails(shop);
    await shop.handle(ends[name]);
    await shop.poll(2);
    expect([ours(shop), shop.only().status]).toEqual([[6600], 'REFUNDED']);
  });

  test('of an order that goes on is not made by us: nobody asked for it', async () => {
    const shop = await refundedElsewhere();
    await fails(shop);
    await shop.poll(5);
    expect([ours(shop), shop.only().status]).toEqual([[], 'COMPLETED']);
  });

  test('of an order that was ended by a refund of ours is asked for again', async () => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    const [refund] = shop.only().refunds;
    shop.fake.refundsElsewhere(shop.key, 're_x1', 0, 'FAILED');
    await shop.receive(word('evt_2', { externalRefundId: 're_1', refundId: refund?.refundId ?? '', state: 'FAILED' }));
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', refunds: [{ status: 'FAILED' }, { status: 'PENDING' }] });
  });

  test('however often, uses up none of our own tries', async () => {
    const shop = await refundedElsewhere();
    for (const id of ['re_x', 're_x2', 're_x3', 're_x4', 're_x5']) {
      shop.fake.refundsElsewhere(shop.key, id, 6600);
      await shop.receive(word(`evt_${id}`, { externalRefundId: id }));
      await shop.poll();
      await fails(shop, id);
    }
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', refunds: Array(5).fill({ status: 'FAILED' }) });
    await shop.handle(ends['cancelled while the refund was on its way']);
    await shop.poll(1);
    expect([ours(shop), shop.only().status]).toEqual([[6600], 'REFUNDED']);
  });

  test('a replay of the order’s end asks for nothing more', async () => {
    const shop = await refundedElsewhere();
    for (const name of names) await shop.handle(ends[name]);
    await fails(shop);
    await shop.poll(2);
    for (const name of [...names, ...names]) await shop.handle(ends[name]);
    await shop.poll(2);
    expect([ours(shop), shop.only().status, shop.only().refunds]).toMatchObject([[6600], 'REFUNDED', { length: 2 }]);
  });
});
