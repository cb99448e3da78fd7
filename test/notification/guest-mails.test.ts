import { unsealed } from '../../lambda/contracts/values/sealed';
import type { Notification } from '../../lambda/notification/mail';
import { orderAwaitingPayment, orderCancelled, orderPlaced } from '../support/order-events';
import { paymentRefunded } from '../support/payment-events';
import { notifications } from './notifications';

const nth = (n: number) => `ORD-${String(n).padStart(6, '0')}`;
const many = <Item>(count: number, item: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index + 1));
const statuses = (records: ReadonlyMap<string, Notification>, status: Notification['status']) =>
  [...records.values()].filter((one) => one.status === status).length;

// twenty, and the two that a function gives by itself
const most = 22;

describe('F-32 mails that the orders of guests send to an address', () => {
  test('are twenty in twenty minutes, however many orders there are: one a minute', async () => {
    const { notify, mailbox, records } = notifications();
    for (const order of many(40, (n) => orderPlaced(nth(n)))) expect(await notify([order])).toEqual([undefined]);
    expect(mailbox).toHaveLength(most);
    expect([statuses(records, 'sent'), statuses(records, 'withheld')]).toEqual([22, 18]);
    expect(records.get('ORD-000023:1.email')).toEqual({
      tenant: 'default',
      notificationId: 'ORD-000023:1.email',
      createdAt: '2026-11-21T08:00:00.000Z',
      orderId: 'ORD-000023',
      channel: 'email',
      kind: 'order-confirmation',
      recipient: unsealed('taro@example.com'),
      locale: 'ja',
      status: 'withheld',
      withheldAt: '2026-11-21T08:00:05.000Z',
    });
  });

  test('cost no call as long as an address gets two of them, as most do', async () => {
    const { notify, taken } = notifications();
    await notify([orderPlaced(), orderCancelled()]);
    expect(taken.size).toBe(0);
  });

  test('are as many when the orders come at once, and are never tried again', async () => {
    const { notify, mailbox } = notifications();
    const orders = many(40, (n) => orderPlaced(nth(n)));
    expect(await notify(orders)).toEqual(orders.map(() => undefined));
    await notify(orders);
    expect(mailbox).toHaveLength(most);
  });

  test('are those of placing, paying and cancelling together', async () => {
    const { notify, mailbox } = notifications();
    await notify(many(10, (n) => orderPlaced(nth(n))));
    await notify(many(10, (n) => orderAwaitingPayment(nth(n))));
    await notify(many(10, (n) => orderCancelled(nth(n))));
    expect(mailbox).toHaveLength(most);
  });

  test('are counted whatever the case of the address', async () => {
    const { notify, mailbox } = notifications();
    await notify(many(20, (n) => orderPlaced(nth(n), { customerEmail: unsealed('taro@example.com') })));
    await notify(many(20, (n) => orderPlaced(nth(n + 20), { customerEmail: unsealed('Taro@Example.com') })));
    expect(mailbox).toHaveLength(most);
  });

  test('go on twenty minutes later', async () => {
    const { notify, mailbox, clock } = notifications();
    await notify(many(25, (n) => orderPlaced(nth(n))));
    clock.now = new Date('2026-11-21T08:19:59.999Z');
    await notify([orderPlaced(nth(30))]);
    expect(mailbox).toHaveLength(most);
    clock.now = new Date('2026-11-21T08:20:00.000Z');
    await notify([orderPlaced(nth(31))]);
    expect(mailbox).toHaveLength(most + 1);
  });

  test('take nothing from another address, or from the same one in another shop', async () => {
    const { notify, mailbox } = notifications();
    await notify(many(25, (n) => orderPlaced(nth(n))));
    await notify([orderPlaced(nth(41), { customerEmail: unsealed('hanako@example.com') })]);
    await notify([orderPlaced(nth(42), {}, { tenantid: 'shop-b', id: 'shop-b/ORD-000042:1' })]);
    expect(mailbox.slice(most).map(({ to }) => to)).toEqual(['hanako@example.com', 'taro@example.com']);
  });

  test('that SES did not take are not counted, so that the next delivery sends them', async () => {
    const { notify, mailbox, refuses, records } = notifications();
    refuses.add('taro@example.com');
    for (let times = 0; times < 3; times += 1) await notify(many(20, (n) => orderPlaced(nth(n))));
    refuses.clear();
    await notify(many(20, (n) => orderPlaced(nth(n))));
    expect([mailbox.length, statuses(records, 'withheld')]).toEqual([20, 0]);
  });

  test('are not in the table of limits with their address', async () => {
    const { notify, taken } = notifications();
    await notify(many(3, (n) => orderPlaced(nth(n))));
    expect([...taken.keys()].join()).toMatch(/^default#order-mail#[\w-]{22}#1795248000000$/);
  });
});

describe('F-32 never withheld is what', () => {
  const flooded = async () => {
    const world = notifications();
    await world.notify(many(40, (n) => orderPlaced(nth(n))));
    return world;
  };

  test('a user’s order is mailed about, however many: a token said whose address it is', async () => {
    const { notify, mailbox } = await flooded();
    await notify(many(40, (n) => orderPlaced(nth(n + 40), { userId: 'user-1' })));
    expect(mailbox).toHaveLength(most + 40);
  });

  test('reports money that was paid back, even when the order’s own mail was withheld', async () => {
    const { notify, mailbox } = await flooded();
    const refund = paymentRefunded();
    expect(await notify([{ ...refund, data: { ...refund.data, orderId: nth(40) } }])).toEqual([undefined]);
    expect(mailbox.at(-1)?.subject).toBe('ご返金のお知らせ（ORD-000040）');
  });

  test.each(['shipped', 'delivered'] as const)('says that the shop has %s an order', async (step) => {
    const { notify, mailbox } = await flooded();
    const { data, ...envelope } = orderCancelled(nth(1));
    const { reason: _, ...rest } = data;
    const times = { shippedAt: '2026-11-24T08:00:00.000Z', deliveredAt: '2026-11-24T08:00:00.000Z' };
    const type = step === 'shipped' ? 'OrderShipped.v2' : 'OrderDelivered.v2';
    await notify([{ ...envelope, type, data: { ...rest, ...times } } as never]);
    expect(mailbox).toHaveLength(most + 1);
  });
});
