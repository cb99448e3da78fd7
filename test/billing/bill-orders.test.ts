import { type Bill, billFor } from '../../lambda/billing/bill';
import { billStore } from '../../lambda/billing/bill.store';
import { billOrders } from '../../lambda/billing/bill-orders';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { permutations } from '../simulation/permutations';
import { type Command, interrupted, memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { orderCancelled, orderPlaced } from '../support/order-events';
import { paymentSucceeded } from '../support/payment-events';

const setUp = (failing?: number) => {
  const { db, table } = memoryDynamoDb();
  const calls: string[] = [];
  const before = (command: Command) => {
    if (calls.push(command.constructor.name) === failing) throw new Error('DynamoDB is down');
  };
  const store = billStore('billing', interrupted(db, { before }));
  const bill = (orderId = 'ORD-000001') => store.ofOrder(defaultTenant, orderId);
  return { handle: billOrders(store), bills: table('billing'), calls, bill };
};

describe('the bill of an order', () => {
  test('S0-35, S0-36, S0-37, S0-38: a pending bill with a subtotal for each item and 10 % tax', () => {
    expect(billFor(orderPlaced())).toEqual({
      tenant: 'default',
      billingId: 'BILL-ORD-000001',
      orderId: 'ORD-000001',
      status: 'pending',
      currency: 'JPY',
      items: [{ productId: 'PROD-002', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, subtotal: 6000 }],
      subtotal: 6000,
      tax: 600,
      amount: 6600,
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
      version: 1,
    });
  });

  test('is opened for all orders of a batch in one call', async () => {
    const { handle, bills, calls } = setUp();
    const events = Array.from({ length: 10 }, (_, n) => orderPlaced(`ORD-00000${n}`));
    expect(await handle([...events, ...events])).toEqual(Array(20).fill(undefined));
    expect([bills.all().length, calls]).toEqual([10, ['BatchExecuteStatementCommand']]);
  });

  test.each([
    ['after it was opened', [orderPlaced(), orderCancelled()]],
    ['before it was opened: the cancellation overtook the order', [orderCancelled(), orderPlaced()]],
  ])('is void once the order is cancelled, %s', async (_what, events) => {
    const { handle, bill } = setUp();
    for (const event of events) await handle([event]);
    expect(await bill()).toMatchObject({ status: 'void' });
  });

  test('S2-14 is paid once the payment succeeded, and stays pending until then', async () => {
    const { handle, bill } = setUp();
    await handle([orderPlaced()]);
    expect(await bill()).toMatchObject({ status: 'pending', version: 1 });
    expect(await handle([paymentSucceeded()])).toEqual([undefined]);
    expect(await bill()).toEqual({
      ...billFor(orderPlaced()),
      status: 'paid',
      paymentId: 'PAY-ORD-000001',
      paidAt: '2026-11-21T08:01:00.000Z',
      updatedAt: '2026-11-21T08:01:00.000Z',
      version: 2,
    });
  });

  test('P12, S2-14 says the same of an order that is paid, and of one that is cancelled too, in any order of arrival', async () => {
    for (const [events, status] of [
      [[orderPlaced(), paymentSucceeded(), paymentSucceeded()], 'paid'],
      [[orderPlaced(), paymentSucceeded(), orderCancelled()], 'void'],
    ] as const) {
      for (const arrival of permutations<(typeof events)[number]>(events)) {
        const { handle, bill } = setUp();
        for (const event of arrival) expect(await handle([event])).toEqual([undefined]);
        const { version: _, updatedAt: __, ...told } = (await bill()) as Bill;
        const { version: ___, updatedAt: ____, ...expected } = billFor(orderPlaced());
        const payment = { paymentId: 'PAY-ORD-000001', paidAt: '2026-11-21T08:01:00.000Z' };
        expect(told).toEqual({ ...expected, ...payment, status });
      }
    }
  });

  test('P2 is paid once, however often it is delivered, and one order’s payment fails by itself', async () => {
    const { handle, bill, calls } = setUp(2);
    const events = [orderPlaced(), orderPlaced('ORD-000002'), paymentSucceeded(), paymentSucceeded('ORD-000002')];
    const outcomes = await handle([...events, paymentSucceeded('ORD-000002')]);
    expect(outcomes.map((outcome) => outcome?.message)).toEqual([
      undefined,
      undefined,
      'DynamoDB is down',
      undefined,
      undefined,
    ]);
    expect(calls).toEqual(['BatchExecuteStatementCommand', 'UpdateCommand', 'UpdateCommand']);
    expect(await bill()).toMatchObject({ status: 'pending', version: 1 });
    expect(await bill('ORD-000002')).toMatchObject({ status: 'paid', version: 2 });
  });
});
