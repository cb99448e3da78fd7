import { DescribeMails } from '../../lambda/contracts/calls/service-calls';
import type { Caller } from '../../lambda/kernel/http/caller';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { getOrderTimelineRoute } from '../../lambda/order/lists/read-orders.http';
import { timelineOf } from '../../lambda/order/timeline/timeline';
import { timelineGateway } from '../../lambda/order/timeline/timeline.gateway';
import { call } from '../support/http';
import { placedOrder } from '../support/orders';

const staff: Caller = { tenant: defaultTenant, userId: 'u-staff', roles: ['staff'] };

const order = placedOrder({
  version: 2,
  status: 'CONFIRMED',
  stockStatus: 'RESERVED',
  history: [
    { at: '2026-11-21T08:00:00.000Z', event: 'OrderPlaced', status: 'PENDING', stockStatus: 'PENDING', cause: 'guest' },
    {
      at: '2026-11-21T08:00:05.000Z',
      event: 'OrderConfirmed',
      status: 'CONFIRMED',
      stockStatus: 'RESERVED',
      paymentStatus: 'PAID',
      cause: 'default/ORD-000001:1',
    },
  ],
});

const asked: unknown[] = [];
const answering = (answer: unknown) => async (query: unknown) => {
  asked.push(query);
  return answer;
};

const services = {
  inventory: answering({
    reservation: {
      state: 'RESERVED',
      lines: [{ productId: 'PROD-002', quantity: 2 }],
      version: 1,
      updatedAt: '2026-11-21T08:00:02.000Z',
      fact: 'StockReserved',
      causationId: 'default/ORD-000001:1',
    },
  }),
  billing: answering({
    bill: {
      billingId: 'BILL-ORD-000001',
      status: 'void',
      amount: 6600,
      currency: 'JPY',
      version: 2,
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:09.000Z',
    },
  }),
  notification: answering({
    mails: [{ kind: 'order-confirmation', version: 1, sentAt: '2026-11-21T08:00:03.000Z', messageId: 'ses-1' }],
  }),
  alert: answering({
    alerts: [
      {
        type: 'inventory_reservation_failed',
        state: 'RESOLVED',
        error: 'short',
        count: 1,
        firstAt: '2026-11-21T08:00:01.000Z',
        lastAt: '2026-11-21T08:00:01.000Z',
        resolvedAt: '2026-11-21T08:00:04.000Z',
        causationId: 'default/ORD-000001:1',
      },
    ],
  }),
  payment: answering({}),
};

const paid = {
  payment: {
    paymentId: 'PAY-ORD-000001',
    provider: 'paypay',
    amount: 6600,
    currency: 'JPY',
    history: [
      { at: '2026-11-21T08:00:06.000Z', event: 'PaymentRequested', status: 'PENDING', actor: 'order' },
      {
        at: '2026-11-21T08:00:07.000Z',
        event: 'PaymentSucceeded',
        status: 'COMPLETED',
        actor: 'paypay',
        note: 'late',
      },
    ],
  },
};

const timeline = (given: Partial<typeof services> = {}, orderId = 'ORD-000001') =>
  call(
    getOrderTimelineRoute({
      orders: { get: async (key) => (key.orderId === 'ORD-000001' ? order : undefined) },
      queryServices: timelineGateway({ ...services, ...given }),
    }),
    { operation: 'getOrderTimeline', pathParameters: { orderId }, caller: staff },
  );

describe('GET /orders/{orderId}/timeline', () => {
  test('reports every fact, reservation, bill, e-mail and alert with its time and its cause, oldest first', async () => {
    const { status, body } = await timeline();
    expect(status).toBe(200);
    const told = body.items.map(({ at, source, what, cause }: Record<string, string>) =>
      [at?.slice(17, 19), source, what, cause].join(' '),
    );
    expect(told).toEqual([
      '00 order OrderPlaced guest',
      '00 billing bill opened default/ORD-000001:1',
      '01 alert inventory_reservation_failed raised default/ORD-000001:1',
      '02 inventory StockReserved default/ORD-000001:1',
      '03 notification order-confirmation mailed default/ORD-000001:1',
      '04 alert inventory_reservation_failed resolved default/ORD-000001:1',
      '05 order OrderConfirmed default/ORD-000001:1',
      '09 billing bill void ',
    ]);
    expect(body.items.at(6)).toMatchObject({ eventId: 'default/ORD-000001:2' });
    expect(JSON.stringify(body)).not.toContain('taro@example.com');
  });

  test('S2-44 says of each what staff want to know', async () => {
    const { body } = await timeline();
    expect(body.items.map(({ what, details }: { what: string; details: unknown }) => [what, details])).toEqual([
      ['OrderPlaced', { status: 'PENDING', stockStatus: 'PENDING' }],
      ['bill opened', { billingId: 'BILL-ORD-000001', amount: 6600, currency: 'JPY' }],
      ['inventory_reservation_failed raised', { error: 'short', count: 1 }],
      ['StockReserved', { state: 'RESERVED', units: 2 }],
      ['order-confirmation mailed', { messageId: 'ses-1' }],
      ['inventory_reservation_failed resolved', { error: 'short', count: 1 }],
      ['OrderConfirmed', { status: 'CONFIRMED', stockStatus: 'RESERVED', paymentStatus: 'PAID' }],
      ['bill void', { billingId: 'BILL-ORD-000001', amount: 6600, currency: 'JPY' }],
    ]);
  });

  test('S2-44 reports what is still open as that, and nothing of a service that knows nothing of the order', () => {
    const at = '2026-11-21T08:00:00.000Z';
    const bill = { billingId: 'BILL-ORD-000001', status: 'pending', amount: 1, currency: 'JPY', version: 1 } as const;
    const alert = {
      type: 'order_stuck',
      state: 'RAISED',
      error: 'late',
      count: 2,
      firstAt: at,
      lastAt: at,
      causationId: 'x',
    } as const;
    const told = (responses: Parameters<typeof timelineOf>[1]) =>
      timelineOf({ ...order, history: [] }, responses).map(({ what }) => what);
    expect(told({ billing: { bill: { ...bill, createdAt: at, updatedAt: at } } })).toEqual(['bill opened']);
    expect(told({ alert: { alerts: [alert] } })).toEqual(['order_stuck raised']);
    expect(
      told({ inventory: {}, billing: {}, notification: { mails: [] }, alert: { alerts: [] }, payment: {} }),
    ).toEqual([]);
    expect(told({})).toEqual([]);
  });

  test('S2-44 reports what happened to the payment, and who did it', async () => {
    const { body } = await timeline({ payment: answering(paid) });
    expect(body.items.slice(-3, -1)).toEqual([
      {
        at: '2026-11-21T08:00:06.000Z',
        source: 'payment',
        what: 'PaymentRequested',
        cause: 'order',
        details: { paymentId: 'PAY-ORD-000001', provider: 'paypay', status: 'PENDING' },
      },
      {
        at: '2026-11-21T08:00:07.000Z',
        source: 'payment',
        what: 'PaymentSucceeded',
        cause: 'paypay',
        details: { paymentId: 'PAY-ORD-000001', provider: 'paypay', status: 'COMPLETED', note: 'late' },
      },
    ]);
  });

  test('asks each service about this order of this tenant, and for the e-mails of each version', async () => {
    asked.length = 0;
    await timeline();
    expect(asked).toMatchObject([
      { ask: 'describe-reservation', tenantId: 'default', orderId: 'ORD-000001' },
      { ask: 'describe-bill', tenantId: 'default', orderId: 'ORD-000001' },
      { ask: 'describe-mails', versions: ['2026-11-21T08:00:00.000Z', '2026-11-21T08:00:05.000Z'] },
      { ask: 'describe-alerts', tenantId: 'default', orderId: 'ORD-000001' },
      { ask: 'describe-payment', tenantId: 'default', orderId: 'ORD-000001' },
    ]);
  });

  test('names the services that gave no answer, and reports what the others know', async () => {
    const down = async () => {
      throw new Error('down');
    };
    const { status, body } = await timeline({ alert: down, inventory: answering({ reservation: { state: '?' } }) });
    expect([status, [...body.unavailable].sort()]).toEqual([200, ['alert', 'inventory']]);
    expect(body.items).toHaveLength(5);
  });

  describe('F-49', () => {
    const refund = {
      refundId: 'REF-ORD-000001-1',
      amount: 1999,
      reason: 'broken',
      createdAt: '2026-11-21T08:01:00.000Z',
    };
    const refunded = (status: string, processedAt?: string) => ({
      payment: { ...paid.payment, currency: 'USD', refunds: [{ ...refund, status, processedAt }] },
    });
    const ofRefund = (items: Record<string, unknown>[]) =>
      items.filter(({ cause }) => cause === 'REF-ORD-000001-1').map(({ what, details }) => [what, details]);
    const mailed = { kind: 'payment-refund', sentAt: '2026-11-21T08:02:30.000Z', messageId: 'ses-2' };

    test('reports a refund in money, and the e-mail about it', async () => {
      const queries: unknown[] = [];
      const { body } = await timeline({
        payment: answering(refunded('COMPLETED', '2026-11-21T08:02:00.000Z')),
        notification: async (query: unknown) => {
          queries.push(query);
          return { mails: queries.length === 1 ? [] : [{ ...mailed, refundId: 'REF-ORD-000001-1' }] };
        },
      });
      const money = { amount: 19.99, currency: 'USD', reason: 'broken' };
      expect(ofRefund(body.items)).toEqual([
        ['refund requested', money],
        ['refund completed', money],
        ['payment-refund mailed', { messageId: 'ses-2' }],
      ]);
      expect(queries[1]).toMatchObject({ ask: 'describe-mails', refundIds: ['REF-ORD-000001-1'] });
    });

    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        refundId: `REF-${index + 1}`,
        amount: 150,
        reason: 'broken',
        status: index % 3 === 0 ? 'FAILED' : 'COMPLETED',
        createdAt: new Date(Date.UTC(2026, 10, 22, 0, 0, index)).toISOString(),
        processedAt: new Date(Date.UTC(2026, 10, 23, 0, 0, index)).toISOString(),
      }));

    test.each([
      [100, undefined],
      [101, { what: 'and 1 earlier refunds', amount: 0, completed: 0 }],
      [201, { what: 'and 101 earlier refunds', amount: 100.5, completed: 67 }],
      [350, { what: 'and 250 earlier refunds', amount: 249, completed: 166 }],
      [1200, { what: 'and 1100 earlier refunds', amount: 1099.5, completed: 733 }],
    ])(
      'of %i refunds tells the newest hundred with their e-mails, and how many more there are',
      async (count, more) => {
        const described = { payment: { ...paid.payment, currency: 'USD', refunds: many(count).reverse() } };
        const { body } = await timeline({
          payment: answering(described),
          notification: async (query: unknown) => {
            const { refundIds = [] } = DescribeMails.parse(query);
            return { mails: refundIds.map((refundId) => ({ ...mailed, refundId })) };
          },
        });
        expect(body.unavailable).toEqual([]);
        const told = (what: string) => body.items.filter((item: { what: string }) => item.what === what);
        expect(told('refund requested').map(({ cause }: { cause: string }) => cause)).toEqual(
          Array.from({ length: 100 }, (_, index) => `REF-${count - 99 + index}`),
        );
        expect(told('payment-refund mailed')).toHaveLength(100);
        const earlier = body.items.filter(({ what }: { what: string }) => what.startsWith('and '));
        if (more === undefined) return expect(earlier).toEqual([]);
        const { what, ...money } = more;
        expect(earlier).toMatchObject([
          { source: 'payment', what, details: { ...money, currency: 'USD', paymentId: 'PAY-ORD-000001' } },
        ]);
      },
    );

    test('says how many changes of the payment came before those that it keeps', async () => {
      const described = { payment: { ...paid.payment, version: 152 } };
      const { body } = await timeline({ payment: answering(described) });
      expect(body.items.filter(({ what }: { what: string }) => what.startsWith('and '))).toEqual([
        {
          at: '2026-11-21T08:00:06.000Z',
          source: 'payment',
          what: 'and 150 earlier changes',
          details: { paymentId: 'PAY-ORD-000001' },
        },
      ]);
    });

    test('reports a refund that is not done yet once', async () => {
      const { body } = await timeline({ payment: answering(refunded('PROCESSING')) });
      expect(ofRefund(body.items).map(([what]) => what)).toEqual(['refund requested']);
    });

    test.each([
      ['JPY', 6600, 6600],
      ['USD', 6600, 66],
      ['USD', 5998, 59.98],
      ['KWD', 1500, 1.5],
    ])('reports a bill of %s as %i minor units in major ones: %f', async (currency, amount, major) => {
      const { bill } = (await services.billing({})) as { bill: object };
      const { body } = await timeline({ billing: answering({ bill: { ...bill, amount, currency } }) });
      expect(body.items.find(({ what }: { what: string }) => what === 'bill opened').details).toEqual({
        ...{ billingId: 'BILL-ORD-000001', amount: major, currency },
      });
    });
  });

  test('S4-17 answers 404 for an unknown order', async () => {
    expect((await timeline({}, 'ORD-000999')).body.detail).toBe('Order ORD-000999 not found');
  });
});
