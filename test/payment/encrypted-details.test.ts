import { logger } from '../../lambda/kernel/logger';
import { awaitingPayment } from '../support/payments';
import { type Paying, paying, webhookOf } from './paying';

const card = { brand: 'visa', last4: '4242' };

/** A payment whose customer was told where to pay. */
const opened = async (): Promise<Paying> => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  return shop;
};

const second = 'another secret of thirty-two characters';
const third = 'a third secret, of thirty-two characters';

let warned: unknown[][] = [];
beforeEach(() => {
  warned = [];
  jest.spyOn(logger, 'warn').mockImplementation((...said) => void warned.push(said));
});
afterEach(() => jest.restoreAllMocks());

test('S3-21 nothing that is encrypted of a payment stands in its row as plain text', async () => {
  const shop = await opened();
  shop.fake.becomes(shop.key, 'OPEN', {
    card,
    checkout: { redirectUrl: 'https://pay.example.com/pi_1', clientSecret: 'pi_1_secret' },
  });
  await shop.receive(webhookOf(shop, 'evt_1'));
  const [row] = shop.rows();
  expect(shop.open(shop.only())).toEqual({
    redirectUrl: 'https://pay.example.com/pi_1',
    clientSecret: 'pi_1_secret',
    ...card,
  });
  for (const secret of ['pay.example.com', 'redirectUrl', 'pi_1_secret', 'clientSecret', 'visa', '4242'])
    for (const text of [JSON.stringify(row), Buffer.from(String(row?.details), 'base64url').toString('latin1')])
      expect(text).not.toContain(secret);
});

test.each([
  ['a webhook', (shop: Paying) => shop.receive(webhookOf(shop, 'evt_1'))],
  ['the poller', (shop: Paying) => shop.poll()],
])(
  'F-16 after the secret was exchanged %s finds that a payment sealed before is paid, and it is sealed anew',
  async (_, learn) => {
    const shop = await opened();
    const before = shop.only().details;
    shop.exchangeSecret(second);
    expect(shop.open(shop.only())).toEqual({ redirectUrl: 'https://pay.example.com/pi_1' });
    shop.fake.becomes(shop.key, 'CAPTURED');
    await learn(shop);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(shop.only().details).not.toBe(before);
    shop.exchangeSecret(third); // the first secret is gone
    expect(shop.open(shop.only())).toEqual({ redirectUrl: 'https://pay.example.com/pi_1' });
    expect(warned).toEqual([]);
  },
);

test.each([
  ['a webhook', (shop: Paying) => shop.receive(webhookOf(shop, 'evt_1'))],
  ['the poller', (shop: Paying) => shop.poll()],
])(
  'F-16 %s finds that a payment is paid whose secret is gone; its details are unknown, which is logged',
  async (_, learn) => {
    const shop = await opened();
    shop.exchangeSecret(second);
    shop.exchangeSecret(third);
    shop.fake.becomes(shop.key, 'CAPTURED', { card, checkout: {} });
    await learn(shop);
    expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600 });
    expect(warned[0]).toEqual([
      'details of a payment cannot be opened',
      { tenant: 'default', paymentId: 'PAY-ORD-000001' },
    ]);
    expect(shop.open(shop.only())).toEqual(card);
  },
);

test.each([
  ['sealed by nobody', 'bm90IHNlYWxlZA'],
  ['empty', ''],
  ['plain JSON', '{"redirectUrl":"https://pay.example.com/pi_1"}'],
  ['of an unknown key', 'AAAAAAAA.bm90IHNlYWxlZA'],
  ['cut off', 'AAAAAAAA.'],
])('F-16 details that are %s are unknown, and the payment is paid all the same', async (_, details) => {
  const shop = await opened();
  shop.table.put({ ...shop.rows()[0], details });
  shop.fake.becomes(shop.key, 'CAPTURED', { checkout: {} });
  await shop.receive(webhookOf(shop, 'evt_1'));
  expect(shop.only()).toMatchObject({ status: 'COMPLETED', capturedAmount: 6600, details });
  expect(shop.open(shop.only())).toEqual({});
  expect(warned).toHaveLength(2);
});

test('F-16 a payment that was encrypted before keys had IDs opens, and is encrypted with an ID at its next write', async () => {
  const shop = await opened();
  const [, sealed = ''] = shop.only().details?.split('.') ?? [];
  shop.table.put({ ...shop.rows()[0], details: sealed });
  expect(shop.open(shop.only())).toEqual({ redirectUrl: 'https://pay.example.com/pi_1' });
  shop.exchangeSecret(second);
  shop.fake.becomes(shop.key, 'CAPTURED');
  await shop.poll();
  expect(shop.only().details).toMatch(/^[\w-]{8}\.[\w-]+$/);
  shop.exchangeSecret(third);
  expect(shop.open(shop.only())).toEqual({ redirectUrl: 'https://pay.example.com/pi_1' });
});
