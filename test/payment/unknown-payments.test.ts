import { trustedTenant } from '../../lambda/kernel/tenant';
import type { Webhook } from '../../lambda/payment/providers/provider';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { awaitingPayment, eight, requested } from '../support/payments';
import { type Paying, paying, webhookOf } from './paying';

const opened = async (): Promise<Paying> => {
  const shop = paying();
  await shop.handle(awaitingPayment());
  return shop;
};

const capture = (eventId: string, given: object = {}): Webhook => ({
  ...{ provider: 'stripe', eventId, at: eight, kind: 'payment' },
  snapshot: {
    ...{ state: 'CAPTURED', externalPaymentId: 'pi_lost', amount: 6600, currency: 'JPY', at: eight },
    ...{ tenant: 'default', paymentId: 'PAY-ORD-000009', ...given },
  },
});

const unknown = (shop: Paying) =>
  shop.events.flatMap(({ type, tenantid, data }) =>
    type === 'UnknownPaymentFound.v1' ? [[tenantid, data.externalPaymentId, data.kind, data.amount, data.reason]] : [],
  );

const base = { provider: 'stripe', eventId: 'evt_1', at: eight } as const;
const charge = { capturedAmount: 500, refundedAmount: 0, refunds: [] };
const refund = { externalRefundId: 're_1', amount: 200, state: 'COMPLETED' } as const;
const dispute = { disputeId: 'du_1', amount: 300, reason: 'fraudulent', status: 'LOST', inquiry: false } as const;

describe('F-11 money that belongs to no payment known here', () => {
  test.each<[string, Webhook, unknown[]]>([
    ['of an unknown payment', capture('evt_1'), ['default', 'pi_lost', 'capture', 6600, 'unknown-payment']],
    [
      'of an unknown tenant',
      capture('evt_1', { tenant: 'shop-z' }),
      ['default', 'pi_lost', 'capture', 6600, 'unknown-payment'],
    ],
    [
      'without metadata',
      capture('evt_1', { tenant: undefined, paymentId: undefined }),
      ['default', 'pi_lost', 'capture', 6600, 'no-metadata'],
    ],
    [
      'with a malformed payment',
      capture('evt_1', { paymentId: '../x' }),
      ['default', 'pi_lost', 'capture', 6600, 'no-metadata'],
    ],
    [
      'with a malformed tenant',
      capture('evt_1', { tenant: 'Shop A#' }),
      ['default', 'pi_lost', 'capture', 6600, 'no-metadata'],
    ],
    [
      'as a charge',
      { ...base, kind: 'charge', charge, externalIds: ['ch_9'], currency: 'JPY' },
      ['default', 'ch_9', 'capture', 500, 'no-metadata'],
    ],
    [
      'as a refund',
      { ...base, kind: 'refund', refund, externalIds: ['pi_9'] },
      ['default', 'pi_9', 'refund', 200, 'no-metadata'],
    ],
    [
      'as a refund of nothing that is named',
      { ...base, kind: 'refund', refund, externalIds: [] },
      ['default', 're_1', 'refund', 200, 'no-metadata'],
    ],
    [
      'as a dispute',
      { ...base, kind: 'dispute', dispute, externalIds: ['ch_9'] },
      ['default', 'ch_9', 'dispute', 300, 'no-metadata'],
    ],
    [
      'as a notice of PayPay about a till',
      {
        ...base,
        provider: 'paypay',
        kind: 'other',
        type: 'Transaction',
        captured: { externalIds: ['0123'], amount: 700, currency: 'JPY' },
      },
      ['default', '0123', 'capture', 700, 'no-metadata'],
    ],
  ])('is reported once for each external payment: %s', async (_, webhook, expected) => {
    const shop = await opened();
    expect(await shop.receive(webhook)).toBe('unknown');
    expect(await shop.receive(webhook)).toBe('known');
    expect(await shop.receive({ ...webhook, eventId: 'evt_again' })).toBe('unknown');
    expect(unknown(shop)).toEqual([expected]);
  });

  test('of another provider than the payment has', async () => {
    const shop = await opened();
    shop.fake.becomes(shop.key, 'CAPTURED');
    await shop.receive({ ...webhookOf(shop, 'evt_1'), provider: 'paypay' });
    expect(unknown(shop)).toEqual([['default', 'pi_1', 'capture', 6600, 'other-provider']]);
    expect(shop.only().status).toBe('PROCESSING');
  });

  test('of test mode, while our keys are for real money, pays nothing', async () => {
    const shop = await opened();
    shop.fake.becomes(shop.key, 'CAPTURED');
    const receive = receiveWebhook({ ...shop.deps, livemode: () => true });
    expect(await receive({ ...webhookOf(shop, 'evt_1'), livemode: false })).toBe('unknown');
    expect([shop.only().capturedAmount, unknown(shop)]).toEqual([
      0,
      [['default', 'pi_1', 'capture', 6600, 'other-mode']],
    ]);
    expect(await receive({ ...webhookOf(shop, 'evt_2'), livemode: true })).toBe('applied');
  });

  test('goes to the shop that the metadata name, where that has payments here', async () => {
    const shop = await opened();
    await shop.deps.payments.insert(requested({ tenant: trustedTenant('shop-b') }));
    await shop.receive(capture('evt_1', { tenant: 'shop-b' }));
    expect(unknown(shop)).toEqual([['shop-b', 'pi_lost', 'capture', 6600, 'unknown-payment']]);
  });

  test.each(['OPEN', 'AUTHORIZED', 'DECLINED', 'FAILED', 'CANCELLED'])(
    'no money is there while it is %s',
    async (state) => {
      const shop = await opened();
      await shop.receive(capture('evt_1', { state }));
      expect(unknown(shop)).toEqual([]);
    },
  );

  test.each([
    ['pi_with spaces and ünïcode', /^[0-9a-f]{64}$/],
    ['x'.repeat(255), /^[0-9a-f]{64}$/],
    ['pi_1.A-b', /^pi_1\.A-b$/],
  ])('is named so that its alert can be read and closed: %s', async (externalPaymentId, subject) => {
    const shop = await opened();
    await shop.receive(capture('evt_1', { externalPaymentId }));
    expect(shop.events.at(-1)?.subject).toMatch(subject);
  });
});

describe('F-11 a webhook about no payment known here that moved no money is nobody’s alarm', () => {
  const about = { ...base, externalIds: ['pi_9'], currency: 'JPY' } as const;
  const refundWord = (eventId: string, given: object): Webhook => ({
    ...{ ...about, eventId, kind: 'refund' },
    refund: { ...refund, ...given },
  });
  const disputeWord = (eventId: string, given: object): Webhook => ({
    ...{ ...about, eventId, kind: 'dispute' },
    dispute: { ...dispute, ...given },
  });

  test.each<[string, Webhook]>([
    ['a refund that failed', refundWord('evt_1', { state: 'FAILED' })],
    ['a refund of nothing', refundWord('evt_1', { amount: 0 })],
    ['a dispute that was won', disputeWord('evt_1', { status: 'WON' })],
    ['a dispute that was withdrawn', disputeWord('evt_1', { status: 'CLOSED' })],
    ['an inquiry that was closed', disputeWord('evt_1', { status: 'CLOSED', inquiry: true })],
    ['a dispute of nothing', disputeWord('evt_1', { amount: 0 })],
    ['a refund that failed, of the other mode', { ...refundWord('evt_1', { state: 'FAILED' }), livemode: false }],
    ['a capture of nothing', capture('evt_1', { amount: 0 })],
  ])('%s', async (_, webhook) => {
    const shop = paying();
    const receive = receiveWebhook({ ...shop.deps, livemode: () => true });
    expect(await receive(webhook)).toBe('unknown');
    expect(await receive(webhook)).toBe('known');
    expect(unknown(shop)).toEqual([]);
  });

  test.each<[string, Webhook, unknown[]]>([
    ['a refund on its way', refundWord('evt_2', { state: 'PROCESSING' }), ['refund', 200]],
    ['a refund that is made', refundWord('evt_2', {}), ['refund', 200]],
    ['a dispute to be answered', disputeWord('evt_2', { status: 'NEEDS_RESPONSE' }), ['dispute', 300]],
    ['a dispute that is lost', disputeWord('evt_2', {}), ['dispute', 300]],
    ['an open inquiry', disputeWord('evt_2', { status: 'NEEDS_RESPONSE', inquiry: true }), ['dispute', 300]],
  ])('and what moves money later is told all the same: %s', async (_, webhook, [kind, amount]) => {
    const shop = paying();
    await shop.receive(refundWord('evt_1', { state: 'FAILED' }));
    await shop.receive(webhook);
    expect(unknown(shop)).toEqual([['default', 'pi_9', kind, amount, 'no-metadata']]);
  });
});
