import { unsealed } from '../../lambda/contracts/values/sealed';
import { orderMail } from '../../lambda/notification/mail';
import { orderAwaitingPayment, orderCancelled, orderPlaced } from '../support/order-events';
import { paymentRefunded } from '../support/payment-events';
import { notifications } from './notifications';

const setUp = ({ refuses = [] as string[], recordFails = false } = {}) => {
  const world = notifications({ recordFails });
  for (const address of refuses) world.refuses.add(address);
  return world;
};

describe('the e-mail about an order', () => {
  test('S0-30, S0-33 confirms it in Japanese with its number, its amount and its items', () => {
    expect(orderMail(orderPlaced(), 'taro@example.com')).toEqual({
      to: 'taro@example.com',
      subject: 'ご注文ありがとうございます（ORD-000001）',
      text: [
        'ご注文を承りました。内容は次のとおりです。',
        '',
        '注文番号: ORD-000001',
        '',
        '商品:',
        '  ワイヤレスマウス × 2  ￥6,000',
        '',
        '小計: ￥6,000',
        '消費税: ￥600',
        '合計: ￥6,600',
        '',
      ].join('\n'),
    });
  });

  test('is English for an English order', () => {
    const { subject, text } = orderMail(orderPlaced('ORD-000001', { locale: 'en' }), 'taro@example.com');
    expect(subject).toBe('Thank you for your order (ORD-000001)');
    expect(text).toContain('Total: ¥6,600');
  });

  test('notifies the customer of a cancellation', () => {
    expect(orderMail(orderCancelled(), 'taro@example.com').subject).toBe(
      'ご注文をキャンセルいたしました（ORD-000001）',
    );
    expect(orderMail(orderCancelled('ORD-000001', { locale: 'en' }), 'taro@example.com').subject).toBe(
      'Your order was cancelled (ORD-000001)',
    );
  });
});

describe('notifying customers', () => {
  test('S0-31, S0-32 records each e-mail as sent, under an ID that follows from the event', async () => {
    const { notify, records } = setUp();
    expect(await notify([orderPlaced()])).toEqual([undefined]);
    expect([...records.values()]).toEqual([
      {
        tenant: 'default',
        notificationId: 'ORD-000001:1.email',
        createdAt: '2026-11-21T08:00:00.000Z',
        orderId: 'ORD-000001',
        channel: 'email',
        kind: 'order-confirmation',
        recipient: unsealed('taro@example.com'),
        locale: 'ja',
        status: 'sent',
        sentAt: '2026-11-21T08:00:05.000Z',
        messageId: 'ses-1',
      },
    ]);
  });

  test('P2 mails once for an event that comes again, in the same batch or later', async () => {
    const { notify, mailbox } = setUp();
    await notify([orderPlaced(), orderPlaced()]);
    expect(await notify([orderPlaced()])).toEqual([undefined]);
    expect(mailbox).toHaveLength(1);
  });

  test('an e-mail that SES refuses fails its own event and no other', async () => {
    const { notify, mailbox, records } = setUp({ refuses: ['bad@example.com'] });
    const outcomes = await notify([
      orderPlaced('ORD-000001', { customerEmail: unsealed('bad@example.com') }),
      orderPlaced('ORD-000002'),
    ]);
    expect(outcomes.map((outcome) => outcome?.message)).toEqual(['SES rejected the e-mail: Throttling', undefined]);
    expect([mailbox.length, [...records.keys()]]).toEqual([1, ['ORD-000002:1.email']]);
  });

  test('an e-mail whose record fails is tried again: twice rather than never', async () => {
    const { notify } = setUp({ recordFails: true });
    expect((await notify([orderPlaced()])).map((outcome) => outcome?.message)).toEqual(['DynamoDB is down']);
  });
});

describe('the e-mails about a payment', () => {
  test('S2-02 ask for it once, however often the order is told to wait', async () => {
    const { notify, mailbox, records } = setUp();
    await notify([orderPlaced(), orderAwaitingPayment()]);
    await notify([orderAwaitingPayment()]);
    expect(mailbox.map(({ subject }) => subject)).toEqual([
      'ご注文ありがとうございます（ORD-000001）',
      'お支払いのお願い（ORD-000001）',
    ]);
    expect(records.get('ORD-000001:2.email')).toMatchObject({ kind: 'order-payment-request', status: 'sent' });
  });

  test('S2-12 ask for nothing that is taken from the customer’s balance', async () => {
    const { notify, mailbox, records } = setUp();
    const outcomes = await notify([orderAwaitingPayment('ORD-000001', { paymentMethod: 'ACCOUNT_BALANCE' })]);
    expect([outcomes, mailbox.length, records.size]).toEqual([[undefined], 0, 0]);
  });

  test('S3-20 report a refund once, whoever was written to about the order and however often it is delivered', async () => {
    const { notify, mailbox, records } = setUp();
    await notify([orderPlaced('ORD-000001', { locale: 'en' })]);
    const again = paymentRefunded(
      'ORD-000001',
      {},
      { id: 'default/PAY-ORD-000001:6', time: '2026-11-21T09:00:00.000Z' },
    );
    expect(await notify([paymentRefunded(), again])).toEqual([undefined, undefined]);
    expect(await notify([again])).toEqual([undefined]);
    const second = { refundId: 'RFD-PAY-ORD-000001-2', refundedTotal: 6600, fullyRefunded: true };
    await notify([paymentRefunded('ORD-000001', second)]);
    expect(mailbox.slice(1)).toEqual([
      {
        to: 'taro@example.com',
        subject: 'Your refund (ORD-000001)',
        text: [
          'We have refunded you. It may take some days until your account or card shows it.',
          '',
          'Order number: ORD-000001',
          'Refund number: RFD-PAY-ORD-000001-1',
          '',
          'Refund: ¥3,300',
          'Refunded in total: ¥3,300',
          'You paid: ¥6,600',
          '',
        ].join('\n'),
      },
      expect.objectContaining({ text: expect.stringContaining('Refunded in total: ¥6,600') }),
    ]);
    expect([...records.keys()]).toEqual([
      'ORD-000001:1.email',
      'RFD-PAY-ORD-000001-1.email',
      'RFD-PAY-ORD-000001-2.email',
    ]);
  });

  test('P12 wait for the order’s own e-mail, and fail no other: a refund that came first is tried again', async () => {
    const { notify, mailbox } = setUp();
    const outcomes = await notify([paymentRefunded(), orderPlaced('ORD-000002')]);
    expect(outcomes.map((outcome) => outcome?.message)).toEqual([
      'ORD-000001 has no confirmation e-mail yet, so the recipient of its refund e-mail is unknown',
      undefined,
    ]);
    await notify([orderPlaced()]);
    expect(await notify([paymentRefunded()])).toEqual([undefined]);
    expect(mailbox.map(({ subject }) => subject)).toEqual([
      'ご注文ありがとうございます（ORD-000002）',
      'ご注文ありがとうございます（ORD-000001）',
      'ご返金のお知らせ（ORD-000001）',
    ]);
  });
});
