import { ProviderUnavailableError, type RefundSnapshot, type Webhook } from '../../lambda/payment/providers/provider';
import { applyRefundsUpdate } from '../../lambda/payment/refunds/apply-refund';
import { awaitingPayment, by, cancelledOrder, captured, eight } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying } from './paying';

/** A payment of 6,600 yen that was captured as `pi_1`. */
const paid = async (): Promise<Paying> => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  return shop;
};

const refund = (eventId: string, given: Partial<RefundSnapshot> = {}): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'refund', externalIds: ['pi_1'], currency: 'JPY' },
  refund: { externalRefundId: 're_x', amount: 200, state: 'COMPLETED', externalPaymentId: 'pi_1', ...given },
});

const charge = (eventId: string, refundedAmount: number, refunds: readonly RefundSnapshot[] = []): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'charge', externalIds: ['pi_1', 'ch_1'] },
  charge: { capturedAmount: 6600, refundedAmount, refunds },
});

const listed = (externalRefundId: string, amount: number): RefundSnapshot => ({
  ...{ externalRefundId, amount, state: 'COMPLETED' },
});

const refundsOf = (shop: Paying) =>
  shop.only().refunds.map(({ amount, status, madeElsewhere }) => [amount, status, madeElsewhere ?? false]);

/** Does this once, after the provider has answered a fetch and before the answer is stored. */
const whileRead = ({ fake: { provider } }: Paying, meanwhile: () => Promise<unknown>): void => {
  const { fetch } = provider;
  provider.fetch = async (reference) => {
    const answer = await fetch(reference);
    provider.fetch = fetch;
    await meanwhile();
    return answer;
  };
};

describe('F-02 a webhook about a refund that was made at the provider', () => {
  test.each([
    ['of another amount', 6600],
    ['of more than was captured', 9_000_000],
  ])('books what the provider has, though it is %s', async (_, amount) => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    expect(await shop.receive(refund('evt_1', { amount }))).toBe('applied');
    await shop.poll();
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', refundsOutdated: [] });
    expect(shop.told.filter((type) => type.startsWith('PaymentRefund'))).toEqual(['PaymentRefunded']);
  });

  test('books nothing that the provider does not have', async () => {
    const shop = await paid();
    await shop.receive(refund('evt_1', { amount: 6600 }));
    await shop.poll();
    expect([refundsOf(shop), shop.only().status, shop.only().dueAt]).toEqual([[], 'COMPLETED', undefined]);
  });

  test.each([
    ['a refund', refund('evt_2', { externalRefundId: 're_y', amount: 300 })],
    ['a charge', charge('evt_2', 500)],
    ['a charge with its refunds', charge('evt_2', 500, [listed('re_x', 200), listed('re_y', 300)])],
  ])('that comes while the list is read makes it be read again (%s)', async (_, second) => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.receive(charge('evt_1', 200));
    whileRead(shop, async () => {
      shop.fake.refundsElsewhere(shop.key, 're_y', 300);
      await shop.receive(second);
    });
    await shop.poll(2);
    expect(refundsOf(shop)).toEqual([
      [200, 'COMPLETED', true],
      [300, 'COMPLETED', true],
    ]);
    expect([shop.only().refundsOutdated, shop.only().dueAt]).toEqual([[], undefined]);
  });

  test('that comes while a list without anything new is read makes it be read again', async () => {
    const shop = await paid();
    await shop.receive(charge('evt_1', 200)); // it is not in the list yet
    whileRead(shop, async () => {
      shop.fake.refundsElsewhere(shop.key, 're_x', 200);
      await shop.receive(refund('evt_2'));
    });
    await shop.poll(2);
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
    expect([shop.only().refundsOutdated, shop.only().dueAt]).toEqual([[], undefined]);
  });

  test('of ours that gave way to it books what the provider has, not the amount that the webhook reports', async () => {
    const shop = await paid();
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    const { refund: give } = shop.fake.provider;
    shop.fake.provider.refund = async (...given) => {
      await give(...given);
      throw new ProviderUnavailableError('its answer is lost');
    };
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    await shop.receive(refund('evt_1'));
    await shop.poll();
    expect(shop.only().refunds).toMatchObject([{ status: 'PENDING', amount: 6400, requestedAmount: 6600 }, {}]);
    shop.fake.provider.refund = give;
    const refundId = shop.only().refunds[0]?.refundId;
    await shop.receive(refund('evt_2', { externalRefundId: 're_2', refundId, amount: 1 }));
    await shop.poll(2);
    expect(refundsOf(shop)).toEqual([
      [6400, 'COMPLETED', false],
      [200, 'COMPLETED', true],
    ]);
  });

  test('a charge that lists several makes the list be read, even if the first may be one of ours', async () => {
    const shop = await paid();
    shop.fake.faults.push('lost after'); // ours is made, and its answer lost
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    expect(await shop.receive(charge('evt_1', 6600, [listed('re_1', 6600), listed('re_y', 300)]))).toBe('applied');
    expect(shop.only().refundsOutdated).toEqual(['pi_1']);
  });
});

describe('F-02 a list of refunds', () => {
  test('in which one of ours has failed applies that first: its money may have been given back elsewhere', () => {
    const payment = captured();
    const externalPaymentId = payment.externalPaymentId ?? '';
    const ours = {
      ...({ refundId: 'REF-1', amount: 6600, status: 'PROCESSING' } as const),
      ...{ externalPaymentId, externalRefundId: 're_1' },
      ...{ createdAt: eight, reason: 'cancelled' },
    };
    const refunds = [listed('re_x', 6600), { ...listed('re_1', 6600), refundId: 'REF-1', state: 'FAILED' } as const];
    const read = (known: typeof payment | undefined, second: number) =>
      known && applyRefundsUpdate(known, { externalPaymentId, refunds }, by('poll', second));
    const first = read({ ...payment, refunds: [ours] }, 1);
    const second = read(first, 2);
    expect(first?.refunds.map(({ status }) => status)).toEqual(['FAILED']);
    expect(second?.refunds.map(({ status, amount }) => [status, amount])).toEqual([
      ['FAILED', 6600],
      ['COMPLETED', 6600],
    ]);
  });

  test('of which more have failed than are remembered books the rest, and is not read for ever', async () => {
    const shop = await paid();
    for (let at = 0; at < 101; at += 1) shop.fake.refundsElsewhere(shop.key, `re_failed_${at}`, 1, 'FAILED');
    shop.fake.refundsElsewhere(shop.key, 're_x', 200);
    await shop.receive(charge('evt_1', 200));
    await shop.poll();
    expect(refundsOf(shop)).toEqual([[200, 'COMPLETED', true]]);
    await shop.poll(30);
    expect([shop.only().refundsOutdated, shop.only().dueAt]).toEqual([[], undefined]);
  });
});
