import { liveCheckout } from '../../lambda/payment/advance-payment';
import { orderPaymentView } from '../../lambda/payment/payments.http';
import { awaitingPayment, cancelledOrder } from '../support/payments';
import type { Fault } from './fake-provider';
import { type Paying, paying, webhookOf } from './paying';

const minute = 60_000;
const fiveMinutes = 5 * minute;

/** A shop whose provider ends each page to pay on after five minutes. */
const open = async (): Promise<Paying> => {
  const shop = paying();
  const { create } = shop.fake.provider;
  shop.fake.provider.create = async (charge) => {
    const expiresAt = new Date(shop.clock.now + fiveMinutes).toISOString();
    const seen = await create(charge);
    return { ...seen, paymentIntentId: `code of ${seen.externalPaymentId}`, checkout: { ...seen.checkout, expiresAt } };
  };
  await shop.handle(awaitingPayment());
  return shop;
};

const ask = async (shop: Paying) => {
  const payment = await liveCheckout(shop.deps)(shop.only());
  return orderPaymentView(payment, shop.open(payment), new Date(shop.clock.now)).checkout;
};

const first = { redirectUrl: 'https://pay.example.com/pi_1', expiresAt: '2026-11-21T08:05:00.000Z' };
const second = { redirectUrl: 'https://pay.example.com/pi_2', expiresAt: '2026-11-21T08:10:00.000Z' };
const secondKey = 'default/PAY-ORD-000001/key-1';

test('F-06 a page to pay on is shown with when it ends, as long as it has not ended', async () => {
  const shop = await open();
  expect(await ask(shop)).toEqual(first);
  shop.clock.now += fiveMinutes - 1;
  expect(await ask(shop)).toEqual(first);
  expect(shop.fake.asked).toEqual(['create']);
});

test('F-06 in the very moment that it ends the customer is shown another, and the first one is closed before that', async () => {
  const shop = await open();
  const closed: unknown[] = [];
  const { cancel } = shop.fake.provider;
  shop.fake.provider.cancel = (asked) => {
    closed.push(asked.paymentIntentId);
    return cancel(asked);
  };
  shop.clock.now += fiveMinutes;
  expect(await ask(shop)).toEqual(second);
  expect(shop.fake.asked).toEqual(['create', 'cancel', 'create']);
  expect(closed).toEqual(['code of pi_1']);
  expect(shop.fake.payments.get(shop.key)?.snapshot.state).toBe('CANCELLED');
  shop.fake.becomes(secondKey, 'CAPTURED');
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_2', refunds: [], others: [] });
  expect(shop.told).toEqual(['PaymentRequested', 'PaymentSucceeded']);
});

test('F-06 nobody is shown an address that has ended, whatever the provider answers', async () => {
  const faults: Fault[][] = [
    ['lost before'],
    ['lost after'],
    ['refused', 'lost before'],
    [...Array(9).fill('lost before')] as Fault[],
  ];
  for (const given of faults) {
    const shop = await open();
    shop.clock.now += fiveMinutes;
    shop.fake.faults.push(...given);
    const shown = await ask(shop);
    if (shown !== undefined) expect(shown).toEqual(second);
    shop.fake.faults.length = 0;
    await shop.poll(2);
    expect(shop.fake.payments.get(shop.key)?.snapshot.state).toBe('CANCELLED');
    expect(await ask(shop)).toMatchObject({ redirectUrl: 'https://pay.example.com/pi_2' });
  }
});

test('F-06 P5 a page that was paid in the second that it ended is the payment, and no other is made', async () => {
  const shop = await open();
  shop.clock.now += fiveMinutes;
  shop.fake.becomes(shop.key, 'CAPTURED');
  expect(await ask(shop)).toBeUndefined();
  await shop.poll(2);
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', refunds: [], others: [] });
  expect(shop.only().dueAt).toBeUndefined();
  expect(shop.fake.payments.size).toBe(1);
});

test.each(['a webhook', 'no webhook'])(
  'F-06 P5 a page that was paid after another took its place: one of the two goes back (%s)',
  async (told) => {
    const shop = await open();
    shop.clock.now += fiveMinutes;
    shop.fake.faults.push('lost before'); // it is not closed yet
    await ask(shop);
    shop.fake.becomes(shop.key, 'CAPTURED');
    if (told === 'a webhook') await shop.receive(webhookOf(shop, 'evt_1'));
    await shop.poll(3);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', externalPaymentId: 'pi_1', others: [] });
    const other = shop.fake.payments.get(secondKey)?.snapshot.state;
    expect(['CANCELLED', undefined]).toContain(other);
    expect(shop.fake.refundsOf(shop.key)).toEqual([]);
  },
);

test('F-06 P5 both pages were paid: the second payment goes back', async () => {
  const shop = await open();
  shop.clock.now += fiveMinutes;
  await ask(shop);
  for (const key of [secondKey, shop.key]) shop.fake.becomes(key, 'CAPTURED');
  await shop.poll();
  await shop.receive(webhookOf(shop, 'evt_1'));
  await shop.poll();
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', extraCaptures: [{ externalPaymentId: 'pi_1' }] });
  expect(shop.fake.refundsOf(shop.key)).toMatchObject([{ amount: 6600 }]);
  expect(shop.fake.refundsOf(secondKey)).toEqual([]);
});

test('F-06 of five requests at once one asks the provider, and one page can be paid', async () => {
  const shop = await open();
  shop.clock.now += fiveMinutes;
  const shown = await Promise.all([1, 2, 3, 4, 5].map(() => ask(shop)));
  for (const checkout of shown) if (checkout !== undefined) expect(checkout).toEqual(second);
  expect(shop.fake.asked).toEqual(['create', 'cancel', 'create']);
  expect(await ask(shop)).toEqual(second);
});

test('F-06 each page that has ended is followed by another, until the deadline, and none ends after it', async () => {
  const shop = await open();
  const ends: (string | undefined)[] = [];
  for (let page = 0; page < 5; page += 1) {
    ends.push((await ask(shop))?.expiresAt);
    shop.clock.now += 4.9 * minute;
    await shop.poll();
  }
  expect(ends.slice(0, 2)).toEqual(['2026-11-21T08:05:00.000Z', '2026-11-21T08:10:54.000Z']);
  expect(ends.filter((end) => end !== undefined && end > '2026-11-21T08:30:00.000Z')).toEqual([]);
  shop.clock.now = Date.parse('2026-11-21T08:30:00.000Z');
  expect(await ask(shop)).toBeUndefined();
  await shop.handle(cancelledOrder());
  await shop.poll(6);
  expect(
    [...shop.fake.payments.values()].map(({ snapshot }) => snapshot.state).filter((state) => state === 'OPEN'),
  ).toEqual([]);
  expect(shop.only()).toMatchObject({ status: 'CANCELLED', others: [] });
});

test('F-06 a cancelled order is given no other page', async () => {
  const shop = await open();
  shop.fake.chaos.next = () => 'lost before';
  await shop.handle(cancelledOrder());
  shop.clock.now += fiveMinutes;
  expect(await ask(shop)).toBeUndefined();
  expect(shop.fake.payments.size).toBe(1);
});

test('F-06 what ends with the order alone is shown until then', async () => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  shop.clock.now += 20 * minute;
  expect(await ask(shop)).toEqual({
    redirectUrl: 'https://pay.example.com/pi_1',
    expiresAt: '2026-11-21T08:30:00.000Z',
  });
});
