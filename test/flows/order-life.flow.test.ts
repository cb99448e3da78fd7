import { createClient } from '../../clients/order-system';
import type { CurrentOrder } from '../../lambda/contracts/api/order-api';
import type { OrderStatus, StockStatus } from '../../lambda/contracts/values/order-status';
import { openMouseShop, placeSeedOrder, stockOf } from '../../scripts/lib/demo/mouse-shop';
import { apiUrl, eventually, mailbox } from '../support/flow';
import { openTenantByApi, type Person, signedIn } from '../support/flow-people';

jest.setTimeout(240_000);

let [tenant, otherTenant] = ['', ''];
let staff: Person;
let otherStaff: Person;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  [tenant, otherTenant] = [await openTenantByApi(), await openTenantByApi()];
  [staff, ada, eve] = [
    await signedIn(tenant, 'staff'),
    await signedIn(tenant, 'customer'),
    await signedIn(tenant, 'customer'),
  ];
  otherStaff = await signedIn(otherTenant, 'staff');
  await openMouseShop(staff.client, 60);
});

const read = async (orderId: string, { client } = staff): Promise<CurrentOrder> => {
  const answer = await client.getOrder({ params: { orderId } });
  if (answer.status !== 200) throw new Error(`${orderId}: ${answer.status}`);
  return answer.body;
};

const reaches = (orderId: string, status: OrderStatus, stockStatus: StockStatus) =>
  eventually(
    `${orderId} is ${status} and ${stockStatus}`,
    async () => {
      const order = await read(orderId);
      return order.status === status && order.stockStatus === stockStatus && order;
    },
    90_000,
  );

const confirmed = async () => {
  const { orderId } = await placeSeedOrder(staff.client);
  return reaches(orderId, 'CONFIRMED', 'RESERVED');
};

const move = (orderId: string, status: string, version?: number) =>
  staff.client.updateOrderStatus({
    params: { orderId },
    body: { status, ...(version === undefined ? {} : { version }) },
  });

const isMailed = (to: string, subject: string) =>
  eventually(`${subject} is mailed`, async () =>
    (await mailbox()).some((mail) => mail.To.includes(to) && mail.Subject === subject),
  );

describe('the order of seed 004', () => {
  test('S4-43, S4-44, S4-12 to S4-18, S4-28, S4-31, S4-32: placed, confirmed, packed, shipped, delivered', async () => {
    const placed = await placeSeedOrder(staff.client);
    expect(placed).toMatchObject({
      subtotal: 59.98,
      tax: 6,
      total: 65.98,
      currency: 'USD',
      version: 1,
      tenantId: tenant,
    });
    const { orderId, version } = await reaches(placed.orderId, 'CONFIRMED', 'RESERVED');
    const before = await stockOf(staff.client);
    expect(await move(orderId, 'shipped')).toMatchObject({
      status: 400,
      body: { title: 'InvalidTransition', detail: 'Cannot transition from confirmed to shipped' },
    });
    expect(await move(orderId, 'processing', version)).toMatchObject({ status: 200, body: { status: 'PROCESSING' } });
    expect(await move(orderId, 'shipped', version)).toMatchObject({
      status: 409,
      body: { title: 'VersionMismatch', currentVersion: version + 1 },
    });
    expect((await move(orderId, 'shipped')).status).toBe(200);
    const shipped = await reaches(orderId, 'SHIPPED', 'DEDUCTED');
    expect(shipped.shippedAt).toEqual(expect.any(String));
    const after = await stockOf(staff.client);
    expect((before?.quantity ?? 0) - (after?.quantity ?? 0)).toBe(2);
    expect((before?.reservedQuantity ?? 0) - (after?.reservedQuantity ?? 0)).toBe(2);
    expect((await move(orderId, 'DELIVERED')).status).toBe(200);
    expect((await read(orderId)).deliveredAt).toEqual(expect.any(String));
    await isMailed(staff.email, `Thank you for your order (${orderId})`);
    await isMailed(staff.email, `Your order is on its way (${orderId})`);
    await isMailed(staff.email, `Your order was delivered (${orderId})`);
  });

  test('delivered before the deduction is known, the stock is deducted all the same', async () => {
    const { orderId } = await confirmed();
    for (const status of ['processing', 'shipped', 'delivered']) expect((await move(orderId, status)).status).toBe(200);
    await reaches(orderId, 'DELIVERED', 'DEDUCTED');
  });

  test('S4-30 cancelled by its customer, its stock is back and the customer is told why', async () => {
    const before = await stockOf(staff.client);
    const { status, body } = await ada.client.quickOrder({ query: { product_id: 'PRD-001', quantity: 3 } });
    if (status !== 201) throw new Error(`not placed: ${status}`);
    await reaches(body.orderId, 'CONFIRMED', 'RESERVED');
    expect((await stockOf(staff.client))?.available).toBe((before?.available ?? 0) - 3);
    const params = { orderId: body.orderId };
    expect((await eve.client.cancelOrder({ params })).status).toBe(404);
    expect(await ada.client.cancelOrder({ params })).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
    await reaches(body.orderId, 'CANCELLED', 'RELEASED');
    expect((await stockOf(staff.client))?.available).toBe(before?.available);
    await isMailed(ada.email, `ご注文をキャンセルいたしました（${body.orderId}）`);
  });

  test('S4-19, S4-45: of twenty requests with the same version one wins', async () => {
    const { orderId, version } = await confirmed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => move(orderId, 'processing', version)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    expect(await read(orderId)).toMatchObject({ status: 'PROCESSING', version: version + 1 });
  });

  test('the timeline has it all, with causes', async () => {
    const { orderId } = await confirmed();
    const told = await eventually('the timeline is whole', async () => {
      const { status, body } = await staff.client.getOrderTimeline({ params: { orderId } });
      return status === 200 && body.items.length >= 5 && body;
    });
    expect(told.unavailable).toEqual([]);
    const words = told.items.map(({ source, what, cause }) => `${source} ${what} ${cause?.replace(`${tenant}/`, '')}`);
    expect(words).toEqual(
      expect.arrayContaining([
        `order OrderConfirmed ${orderId}:1`,
        `inventory StockReserved ${orderId}:1`,
        `billing bill opened ${orderId}:1`,
        `notification order-confirmation mailed ${orderId}:1`,
      ]),
    );
  });
});

describe('who sees which orders', () => {
  test('P8 own, another customer’s, another tenant’s', async () => {
    const placed = await ada.client.quickOrder({ query: { product_id: 'PRD-001', quantity: 1 } });
    if (placed.status !== 201) throw new Error(`not placed: ${placed.status}`);
    const params = { orderId: placed.body.orderId };
    const ids = async ({ client }: Person) => {
      const { status, body } = await client.listOrders({ query: { limit: 100 } });
      return status === 200 ? body.items.map(({ orderId }) => orderId) : [];
    };
    await eventually('the order is listed', async () => (await ids(ada)).includes(params.orderId));
    expect(await ids(staff)).toContain(params.orderId);
    expect(await ids(eve)).toEqual([]);
    expect(await ids(otherStaff)).toEqual([]);
    expect((await ada.client.getOrder({ params })).status).toBe(200);
    expect((await eve.client.getOrder({ params })).status).toBe(404);
    expect((await otherStaff.client.getOrder({ params })).status).toBe(404);
    expect((await createClient({ baseUrl: apiUrl }).getOrder({ params })).status).toBe(401);
    expect((await ada.client.updateOrderStatus({ params, body: { status: 'cancelled' } })).status).toBe(403);
  });

  test('S4-20 page by page, each order once, by status as well', async () => {
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await staff.client.listOrders({
        query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
      });
      if (answer.status !== 200) throw new Error(`not listed: ${answer.status}`);
      pages.push(...answer.body.items.map(({ orderId }) => orderId));
      cursor = answer.body.nextCursor;
    } while (cursor !== undefined);
    const all = await staff.client.listOrders({ query: { limit: 100 } });
    expect(all.status === 200 && all.body.items.map(({ orderId }) => orderId)).toEqual(pages);
    expect(new Set(pages).size).toBe(pages.length);
    const delivered = await staff.client.listOrders({ query: { status: 'delivered' } });
    expect(delivered.status === 200 && new Set(delivered.body.items.map(({ status }) => status))).toEqual(
      new Set(['DELIVERED']),
    );
    expect((await otherStaff.client.listOrders({ query: { limit: 2, cursor: 'x' } })).status).toBe(400);
  });
});

test('S1-23, S1-33: who prefers to wait is told at once that stock is short, and nothing is stored', async () => {
  const answer = await ada.client.placeOrder({
    headers: { Prefer: 'respond-sync' },
    body: { items: [{ productId: 'PRD-001', quantity: 9999 }] },
  });
  expect(answer).toMatchObject({ status: 409, body: { title: 'InsufficientStock', error: 'InsufficientStockError' } });
});

test('a shop that refuses backorders cancels what is short; a suspended one takes no orders', async () => {
  const platform = await signedIn('default', 'platform-admin', 'platform');
  const params = { tenantId: otherTenant };
  const refused = await platform.client.updateTenant({ params, body: { backorders: 'refused' } });
  expect(refused.status).toBe(200);
  await openMouseShop(otherStaff.client, 1);
  const short = await placeShort();
  const order = await eventually(
    'the short order is cancelled',
    async () => {
      const found = await otherStaff.client.getOrder({ params: { orderId: short } });
      return found.status === 200 && found.body.status === 'CANCELLED' && found.body;
    },
    90_000,
  );
  expect(order.history.map(({ event }) => event)).not.toContain('OrderBackordered');
  await isMailed(otherStaff.email, `ご注文をキャンセルいたしました（${short}）`);
  expect((await platform.client.updateTenant({ params, body: { status: 'SUSPENDED' } })).status).toBe(200);
  await eventually(
    'the suspended shop refuses',
    async () => {
      const { status } = await otherStaff.client.quickOrder({ query: { product_id: 'PRD-001', quantity: 1 } });
      return status === 403;
    },
    120_000,
  );
});

const placeShort = () =>
  eventually('the short order is placed', async () => {
    const answer = await otherStaff.client.placeOrder({ body: { items: [{ productId: 'PRD-001', quantity: 500 }] } });
    return answer.status === 201 && answer.body.orderId;
  });
