import { dueAfter, dueAgain, isRoutineCheckOnly } from '../../lambda/payment/domain/next-step';
import { maxKeys } from '../../lambda/payment/domain/payment-keys';
import { after, awaitingPayment, cancelledOrder, captured, eight } from '../support/payments';
import type { Fault } from './fake-provider';
import { CrashError, type Paying, paying, webhookOf } from './paying';

const minute = 60_000;

/** A shop whose provider answers the first key with this. */
const begun = async (...faults: Fault[]): Promise<Paying> => {
  const shop = paying();
  shop.fake.faults.push(...faults);
  await shop.handle(awaitingPayment());
  return shop;
};

const stateOf = (shop: Paying) => [...shop.fake.payments].map(([key, { snapshot }]) => [key, snapshot.state]);

test('F-14 a key that the provider answers with a failure for ever is followed by another, within a minute', async () => {
  const shop = await begun('spent before');
  expect(shop.only()).toMatchObject({ status: 'PENDING', keyNumber: 1, delayed: true });
  await shop.poll();
  expect(stateOf(shop)).toEqual([['default/PAY-ORD-000001/key-1', 'OPEN']]);
  expect(shop.only()).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', delayed: false });
  expect(shop.told).toEqual(['PaymentRequested']);
});

test('F-14 what the failure has made after all is found, and is the payment', async () => {
  const shop = await begun('spent after');
  expect(shop.only()).toMatchObject({ status: 'PROCESSING', keyNumber: 0, externalPaymentId: 'pi_1', spentKeys: [] });
  await shop.poll();
  expect(stateOf(shop)).toEqual([['default/PAY-ORD-000001', 'OPEN']]);
});

/** The first key made `pi_1`, which the provider shows only later; the second key has made `pi_2`. */
const lateShown = async () => {
  const shop = paying();
  const { fetch } = shop.fake.provider;
  shop.fake.provider.fetch = async (asked) => (asked.keyNumber === 0 ? undefined : fetch(asked));
  shop.fake.faults.push('spent after');
  await shop.handle(awaitingPayment());
  await shop.poll();
  expect(stateOf(shop)).toEqual([
    ['default/PAY-ORD-000001', 'OPEN'],
    ['default/PAY-ORD-000001/key-1', 'OPEN'],
  ]);
  shop.fake.provider.fetch = fetch;
  return shop;
};

test('F-14 what a spent key has made is looked for a quarter of an hour later, and closed', async () => {
  const shop = await lateShown();
  await shop.poll(16);
  expect(stateOf(shop)).toEqual([
    ['default/PAY-ORD-000001', 'CANCELLED'],
    ['default/PAY-ORD-000001/key-1', 'OPEN'],
  ]);
  expect(shop.only()).toMatchObject({ externalPaymentId: 'pi_2', others: [], spentKeys: [] });
});

test('F-14 it is looked for although the payment was paid and nothing else is to be done', async () => {
  const shop = await lateShown();
  shop.fake.becomes('default/PAY-ORD-000001/key-1', 'CAPTURED');
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_2' });
  await shop.poll(16);
  expect(stateOf(shop)[0]).toEqual(['default/PAY-ORD-000001', 'CANCELLED']);
  expect(shop.only().dueAt).toBeUndefined();
});

test('F-14 P5 when both were paid, one goes back', async () => {
  const shop = await lateShown();
  for (const [key] of stateOf(shop)) shop.fake.becomes(String(key), 'CAPTURED');
  await shop.poll(18);
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', extraCaptures: [{ externalPaymentId: 'pi_1' }] });
  expect(shop.fake.refundsOf('default/PAY-ORD-000001')).toMatchObject([{ amount: 6600 }]);
  expect(shop.fake.refundsOf('default/PAY-ORD-000001/key-1')).toEqual([]);
});

test('F-14 P5 a webhook reports first what the spent key has made, before the next key is answered', async () => {
  const shop = paying();
  const { fetch } = shop.fake.provider;
  shop.fake.provider.fetch = async (asked) => (asked.externalPaymentId === undefined ? undefined : fetch(asked));
  shop.fake.faults.push('spent after');
  await shop.handle(awaitingPayment());
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.receive(webhookOf(shop, 'evt_1'));
  shop.fake.provider.fetch = fetch;
  await shop.poll(18);
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', refunds: [], others: [] });
  expect(shop.fake.payments.size).toBe(1);
});

test('F-14 a payment with a spent key that is still to be looked at is not only watched', async () => {
  const shop = await lateShown();
  shop.fake.becomes('default/PAY-ORD-000001/key-1', 'CAPTURED');
  await shop.poll();
  const payment = { ...shop.only(), provider: 'paypay' } as const;
  expect(isRoutineCheckOnly(payment, new Date(shop.clock.now))).toBe(false);
  expect(isRoutineCheckOnly({ ...payment, spentKeys: [] }, new Date(shop.clock.now))).toBe(true);
});

/** The first key made `pi_1`, which the provider shows only later, and the provider fails under each key after it. */
const onlyLateShown = async () => {
  const shop = paying();
  const { fetch } = shop.fake.provider;
  shop.fake.provider.fetch = async (asked) => (asked.externalPaymentId === undefined ? undefined : fetch(asked));
  shop.fake.faults.push('spent after');
  await shop.handle(awaitingPayment());
  shop.fake.chaos.next = () => (shop.fake.asked.at(-1) === 'create' ? 'spent before' : undefined);
  await shop.poll(14);
  shop.fake.provider.fetch = fetch;
  return shop;
};

test('F-14 what a spent key has made is closed once, and ends no payment whose next key is still asked with', async () => {
  const shop = await onlyLateShown();
  await shop.poll(4);
  expect(stateOf(shop)).toEqual([['default/PAY-ORD-000001', 'CANCELLED']]);
  expect(shop.fake.asked.filter((query) => query === 'cancel')).toHaveLength(1);
  expect(shop.only()).toMatchObject({ status: 'PENDING', others: [] });
  shop.fake.chaos.next = () => undefined;
  await shop.poll(6);
  expect(stateOf(shop).map(([, state]) => state)).toEqual(['CANCELLED', 'OPEN']);
  expect(shop.only()).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', externalPaymentId: 'pi_2' });
});

test('F-14 what a spent key has made is closed once when the order is cancelled by then, and nothing stays due', async () => {
  const shop = await onlyLateShown();
  await shop.handle(cancelledOrder());
  await shop.poll(18);
  expect(stateOf(shop)).toEqual([['default/PAY-ORD-000001', 'CANCELLED']]);
  expect(shop.fake.asked.filter((query) => query === 'cancel')).toHaveLength(1);
  expect(shop.only()).toMatchObject({ status: 'CANCELLED', others: [] });
  expect(shop.only().dueAt).toBeUndefined();
});

test('F-14 P5 what a spent key has made and was paid meanwhile goes back once when the order is cancelled', async () => {
  const shop = await onlyLateShown();
  await shop.handle(cancelledOrder());
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll(18);
  expect(shop.only()).toMatchObject({ status: 'REFUNDED', capturedAmount: 6600, others: [], extraCaptures: [] });
  expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
  expect(shop.only().dueAt).toBeUndefined();
});

test('F-14 nothing is made when the order is cancelled before the next key is used', async () => {
  const shop = await begun('spent before');
  await shop.handle(cancelledOrder());
  await shop.poll(18);
  expect(shop.fake.payments.size).toBe(0);
  expect(shop.only()).toMatchObject({ status: 'CANCELLED', failure: 'cancelled', spentKeys: [] });
  expect(shop.only().dueAt).toBeUndefined();
});

test('F-14 a provider that fails under each key is asked ever more seldom, and never after the deadline', async () => {
  const shop = paying();
  shop.fake.chaos.next = () => (shop.fake.asked.at(-1) === 'create' ? 'spent before' : undefined);
  await shop.handle(awaitingPayment());
  await shop.poll(50);
  expect(shop.fake.payments.size).toBe(0);
  const asked = shop.fake.asked.filter((query) => query === 'create').length;
  expect(asked).toBeGreaterThan(10);
  expect(asked).toBeLessThanOrEqual(maxKeys);
  expect(shop.only()).toMatchObject({ status: 'CANCELLED', failure: 'expired' });
});

test.each([1, 2, 3, 4, 5, 6])(
  'F-14 a crash after call %i of the store makes no second payment that can be paid',
  async (nth) => {
    const shop = paying();
    shop.fake.faults.push('spent before');
    let calls = 0;
    shop.hooks.afterCommand = () => {
      calls += 1;
      if (calls === nth) throw new CrashError('crashed');
    };
    for (const work of [() => shop.handle(awaitingPayment()), () => shop.poll()])
      await work().catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
    shop.hooks.afterCommand = () => undefined;
    await shop.handle(awaitingPayment());
    await shop.poll(18);
    expect(stateOf(shop)).toHaveLength(1);
    expect(shop.only()).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', others: [], spentKeys: [] });
  },
);

test('F-14 what waits beside the routine read of a capture does not wait as long as that', () => {
  const now = after(3600);
  const spentKeys = [{ keyNumber: 0, lookAt: after(900).toISOString() }];
  const paid = { ...captured({ paymentMethod: 'PAYPAY' }), spentKeys, processedAt: eight };
  for (const attempts of [0, 1, 2, 3]) {
    const dueAt = dueAgain({ ...paid, attempts }, now);
    expect([attempts, dueAt <= after(3600 + 80).toISOString()]).toEqual([attempts, true]);
    expect([attempts, dueAfter({ ...paid, attempts }, now)]).toEqual([attempts, now.toISOString()]);
  }
});

describe('giving money back', () => {
  const cancelled = async (...faults: Fault[]) => {
    const shop = await begun();
    shop.fake.becomes(shop.key, 'CAPTURED');
    await shop.poll();
    shop.fake.faults.push(...faults);
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    return shop;
  };

  test('F-14 a refund whose key fails for ever is asked for under another key, after a minute', async () => {
    const shop = await cancelled('spent before');
    expect(shop.only().refunds).toMatchObject([{ status: 'PENDING', keyNumber: 1 }]);
    expect(Date.parse(shop.only().refunds[0]?.notBefore ?? '') - shop.clock.now).toBe(minute);
    await shop.poll(3);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'COMPLETED' }] });
    expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
  });

  test('F-14 P5 a refund that the failure has made after all is not made again', async () => {
    const shop = await cancelled('spent after');
    await shop.poll(3);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'COMPLETED' }] });
    expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
    expect(shop.told.filter((type) => type === 'PaymentRefunded')).toHaveLength(1);
  });

  test('F-14 each further key of a refund is used after twice the time', async () => {
    const shop = await cancelled('spent before', 'spent before', 'spent before');
    await shop.poll(3);
    expect(shop.only().refunds[0]).toMatchObject({ status: 'PENDING', keyNumber: 2 });
    await shop.poll(18);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ keyNumber: 3 }] });
  });
});
