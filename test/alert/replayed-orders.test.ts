import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import { permutations } from '../simulation/permutations';
import { paymentReconciliation } from './payment-reconciliation';
import { orderEvent } from './reconciled-events';

type Described = NonNullable<OrderDescribed['order']>;

const line = { productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: 4400, lineTotal: 4400, taxRateBps: 0 };
const order = (published: Pick<Described, 'version' | 'status' | 'stockStatus' | 'paymentStatus'>): OrderDescribed => ({
  order: { ...published, trackingTokenHash: 'hash', lines: [line], total: 4400, currency: 'JPY' },
});

const last = [
  ['OrderShipped.v2', 'SHIPPED', 'DEDUCTED'],
  ['OrderDelivered.v2', 'DELIVERED', 'DEDUCTED'],
  ['OrderReturned.v2', 'RETURNED', 'DEDUCTED'],
  ['OrderCancelled.v2', 'CANCELLED', 'RELEASED'],
] as const;

const lifeOf = (type: (typeof last)[number][0], paymentStatus: 'NOT_REQUIRED' | 'WAITING_PAYMENT') => [
  orderEvent('OrderPlaced.v2', { version: 1, paymentStatus }),
  orderEvent('OrderBackordered.v2', { version: 2, at: 5, paymentStatus }),
  orderEvent('OrderConfirmed.v2', { version: 3, at: 10, paymentStatus }),
  orderEvent(type, { version: 6, at: 30, paymentStatus }),
];

describe('P29 a replay of all events of an order raises no alert', () => {
  test.each(last)('P29 %s: in whatever order they come, twice, and received for the first time', async (...given) => {
    const [type, status, stockStatus] = given;
    const paymentStatus = 'NOT_REQUIRED';
    for (const life of permutations(lifeOf(type, paymentStatus))) {
      const { receive, sweep, published, table } = paymentReconciliation(() =>
        order({ version: 6, status, stockStatus, paymentStatus }),
      );
      await receive(4000, ...life);
      await sweep(4060);
      await receive(5000, ...life);
      await sweep(9000);
      expect(published()).toEqual([]);
      expect(table.all().map(({ alerts }) => alerts)).toEqual([{}]);
    }
  });

  test('P29 what the order service has answered for is asked about once, and nothing is written again', async () => {
    const life = lifeOf('OrderDelivered.v2', 'NOT_REQUIRED');
    const { receive, asked, table } = paymentReconciliation(() =>
      order({ version: 6, status: 'DELIVERED', stockStatus: 'DEDUCTED', paymentStatus: 'NOT_REQUIRED' }),
    );
    await receive(4000, ...life);
    const before = table.get({ orderId: 'shop-a#ORD-000001' });
    await receive(5000, ...life, ...life);
    expect(table.get({ orderId: 'shop-a#ORD-000001' })).toEqual(before);
    expect(asked).toEqual([{ ask: 'describe-order', tenantId: 'shop-a', orderId: 'ORD-000001' }]);
  });

  test('P29 an order that waited when its service was asked, and has gone on when its event is published again', async () => {
    const [placed, , , cancelled] = lifeOf('OrderCancelled.v2', 'NOT_REQUIRED');
    const waiting = { status: 'CANCELLED', stockStatus: 'RESERVED', paymentStatus: 'NOT_REQUIRED' } as const;
    let described = order({ version: 6, ...waiting });
    const { receive, sweep, published } = paymentReconciliation(() => described);
    if (placed === undefined || cancelled === undefined) throw new Error('no such events');
    await receive(4000, placed);
    described = order({ version: 7, ...waiting, stockStatus: 'RELEASED' });
    await receive(5000, cancelled, placed, cancelled);
    await sweep(9000);
    expect(published()).toEqual([]);
  });

  test('P29 an order that still waits is stuck, however its event came to be published again', async () => {
    const [placed, , , cancelled] = lifeOf('OrderCancelled.v2', 'NOT_REQUIRED');
    const waiting = { status: 'CANCELLED', stockStatus: 'RESERVED', paymentStatus: 'NOT_REQUIRED' } as const;
    const { receive, published } = paymentReconciliation(() => order({ version: 6, ...waiting }));
    if (placed === undefined || cancelled === undefined) throw new Error('no such events');
    await receive(4000, placed);
    await receive(5000, cancelled, placed, cancelled);
    expect(published()).toEqual(['AlertRaised order_stuck']);
  });
});
