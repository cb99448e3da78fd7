import { defaultTenant } from '../../lambda/kernel/tenant';
import type { ProviderSnapshot } from '../../lambda/payment/providers/provider';
import { seededRandom } from '../simulation/random';
import { awaitingPayment, cancelledOrder, eight } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { type Paying, paying } from './paying';

const codes = Array.from({ length: 200 }, (_, index) => `ORD-${String(index + 1).padStart(6, '0')}`);
const ends: readonly ProviderSnapshot['state'][] = ['CAPTURED', 'CAPTURED', 'CAPTURED', 'FAILED', 'CANCELLED'];
type Random = () => number;

/** A shop whose provider loses three answers of ten, half of them after it did what it was asked. */
const lossyShop = (random: Random) => {
  const shop = paying(fakeProvider());
  const lost = () => (random() < 0.5 ? 'lost before' : 'lost after');
  shop.fake.chaos.next = () => (random() < 0.3 ? lost() : undefined);
  return shop;
};

const ask = async (shop: Paying, random: Random) => {
  for (const code of codes) {
    await shop.handle(awaitingPayment(code));
    if (random() < 0.2) await shop.handle(awaitingPayment(code)); // delivered twice
  }
  await shop.poll(2);
};

/** What comes of one payment at the provider: three webhooks or none, and a cancel now and then. */
const endOf = (shop: Paying, random: Random, code: string): (() => Promise<unknown>)[] => {
  const key = `default/PAY-${code}`;
  if (!shop.fake.payments.has(key)) return [];
  const snapshot = shop.fake.becomes(key, ends[Math.floor(random() * ends.length)] ?? 'CAPTURED');
  const send = () => shop.receive({ provider: 'stripe', eventId: `evt_${code}`, at: eight, kind: 'payment', snapshot });
  const cancel = () => shop.handle(cancelledOrder(code, { paymentStatus: 'PAID' }));
  return [...(random() < 0.7 ? [send, send, send] : []), ...(random() < 0.3 ? [cancel] : [])];
};

const outcomeOf = async (shop: Paying, code: string) => {
  const payment = await shop.deps.payments.get({ tenant: defaultTenant, paymentId: `PAY-${code}` });
  const taken = shop.fake.payments.get(`default/PAY-${code}`);
  const refunds = [...(taken?.refunds.values() ?? [])].map(({ amount }) => amount);
  return { payment, isTaken: taken?.snapshot.state === 'CAPTURED', refunds };
};

test('P5 200 payments, 30 % lost answers, each webhook three times: one capture at most, nothing given back twice', async () => {
  const random = seededRandom(1).unit;
  const shop = lossyShop(random);
  await ask(shop, random);
  const all = codes.flatMap((code) => endOf(shop, random, code));
  for (const next of all.sort(() => random() - 0.5)) await next();
  await shop.poll(120);

  const statuses = new Set<string | undefined>();
  for (const code of codes) {
    const { payment, isTaken, refunds } = await outcomeOf(shop, code);
    statuses.add(payment?.status);
    expect(payment).toMatchObject({ capturedAmount: isTaken ? 6600 : 0, extraCaptures: [] });
    expect(refunds).toEqual(payment?.status === 'REFUNDED' ? [6600] : []);
    expect(payment?.dueAt).toBeUndefined();
  }
  expect([...statuses].sort()).toEqual(['CANCELLED', 'COMPLETED', 'FAILED', 'REFUNDED']);
  expect(shop.fake.payments.size).toBe(200);
});
