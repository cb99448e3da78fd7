import type { OrderDelivered, OrderShipped } from '../../lambda/contracts/events/order-events';
import { CancelReason, Locale } from '../../lambda/contracts/values/order-status';
import { describeMails } from '../../lambda/notification/describe-mails';
import { orderMail as mailTo, type OrderMailEvent } from '../../lambda/notification/mail';
import { notificationStore } from '../../lambda/notification/notification.store';
import { aNotification, freshTenant } from '../stores/builders';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { orderAwaitingPayment, orderCancelled, orderPlaced } from '../support/order-events';

const orderMail = (event: OrderMailEvent) => mailTo(event, 'taro@example.com');

const shippedAt = '2026-11-21T10:00:00.000Z';
const steps = { previousStatus: 'PROCESSING', shippedAt, deliveredAt: shippedAt } as const;
const shipped = (locale: Locale): OrderShipped => ({
  ...orderPlaced(),
  type: 'OrderShipped.v2',
  data: { ...orderPlaced('ORD-000001', { locale }).data, status: 'SHIPPED', ...steps },
});
const delivered = (locale: Locale): OrderDelivered => ({
  ...orderPlaced(),
  type: 'OrderDelivered.v2',
  data: { ...orderPlaced('ORD-000001', { locale }).data, status: 'DELIVERED', ...steps },
});

describe('a customer is mailed', () => {
  test.each([
    ['S4-31', shipped('en'), 'Your order is on its way (ORD-000001)'],
    ['S4-31', shipped('ja'), '商品を発送いたしました（ORD-000001）'],
    ['S4-32', delivered('en'), 'Your order was delivered (ORD-000001)'],
    ['S4-32', delivered('ja'), '商品をお届けいたしました（ORD-000001）'],
    ['S4-28', orderPlaced('ORD-000001', { locale: 'en' }), 'Thank you for your order (ORD-000001)'],
    ['S4-30', orderCancelled('ORD-000001', { locale: 'ja' }), 'ご注文をキャンセルいたしました（ORD-000001）'],
  ])('%s: %#', (_id, event, subject) => {
    const mail = orderMail(event);
    expect([mail.to, mail.subject]).toEqual(['taro@example.com', subject]);
    expect(mail.text).toContain('ORD-000001');
    expect(mail.text).toContain('ワイヤレスマウス × 2');
    expect(mail.text).toMatch(/6,600/);
  });

  test.each([
    ['backorder-expired', 'We could not restock the items in time, so your order was cancelled.'],
    ['out-of-stock', 'The items are out of stock, so your order was cancelled.'],
    ['payment-failed', 'The payment did not succeed, so your order was cancelled.'],
    ['payment-expired', 'We did not receive your payment in time, so your order was cancelled.'],
    ['by-customer', 'Your order was cancelled as you asked.'],
    ['by-staff', 'We are sorry that we had to cancel your order.'],
  ] as const)('why an order was cancelled: %s', (reason, words) => {
    expect(orderMail(orderCancelled('ORD-000001', { locale: 'en', reason })).text).toContain(
      `${words} You have not been charged.`,
    );
  });

  test.each([
    ['en', 'Your payment was refunded in full, so your order was cancelled.'],
    ['ja', 'お支払いいただいた代金を全額返金いたしましたので、ご注文をキャンセルいたしました。'],
  ] as const)('F-01 that an order ended since its payment was refunded: %s', (locale, words) => {
    const ended = { locale, reason: 'payment-failed', paymentStatus: 'REFUNDED' } as const;
    expect(orderMail(orderCancelled('ORD-000001', ended)).text.split('\n')[0]).toBe(words);
  });

  test.each([
    ['en', 'Your order was cancelled as you asked. We will refund what you have paid.'],
    ['ja', 'お申し出により、ご注文をキャンセルいたしました。お支払いいただいた代金は返金いたします。'],
  ] as const)('S2-14 that what was paid for a cancelled order is paid back: %s', (locale, words) => {
    const { text } = orderMail(orderCancelled('ORD-000001', { locale, reason: 'by-customer', paymentStatus: 'PAID' }));
    expect(text.split('\n')[0]).toBe(words);
  });

  test.each([
    [
      'en',
      'Please pay for your order (ORD-000001)',
      'Open your order in the shop and pay by 2026-12-31 23:30 UTC. After that the order is cancelled. If you have paid already, there is nothing left to do.',
    ],
    [
      'ja',
      'お支払いのお願い（ORD-000001）',
      'ショップでご注文を開き、2027年1月1日 08:30（日本時間）までにお支払いください。期限を過ぎますと、ご注文はキャンセルとなります。お支払い済みの場合、お手続きは不要です。',
    ],
  ] as const)('S2-02 what to do until when while the order waits for payment: %s', (locale, subject, words) => {
    const event = orderAwaitingPayment('ORD-000001', { locale, paymentDeadline: '2026-12-31T23:30:05.000Z' });
    const mail = orderMail(event);
    expect([mail.to, mail.subject, mail.text.split('\n')[1]]).toEqual(['taro@example.com', subject, words]);
    expect(mail.text).toMatch(/6,600/);
  });

  test('in both languages, for another reason in other words', () => {
    for (const locale of Locale.options) {
      const openings = CancelReason.options.map(
        (reason) => orderMail(orderCancelled('ORD-000001', { locale, reason })).text,
      );
      expect(new Set(openings).size).toBe(6);
    }
  });
});

test('returns to the order service which e-mails were sent about an order, and not to whom', async () => {
  const tenant = freshTenant();
  const notifications = notificationStore('notifications', memoryDynamoDb().db);
  await notifications.record([
    { ...aNotification(tenant, 'ORD-000001:3.email', 'ses-3'), kind: 'order-shipping' },
    aNotification(tenant, 'ORD-000001:1.email', 'ses-1'),
    aNotification(tenant, 'ORD-000002:1.email', 'ses-9'),
  ]);
  const at = '2026-11-21T08:00:00.000Z';
  const question = { ask: 'describe-mails', tenantId: tenant, orderId: 'ORD-000001', versions: [at, at, at] };
  const answer = await describeMails({ notifications })(question);
  expect(answer.mails.map(({ kind, version, messageId }) => [kind, version, messageId])).toEqual([
    ['order-confirmation', 1, 'ses-1'],
    ['order-shipping', 3, 'ses-3'],
  ]);
  expect(JSON.stringify(answer)).not.toContain('@');
});

test('F-49 returns to the order service the e-mails about refunds, too', async () => {
  const tenant = freshTenant();
  const notifications = notificationStore('notifications', memoryDynamoDb().db);
  await notifications.record([
    aNotification(tenant, 'ORD-000001:1.email', 'ses-1'),
    { ...aNotification(tenant, 'REF-ORD-000001-2.email', 'ses-7'), kind: 'payment-refund' },
  ]);
  const refundIds = Array.from({ length: 120 }, (_, n) => `REF-ORD-000001-${n + 1}`);
  const versions = ['2026-11-21T08:00:00.000Z'];
  const question = { ask: 'describe-mails', tenantId: tenant, orderId: 'ORD-000001', versions, refundIds };
  expect((await describeMails({ notifications })(question)).mails).toMatchObject([
    { kind: 'order-confirmation', version: 1, messageId: 'ses-1' },
    { kind: 'payment-refund', refundId: 'REF-ORD-000001-2', messageId: 'ses-7' },
  ]);
});
