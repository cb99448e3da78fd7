import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ReconciledEvent } from '../../lambda/alert/payments/payment-state';
import type { AlertView } from '../../lambda/contracts/api/alert-api';
import { mouse, orderEvent, refunded, start, succeeded } from '../alert/reconciled-events';
import { db, eventually, postOrder, reaches, type Shop } from '../support/flow';
import { signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';

jest.setTimeout(240_000);

const run = promisify(execFile);

/** Seconds since the start of the events' own time. */
const now = () => (Date.now() - start) / 1000;

let shop: Shop;
let staff: Awaited<ReturnType<typeof signedIn>>['client'];

const hear = (...events: readonly ReconciledEvent[]) => sendAll('order-payment-queue', events);

const alertsOf = async (orderId: string, client = staff): Promise<AlertView[]> => {
  const { status, body } = await client.listAlerts({ query: {} });
  if (status !== 200) throw new Error(`${status}: ${body.detail}`);
  return body.items.filter((alert) => alert.orderId === orderId);
};

/** The order's only alert, once it is in that state. */
const alertReaches = (orderId: string, type: AlertView['type'], state: AlertView['state'], timeoutMs = 60_000) =>
  eventually(
    `${type} of ${orderId} is ${state}`,
    async () => {
      const [alert, ...others] = await alertsOf(orderId);
      expect(others).toEqual([]);
      return alert?.type === type && alert.state === state && alert;
    },
    timeoutMs,
  );

beforeAll(async () => {
  shop = await openShop();
  staff = (await signedIn(shop.tenant, 'staff')).client;
});

const orderOf = (orderId: string) => ({ ...mouse, tenant: shop.tenant, orderId });

const awaiting = (orderId: string, at: number) =>
  orderEvent('OrderAwaitingPayment.v2', { shop: orderOf(orderId), version: 2, at, placedAt: at, deadline: at + 1800 });

describe('paid, and the order is not confirmed', () => {
  const orderId = 'ORD-900001';

  test('S2-16 S2-23 raises P2 by the delayed message when 30 s have passed, and not before', async () => {
    const at = now();
    const paid = succeeded({ shop: orderOf(orderId), at });
    await hear(awaiting(orderId, at), paid);
    await sendAll('alert-deadline-queue', [paid]); // as the topic does
    const alert = await alertReaches(orderId, 'payment_without_order', 'RAISED');
    expect(alert).toMatchObject({ severity: 'P2', count: 1, error: 'Paid 4400 JPY, and the order is not confirmed' });
    expect((Date.parse(alert.raisedAt) - start) / 1000 - at).toBeGreaterThanOrEqual(29.9); // times have milliseconds
  });

  test('S2-25 S2-28 is kept in sys-pay-alert, and shown to its own shop alone', async () => {
    const Key = { alertId: `${shop.tenant}#payment_without_order.${orderId}` };
    const { Item } = await db.send(new GetCommand({ TableName: 'sys-pay-alert', Key }));
    expect(Item).toMatchObject({ state: 'RAISED', orderId });
    const other = await signedIn((await openShop()).tenant, 'staff');
    expect(await alertsOf(orderId, other.client)).toEqual([]);
    const alertId = `payment_without_order.${orderId}`;
    const body = { acknowledged: true, note: 'not mine' } as const;
    expect((await other.client.acknowledgeAlert({ params: { alertId }, body })).status).toBe(404);
  });

  test('S2-28 list-alerts.sh shows it, and acknowledges it with a note', async () => {
    const list = async (...given: string[]) => {
      const { stdout } = await run('bash', ['scripts/list-alerts.sh', '--tenant', shop.tenant, ...given]);
      return stdout;
    };
    expect(await list()).toMatch(/payment_without_order\.ORD-900001 +P2 +raised/);
    await list('--acknowledge', `payment_without_order.${orderId}`, '--note', 'saga queue was stuck, redriven');
    const [shown] = JSON.parse(await list('--json', '--severity', 'p2'));
    expect(shown.acknowledgement).toMatchObject({ note: 'saga queue was stuck, redriven' });
  });

  test('P10 closes itself when the order is confirmed', async () => {
    const confirmed = orderEvent('OrderConfirmed.v2', { shop: orderOf(orderId), version: 4, at: now() });
    await hear(confirmed, confirmed);
    const alert = await alertReaches(orderId, 'payment_without_order', 'RESOLVED');
    expect(alert.history.map(({ what }) => what)).toEqual(['raised', 'acknowledged', 'resolved']);
    expect(alert.acknowledgement?.note).toBe('saga queue was stuck, redriven');
  });
});

test('S2-18 a second capture raises P1 at once, and closes when it is paid back', async () => {
  const orderId = 'ORD-900002';
  const at = now();
  const told = { shop: orderOf(orderId), at };
  const first = succeeded(told);
  await hear(awaiting(orderId, at), orderEvent('OrderConfirmed.v2', { ...told, version: 3 }), first, first);
  await hear(succeeded({ ...told, version: 3, id: 'pp-2' }));
  expect(await alertReaches(orderId, 'double_payment', 'RAISED')).toMatchObject({ severity: 'P1', count: 1 });
  await hear(refunded({ ...told, version: 4 }));
  await alertReaches(orderId, 'double_payment', 'RESOLVED');
});

test('S2-17 the sweep finds what no delayed message has reported', async () => {
  const orderId = 'ORD-900003';
  const at = now();
  await hear(awaiting(orderId, at), orderEvent('OrderConfirmed.v2', { shop: orderOf(orderId), version: 3, at }));
  const alert = await alertReaches(orderId, 'order_without_payment', 'RAISED', 150_000);
  expect(alert.severity).toBe('P2');
});

test('an order that is stuck is told when the order service says that it still waits', async () => {
  await stock(shop, 'NEVER', 0);
  const { body } = await postOrder(shop, { items: [{ productId: 'NEVER', quantity: 1 }] });
  await reaches(shop, body.orderId, ['PENDING', 'BACKORDERED']);
  const late = { version: 2, at: now() - 4000, placedAt: now() - 4000, deadline: now() - 3000 };
  const told = { ...late, paymentStatus: 'NOT_REQUIRED' as const };
  await hear(orderEvent('OrderBackordered.v2', { ...told, shop: orderOf('ORD-900999') })); // nobody knows it
  await hear(orderEvent('OrderBackordered.v2', { ...told, shop: orderOf(body.orderId) }));
  const alert = await eventually(
    'the stuck order is told',
    async () => (await alertsOf(body.orderId)).find(({ type }) => type === 'order_stuck'),
    150_000,
  );
  expect(alert).toMatchObject({ state: 'RAISED', error: 'PENDING since version 2, with no progress' });
  expect(await alertsOf('ORD-900999')).toEqual([]);
});

test('S4-29 an order that could not be reserved is in the list too', async () => {
  await stock(shop, 'GONE', 0);
  const { body } = await postOrder(shop, { items: [{ productId: 'GONE', quantity: 1 }] });
  const alert = await eventually('the shortage is listed', async () => (await alertsOf(body.orderId))[0]);
  expect(alert).toMatchObject({ type: 'inventory_reservation_failed', state: 'RAISED' });
});
