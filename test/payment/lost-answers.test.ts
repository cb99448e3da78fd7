import { requestRefund } from '../../lambda/payment/refunds/request-refund';
import { awaitingPayment, cancelledOrder } from '../support/payments';
import { type Fault, fakeProvider } from './fake-provider';
import { CrashError, type Paying, paying, webhookOf } from './paying';

const settledBy = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof CrashError)) throw error;
  });
};

/** The process dies after its nth command to the table, which has worked. */
const crashAfter = ({ hooks }: Paying, nth: number) => {
  let calls = 0;
  hooks.afterCommand = () => {
    calls += 1;
    if (calls === nth) throw new CrashError('crashed');
  };
};

const mend = ({ hooks }: Paying) => {
  hooks.afterCommand = () => undefined;
};

const ways = [1, 2, 3, 4, 5, 6, 7, 8].map((nth) => [nth] as const);
const answers: readonly Fault[] = ['lost before', 'lost after'];

describe('asking for a payment', () => {
  test('S2-13 a payment is asked for and waits for the customer', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    expect(shop.only()).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', externalPaymentId: 'pi_1' });
    expect([shop.told, shop.fake.asked]).toEqual([['PaymentRequested'], ['create']]);
  });

  test.each(ways)('P5 a crash after write %i makes no second payment, and none is lost', async (nth) => {
    const shop = paying();
    crashAfter(shop, nth);
    await settledBy(shop.handle(awaitingPayment()));
    mend(shop);
    await shop.handle(awaitingPayment());
    await shop.poll();
    expect(shop.fake.payments.size).toBe(1);
    shop.fake.becomes(shop.key, 'CAPTURED');
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600, refunds: [] });
    expect(shop.told.filter((type) => type === 'PaymentSucceeded')).toHaveLength(1);
  });

  test.each(answers)('S2-04 an answer that is %s is asked for again under the same key', async (fault) => {
    const shop = paying();
    shop.fake.faults.push(fault);
    await shop.handle(awaitingPayment());
    expect(shop.only()).toMatchObject({ status: 'PENDING', providerState: 'UNKNOWN', delayed: true, attempts: 1 });
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', delayed: false });
    expect(shop.fake.payments.size).toBe(1);
  });

  test('S2-13 waits while the provider is down, and is told to who looks', async () => {
    const shop = paying();
    shop.fake.faults.push(...Array.from({ length: 30 }, () => 'lost before' as const));
    await shop.handle(awaitingPayment());
    await shop.poll(3);
    expect(shop.only()).toMatchObject({ status: 'PENDING', delayed: true });
    shop.fake.faults.length = 0;
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'PROCESSING', delayed: false });
  });

  test('a payment that the provider refuses fails, and is not asked for again', async () => {
    const shop = paying();
    shop.fake.faults.push('refused');
    await shop.handle(awaitingPayment());
    expect(shop.only()).toMatchObject({ status: 'FAILED', failure: 'provider-refused', failureReason: 'not allowed' });
    await shop.poll(2);
    expect([shop.told, shop.fake.asked]).toEqual([
      ['PaymentRequested', 'PaymentFailed'],
      ['create', 'fetch'],
    ]);
  });

  test('P5 a refusal does not hide a payment that was made', async () => {
    const shop = paying();
    shop.fake.faults.push('lost after', 'refused');
    await shop.handle(awaitingPayment());
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'PROCESSING', externalPaymentId: 'pi_1' });
  });

  test('P2 two deliveries at once make one payment', async () => {
    const shop = paying();
    await Promise.all([1, 2, 3].map(() => shop.handle(awaitingPayment())));
    expect([shop.fake.asked, shop.told]).toEqual([['create'], ['PaymentRequested']]);
  });

  test('S2-14 an order that asks again gets again what became of its payment', async () => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    await shop.handle(awaitingPayment());
    expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded', 'PaymentSucceeded']);
    expect(shop.only()).toMatchObject({ version: 3, fact: { externalPaymentId: 'pi_1', late: false } });
  });

  test('P5 nothing is created after the deadline', async () => {
    const shop = paying();
    shop.fake.faults.push('lost before');
    await shop.handle(awaitingPayment());
    shop.clock.now += 31 * 60_000;
    await shop.poll(3);
    expect(shop.fake.asked.filter((query) => query === 'create')).toHaveLength(1);
    expect(shop.only()).toMatchObject({ status: 'CANCELLED', failure: 'expired' });
  });
});

describe('capturing', () => {
  test('S2-13 what is authorized is captured at once', async () => {
    const shop = paying(fakeProvider('AUTHORIZED'));
    await shop.handle(awaitingPayment());
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(shop.fake.asked).toEqual(['create', 'capture']);
  });

  test.each(answers)('P5 a capture whose answer is %s is one capture', async (fault) => {
    const shop = paying(fakeProvider('AUTHORIZED'));
    shop.fake.faults.push(undefined, fault);
    await shop.handle(awaitingPayment());
    expect(shop.only().status).toBe('PROCESSING');
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(shop.told.filter((type) => type === 'PaymentSucceeded')).toHaveLength(1);
  });

  test.each(ways)('P5 a crash after write %i captures once', async (nth) => {
    const shop = paying(fakeProvider('AUTHORIZED'));
    crashAfter(shop, nth);
    await settledBy(shop.handle(awaitingPayment()));
    mend(shop);
    await shop.handle(awaitingPayment());
    await shop.poll();
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600, refunds: [] });
  });

  test('S2-03 the poller and a webhook at the same time are one capture', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.becomes(shop.key, 'CAPTURED');
    shop.clock.now += 20_000;
    await Promise.all([shop.poll(), shop.receive(webhookOf(shop, 'evt_1')), shop.receive(webhookOf(shop, 'evt_2'))]);
    expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded']);
  });
});

describe('cancelling', () => {
  test('S2-14 a cancel that overtakes its order leaves a payment that never will be made', async () => {
    const shop = paying();
    await shop.handle(cancelledOrder());
    await shop.handle(awaitingPayment());
    expect(shop.only()).toMatchObject({ status: 'CANCELLED', failure: 'cancelled' });
    expect([shop.fake.asked, shop.told]).toEqual([[], ['PaymentFailed', 'PaymentFailed']]);
  });

  test.each([
    ['NOT_REQUIRED', 'CREDIT_CARD'],
    ['FAILED', 'CREDIT_CARD'],
    ['REFUNDED', 'CREDIT_CARD'],
    [undefined, undefined],
  ] as const)('an order whose payment is %s is none of its business', async (paymentStatus, paymentMethod) => {
    const shop = paying();
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus, paymentMethod }));
    expect(shop.rows()).toEqual([]);
  });

  test('S3-20 an open payment is stopped at the provider', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    await shop.handle(cancelledOrder());
    expect(shop.only()).toMatchObject({ status: 'CANCELLED', providerState: 'CLOSED' });
    expect([shop.fake.asked, shop.told]).toEqual([
      ['create', 'cancel'],
      ['PaymentRequested', 'PaymentFailed'],
    ]);
  });

  test('S2-14 a cancel that is too late gives back what was captured', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.becomes(shop.key, 'CAPTURED');
    await shop.handle(cancelledOrder());
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', capturedAmount: 6600 });
    expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded', 'PaymentRefunded']);
  });

  test('S2-14 a cancel while the provider is being asked leaves nothing open there', async () => {
    const shop = paying();
    let isFirst = true;
    const { create } = shop.fake.provider;
    const slow = {
      ...shop.fake.provider,
      create: async (charge: Parameters<typeof create>[0]) => {
        const answer = await create(charge);
        if (isFirst) {
          isFirst = false;
          await shop.handle(cancelledOrder());
        }
        return answer;
      },
    };
    shop.deps.providers.stripe = slow;
    await shop.handle(awaitingPayment());
    await shop.poll(4);
    expect(shop.only()).toMatchObject({ status: 'CANCELLED', providerState: 'CLOSED' });
    expect(shop.fake.payments.get(shop.key)?.snapshot.state).toBe('CANCELLED');
  });

  test.each(answers)(
    'S2-14 a create whose answer is %s and is then cancelled leaves nothing open there',
    async (fault) => {
      const shop = paying();
      shop.fake.faults.push(fault);
      await shop.handle(awaitingPayment());
      await shop.handle(cancelledOrder());
      await shop.poll(25);
      expect(shop.only()).toMatchObject({ status: 'CANCELLED', providerState: 'CLOSED' });
      expect(shop.fake.payments.get(shop.key)?.snapshot.state).toBe(fault === 'lost after' ? 'CANCELLED' : undefined);
    },
  );

  test.each(ways)('S2-14 a crash after write %i of a cancel gives back exactly what was captured', async (nth) => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    crashAfter(shop, nth);
    await settledBy(shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' })));
    mend(shop);
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    await shop.poll(2);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ amount: 6600, status: 'COMPLETED' }] });
    expect(shop.fake.refundsOf(shop.key)).toHaveLength(1);
  });
});

describe('giving back', () => {
  test.each(answers)('P5 a refund whose answer is %s is one refund', async (fault) => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    shop.fake.faults.push(fault, fault);
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    expect(shop.only().refunds).toMatchObject([{ status: 'PENDING' }]);
    await shop.poll(2);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'COMPLETED' }] });
    expect(shop.fake.refundsOf(shop.key)).toEqual([{ externalRefundId: 're_1', amount: 6600, state: 'COMPLETED' }]);
  });

  test('a refund that the provider refuses is reported, and tried anew after a while, by no query sooner', async () => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    shop.fake.faults.push('refused', 'refused');
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    for (let again = 0; again < 3; again += 1)
      await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    expect(shop.told.slice(2)).toEqual(['PaymentRefundFailed']);
    await shop.poll(4);
    expect(shop.told.slice(2)).toEqual(['PaymentRefundFailed', 'PaymentRefunded']);
    expect(shop.only().refunds).toMatchObject([{ status: 'FAILED' }, { status: 'COMPLETED' }]);
  });

  test('S3-18 one that takes long keeps no other waiting', async () => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    const { refund } = shop.fake.provider;
    shop.fake.provider.refund = async (payment, wanted) =>
      wanted.refundId === 'REF-ORD-000001-1'
        ? { externalRefundId: 're_long', amount: wanted.amount, state: 'PROCESSING' }
        : refund(payment, wanted);
    for (const amount of [100, 200]) {
      const given = requestRefund(shop.only(), { amount, reason: 'Goodwill' }, { actor: 'staff', at: shop.deps.now() });
      if (!given.accepted) throw new Error('refused');
      await shop.deps.payments.save(given.fact);
      await shop.poll();
    }
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    await shop.poll();
    expect(shop.only().refunds.map(({ amount, status }) => [amount, status])).toEqual([
      [100, 'PROCESSING'],
      [200, 'COMPLETED'],
      [6300, 'COMPLETED'],
    ]);
  });

  test('S2-14 what was captured after its order ended with its payment goes back, however often that fails at first', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.becomes(shop.key, 'FAILED');
    await shop.receive(webhookOf(shop, 'evt_1'));
    shop.fake.becomes(shop.key, 'CAPTURED');
    await shop.receive(webhookOf(shop, 'evt_2'));
    shop.fake.faults.push('refused', 'refused');
    await shop.poll();
    expect(shop.only().refunds).toMatchObject([{ status: 'FAILED' }, { status: 'PENDING' }]);
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'FAILED' })); // as the sweep asks
    await shop.poll(4);
    expect(shop.only()).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'FAILED' }, { status: 'COMPLETED' }] });
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'FAILED' }));
    expect(shop.told.slice(-2)).toEqual(['PaymentRefunded', 'PaymentRefunded']); // told again to who asks again
  });

  test('an order that ended with its payment asks for nothing', async () => {
    const shop = paying();
    await shop.handle(awaitingPayment());
    shop.fake.becomes(shop.key, 'FAILED');
    await shop.poll();
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'FAILED' }));
    await shop.handle(cancelledOrder('ORD-000002', { paymentStatus: 'FAILED' }));
    expect(shop.told).toEqual(['PaymentRequested', 'PaymentFailed']);
    expect(shop.rows()).toHaveLength(1);
  });
});
