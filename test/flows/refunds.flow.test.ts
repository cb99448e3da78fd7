import { openMouseShop, seedOrder } from '../../scripts/lib/demo/mouse-shop';
import { eventually, reaches, rowsOf, type Shop } from '../support/flow';
import { openTenantByApi, type Person, signedIn } from '../support/flow-people';

jest.setTimeout(400_000);

const { customerId: _, ...ordered } = seedOrder;

let shop: Shop;
let staff: Person;
let customer: Person;
let userId: string;

const topUp = (whose: string, key: string) =>
  staff.client.topUpAccount({
    params: { userId: whose },
    headers: { 'Idempotency-Key': key },
    body: { amount: 500, currency: 'USD' },
  });

beforeAll(async () => {
  const tenant = await openTenantByApi();
  shop = { tenant, key: '' } as Shop;
  staff = await signedIn(tenant, 'staff');
  customer = await signedIn(tenant, 'customer');
  await openMouseShop(staff.client, 10);
  const platform = await signedIn('default', 'platform-admin');
  const opened = await platform.client.updateTenant({ params: { tenantId: tenant }, body: { payments: 'online' } });
  expect(opened.status).toBe(200);
  const balance = await customer.client.getBalance({});
  userId = balance.status === 200 ? balance.body.userId : '';
  expect((await topUp(userId, 'top-up-1')).status).toBe(201);
});

/** Places an order that is paid from the balance, once the shop's new way is known. */
const paid = async (): Promise<string> => {
  const body = { ...ordered, paymentMethod: 'ACCOUNT_BALANCE' };
  const orderId = await eventually('an order waits for its payment', async () => {
    const placed = await customer.client.placeOrder({ body });
    if (placed.status !== 201) throw new Error(`not placed: ${JSON.stringify(placed.body)}`);
    if (placed.body.paymentStatus === 'WAITING_PAYMENT') return placed.body.orderId;
    await customer.client.cancelOrder({ params: { orderId: placed.body.orderId } });
    return undefined;
  });
  await eventually('it is paid', async () => (await rowsOf(shop).order(orderId))?.paymentStatus === 'PAID', 180_000);
  await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  return orderId;
};

const titleOf = (body: unknown) => (body as { title?: string } | undefined)?.title;

const refund = (
  orderId: string,
  what: { amount: number } | { lines: { productId: string; quantity: number }[] },
  key: string,
) =>
  staff.client.requestRefund({
    params: { paymentId: `PAY-${orderId}` },
    headers: { 'Idempotency-Key': key },
    body: { ...what, reason: 'it clicks twice' },
  });

const toProcessing = (orderId: string) =>
  staff.client.updateOrderStatus({ params: { orderId }, body: { status: 'processing' } });

test('F-01 an order that is refunded in full is not packed, and ends: its stock is released, its bill void', async () => {
  const orderId = await paid();
  const lines = await refund(orderId, { lines: [{ productId: 'PRD-001', quantity: 1 }] }, 'lines');
  expect([lines.status, titleOf(lines.body)]).toEqual([409, 'OrderNotShipped']);
  expect((await refund(orderId, { amount: 5.98 }, 'part')).status).toBe(202);
  expect((await refund(orderId, { amount: 60 }, 'rest')).status).toBe(202);
  const refused = await toProcessing(orderId);
  expect([refused.status, titleOf(refused.body)]).toEqual([409, 'OrderNotPaid']);
  await reaches(shop, orderId, ['CANCELLED', 'RELEASED'], 180_000);
  expect(await rowsOf(shop).order(orderId)).toMatchObject({ paymentStatus: 'REFUNDED' });
  await eventually('its bill is void', async () => (await rowsOf(shop).bill(orderId))?.status === 'void');
  expect((await toProcessing(orderId)).status).toBe(409);
});

test('F-01 an order of which a part is refunded is packed', async () => {
  const orderId = await paid();
  expect((await refund(orderId, { amount: 5.98 }, 'part-2')).status).toBe(202);
  expect((await toProcessing(orderId)).status).toBe(200);
});

test('F-13 nobody is topped up who does not exist, and nobody by themselves', async () => {
  const unknown = await topUp('nobody-1', 'top-up-2');
  expect([unknown.status, titleOf(unknown.body)]).toEqual([404, 'UserNotFound']);
  const own = await staff.client.getBalance({});
  expect((await topUp(own.status === 200 ? own.body.userId : '', 'top-up-3')).status).toBe(403);
});
