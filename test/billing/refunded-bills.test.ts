import type { Bill, BillingEvent } from '../../lambda/billing/bill';
import { billStore } from '../../lambda/billing/bill.store';
import { billOrders } from '../../lambda/billing/bill-orders';
import { OrderPaymentUpdated } from '../../lambda/contracts/events/order-events';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { permutations } from '../simulation/permutations';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { orderCancelled, orderPlaced } from '../support/order-events';
import { paymentSucceeded } from '../support/payment-events';

const updated = (
  version: number,
  status: 'SHIPPED' | 'DELIVERED' | 'RETURNED' | 'CANCELLED',
  paymentStatus: 'PAID' | 'REFUNDED' | 'FAILED',
): OrderPaymentUpdated => {
  const { data, ...placed } = orderPlaced();
  return OrderPaymentUpdated.parse({
    ...{ ...placed, id: `default/ORD-000001:${version}`, type: 'OrderPaymentUpdated.v2' },
    data: { ...data, status, paymentStatus, previousPaymentStatus: 'PAID' },
  });
};

const billAfter = async (...events: readonly BillingEvent[]): Promise<Bill | undefined> => {
  const store = billStore('billing', memoryDynamoDb().db);
  for (const event of events) expect(await billOrders(store)([event])).toEqual([undefined]);
  return store.ofOrder(defaultTenant, 'ORD-000001');
};

describe('F-01 the bill of an order that is refunded in full', () => {
  test.each(['SHIPPED', 'DELIVERED', 'RETURNED'] as const)('while the order is %s is void', async (status) => {
    const bill = await billAfter(orderPlaced(), paymentSucceeded(), updated(6, status, 'REFUNDED'));
    expect(bill).toMatchObject({ status: 'void', amount: 6600, paidAt: '2026-11-21T08:01:00.000Z' });
  });

  test('F-03 is paid again once the money is back with the shop: a dispute was won, or the refund failed after all', async () => {
    const gone = updated(6, 'SHIPPED', 'REFUNDED');
    const back = updated(7, 'SHIPPED', 'PAID');
    expect(await billAfter(orderPlaced(), paymentSucceeded(), gone, back)).toMatchObject({
      ...{ status: 'paid', amount: 6600, paymentId: 'PAY-ORD-000001', paidAt: '2026-11-21T08:01:00.000Z' },
    });
  });

  test('P12 says the same in any order of arrival, each delivered twice', async () => {
    for (const [events, status] of [
      [[orderPlaced(), paymentSucceeded(), updated(6, 'SHIPPED', 'REFUNDED')], 'void'],
      [[orderPlaced(), paymentSucceeded(), updated(6, 'SHIPPED', 'REFUNDED'), updated(8, 'SHIPPED', 'PAID')], 'paid'],
      [
        [
          paymentSucceeded(),
          updated(6, 'SHIPPED', 'REFUNDED'),
          updated(7, 'SHIPPED', 'PAID'),
          updated(8, 'SHIPPED', 'REFUNDED'),
        ],
        'void',
      ],
      [[orderPlaced(), paymentSucceeded(), updated(5, 'CANCELLED', 'PAID'), orderCancelled()], 'void'],
      [[orderPlaced(), updated(5, 'CANCELLED', 'FAILED'), orderCancelled()], 'void'],
    ] as const)
      for (const arrival of permutations<BillingEvent>(events)) {
        const bill = await billAfter(...arrival, ...arrival);
        expect([arrival.map(({ type }) => type), bill?.status, bill?.amount]).toEqual([
          arrival.map(({ type }) => type),
          status,
          6600,
        ]);
        if (events.some(({ type }) => type === 'PaymentSucceeded.v1'))
          expect(bill?.paidAt).toBe('2026-11-21T08:01:00.000Z');
      }
  });

  test('published again it writes nothing', async () => {
    const events = [orderPlaced(), paymentSucceeded(), updated(6, 'SHIPPED', 'REFUNDED')] as const;
    expect(await billAfter(...events, ...events, ...events)).toEqual(await billAfter(...events));
  });

  test('an order that ended without its payment changes no bill by that', async () => {
    expect(await billAfter(orderPlaced(), updated(5, 'CANCELLED', 'FAILED'))).toMatchObject({ status: 'pending' });
  });
});
