import type { ProviderSnapshot, Webhook } from '../../lambda/payment/providers/provider';
import { awaitingPayment, cancelledOrder, eight } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying, webhookOf } from './paying';

const opened = async (): Promise<Paying> => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  return shop;
};

const told = (
  shop: Paying,
  eventId: string,
  state: ProviderSnapshot['state'],
  given: Partial<ProviderSnapshot> = {},
) => {
  shop.fake.becomes(shop.key, state, given);
  return shop.receive(webhookOf(shop, eventId));
};

test('S2-03 a webhook completes the payment by the transitions of the poller', async () => {
  const shop = await opened();
  expect(await told(shop, 'evt_1', 'CAPTURED')).toBe('applied');
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', lastEventId: 'evt_1', fact: { actor: 'stripe' } });
  expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded']);
});

test('S2-06 S2-08 each webhook three times, and all at once, is one capture', async () => {
  const shop = await opened();
  shop.fake.becomes(shop.key, 'CAPTURED');
  const outcomes = await Promise.all(['evt_1', 'evt_1', 'evt_1'].map((id) => shop.receive(webhookOf(shop, id))));
  expect(outcomes.sort()).toEqual(['applied', 'known', 'known']);
  expect([shop.told.length, shop.receipts().length, shop.only().version]).toEqual([2, 1, 3]);
});

test('S2-07 a failure after the capture is stored with its webhook, and stored once', async () => {
  const shop = await opened();
  await told(shop, 'evt_1', 'CAPTURED');
  expect(await told(shop, 'evt_2', 'FAILED', { failureReason: 'declined' })).toBe('applied');
  expect(await shop.receive(webhookOf(shop, 'evt_2'))).toBe('known');
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600, lastEventId: 'evt_2' });
  expect(shop.only().history.filter(({ event }) => event === 'FailureNoted')).toHaveLength(1);
  expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded']);
});

test('S2-07 P5 a failure that overtakes a capture whose webhook is lost: the capture is found, and goes back', async () => {
  const shop = await opened();
  await told(shop, 'evt_2', 'FAILED');
  expect(shop.only().status).toBe('FAILED');
  shop.fake.becomes(shop.key, 'CAPTURED'); // it always was
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'REFUNDED', capturedAmount: 6600 });
  expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
  expect(shop.told).toEqual(['PaymentRequested', 'PaymentFailed', 'PaymentSucceeded', 'PaymentRefunded']);
});

test('S2-06 one that changes nothing is noted, with what it was about', async () => {
  const shop = await opened();
  expect(await shop.receive(webhookOf(shop, 'evt_0'))).toBe('noted');
  expect(shop.receipts()).toMatchObject([{ provider: 'stripe', eventId: 'evt_0', about: 'payment OPEN' }]);
});

test('an event of another kind is recorded, and nothing else', async () => {
  const shop = await opened();
  const other: Webhook = { provider: 'stripe', eventId: 'evt_1', at: eight, kind: 'other', type: 'customer.created' };
  expect(await shop.receive(other)).toBe('noted');
  expect(await shop.receive(other)).toBe('known');
  expect(shop.receipts()).toMatchObject([{ about: 'customer.created' }]);
});

test.each<[string, Partial<ProviderSnapshot>]>([
  ['of another tenant', { tenant: 'shop-b' }],
  ['of no tenant', { tenant: undefined }],
  ['of what is no tenant', { tenant: 'default#' }],
  ['of another order', { paymentId: 'PAY-ORD-000009' }],
  ['of what is no payment', { paymentId: '../PAY-ORD-000001' }],
])('P9 one %s changes nothing of ours and is recorded', async (_, given) => {
  const shop = await opened();
  const before = shop.only();
  expect(await told(shop, 'evt_1', 'CAPTURED', given)).toBe('unknown');
  expect([shop.only(), shop.receipts().length]).toEqual([before, 1]);
});

test('P9 one of another provider than the payment has changes nothing', async () => {
  const shop = await opened();
  shop.fake.becomes(shop.key, 'CAPTURED');
  expect(await shop.receive({ ...webhookOf(shop, 'evt_1'), provider: 'paypay' })).toBe('noted');
  expect(shop.only().status).toBe('PROCESSING');
});

test('P9 one of another amount is reported, and captures nothing', async () => {
  const shop = await opened();
  expect(await told(shop, 'evt_1', 'CAPTURED', { amount: 1 })).toBe('applied');
  expect([shop.told.at(-1), shop.only().capturedAmount]).toEqual(['PaymentMismatchFound', 0]);
});

test('S2-13 what is authorized by a webhook is captured by the poller at once', async () => {
  const shop = await opened();
  await told(shop, 'evt_1', 'AUTHORIZED');
  expect(shop.only().dueAt).toBe(shop.deps.now().toISOString());
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
});

test('S3-20 a webhook of a refund completes it, by the IDs of the refund', async () => {
  const shop = paying(fakeProvider('CAPTURED'));
  await shop.handle(awaitingPayment());
  shop.fake.faults.push('lost after');
  await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
  const refundId = 'REF-ORD-000001-1';
  const refund = { externalRefundId: 're_1', amount: 6600, state: 'COMPLETED' as const, refundId };
  const ids = { tenant: 'default', paymentId: 'PAY-ORD-000001', externalIds: ['pi_1'] };
  const webhook: Webhook = { provider: 'stripe', eventId: 'evt_1', at: eight, kind: 'refund', refund, ...ids };
  expect(await shop.receive(webhook)).toBe('applied');
  expect(await shop.receive(webhook)).toBe('known');
  expect(shop.only().status).toBe('REFUNDED');
  await shop.poll();
  expect(shop.told.filter((type) => type === 'PaymentRefunded')).toHaveLength(1);
});

test('S2-06 all orders in which a provider may report a payment end alike', async () => {
  const words: [string, ProviderSnapshot['state']][] = [
    ['evt_1', 'OPEN'],
    ['evt_2', 'DECLINED'],
    ['evt_3', 'AUTHORIZED'],
    ['evt_4', 'CAPTURED'],
  ];
  const orders = words.flatMap((one, i) =>
    words.flatMap((two, j) =>
      words.map((three, k) => [one, two, three, ...words].map((word) => [word, i, j, k] as const)),
    ),
  );
  for (const order of orders) {
    const shop = await opened();
    for (const [[id, state]] of order) await told(shop, id, state);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600, refunds: [], extraCaptures: [] });
    expect(shop.told.filter((type) => type === 'PaymentSucceeded')).toHaveLength(1);
  }
});
