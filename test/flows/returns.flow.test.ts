import { randomUUID } from 'node:crypto';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { returnEvent } from '../../lambda/return/return';
import { returnFromRow } from '../../lambda/return/return-row';
import { call, db, eventually, reaches, rowsOf, type Shop } from '../support/flow';
import { openTenantByApi, type Person, signedIn } from '../support/flow-people';
import { sendAll } from '../support/flow-queues';
import { stock } from '../support/flow-shop';
import { seenEmpty } from '../support/seen-empty';

const send = (person: Person, method: string, path: string, body?: unknown, headers = {}) =>
  call(method, path, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** A shop with a customer and somebody of its staff. */
const openStaffed = async () => {
  const shop: Shop = { tenant: await openTenantByApi(), key: '' };
  return { shop, staff: await signedIn(shop.tenant, 'staff'), customer: await signedIn(shop.tenant, 'customer') };
};
type Staffed = Awaited<ReturnType<typeof openStaffed>>;

const oneMouse = { items: [{ productId: 'MOUSE', quantity: 1 }], reason: 'ボタンが反応しません' };

const ask = (person: Person, orderId: string, headers = {}) =>
  send(person, 'POST', `/orders/${orderId}/returns`, oneMouse, headers);

/** Asks as a careful client does: again under the same key while a 5xx answers, as a machine without room gives. */
const askUntilAnswered = (person: Person, orderId: string) => {
  const headers = { 'idempotency-key': randomUUID() };
  return eventually('the request is answered', async () => {
    const answer = await ask(person, orderId, headers);
    return answer.status < 500 && answer;
  });
};

const settle = (person: Person, returnId: string, status: string) =>
  send(person, 'PATCH', `/returns/${returnId}`, { status });

/** Two mice of five are ordered, shipped and delivered. */
const deliver = async ({ shop, staff, customer }: Staffed): Promise<string> => {
  await stock(shop, 'MOUSE', 5, 'ワイヤレスマウス');
  const placed = await send(customer, 'POST', '/orders', { items: [{ productId: 'MOUSE', quantity: 2 }] });
  expect(placed.status).toBe(201);
  const { orderId } = placed.body;
  await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'])
    expect(await send(staff, 'PATCH', `/orders/${orderId}/status`, { status })).toMatchObject({ status: 200 });
  await reaches(shop, orderId, ['DELIVERED', 'DEDUCTED']);
  return orderId;
};

const stockReaches = (shop: Shop, quantity: number) =>
  eventually(`${quantity} mice are in stock`, async () => (await rowsOf(shop).stock('MOUSE')).stock === quantity);

const movements = async ({ tenant }: Shop) => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: 'stock-movements',
      KeyConditionExpression: 'productId = :product AND movementId >= :first',
      ExpressionAttributeValues: { ':product': `${tenant}#MOUSE`, ':first': '0' },
    }),
  );
  return Items.map(({ type, change, reason }) => [type, change, reason]);
};

describe('goods of a delivered order that come back', () => {
  let staffed: Staffed;
  let shop: Shop;
  let orderId: string;

  beforeAll(async () => {
    staffed = await openStaffed();
    shop = staffed.shop;
    orderId = await deliver(staffed);
    await eventually('the delivery is known to returns', async () => {
      const { Item } = await db.send(
        new GetCommand({ TableName: 'returns', Key: { returnId: `${shop.tenant}#ORDER#${orderId}` } }),
      );
      return Item !== undefined;
    });
  }, 150_000);

  test('S3-24, S3-27 are asked for, approved and completed, and in stock again', async () => {
    const { status, body } = await ask(staffed.customer, orderId);
    expect([status, body.returnId]).toEqual([201, 'RET-000001-1']);
    expect((await settle(staffed.staff, 'RET-000001-1', 'APPROVED')).body.status).toBe('APPROVED');
    expect((await settle(staffed.staff, 'RET-000001-1', 'COMPLETED')).body).toMatchObject({
      status: 'COMPLETED',
      version: 3,
    });
    await stockReaches(shop, 4);
    expect(await movements(shop)).toEqual([
      ['receive', 5, 'flow test'],
      ['return', 1, 'Return RET-000001-1'],
    ]);
    expect(await rowsOf(shop).order(orderId)).toMatchObject({ status: 'DELIVERED' });
  });

  test('of twenty requests for the last piece at once exactly one is taken', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askUntilAnswered(staffed.customer, orderId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.title === 'ReturnQuantityExceeded')).toHaveLength(19);
  });

  test('P7 are in stock once, however often their event is delivered', async () => {
    const Key = { returnId: `${shop.tenant}#RET-000001-1` };
    const { Item } = await db.send(new GetCommand({ TableName: 'returns', Key }));
    const event = returnEvent(returnFromRow(Item));
    await sendAll('inventory-return-queue', [event, event, event]);
    await sendAll('order-saga-queue', [event, event]);
    await seenEmpty(['inventory-return-queue', 'order-saga-queue']);
    expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({ stock: 4, reservedQuantity: 0 });
    const mark = { productId: `${shop.tenant}#MOUSE`, movementId: `#KEY#${event.id}` };
    const { Item: kept } = await db.send(new GetCommand({ TableName: 'stock-movements', Key: mark }));
    expect(kept).toMatchObject({ made: expect.stringMatching(/^\d{12}$/) });
    expect(kept).not.toHaveProperty('expiresAt'); // a parked event may be sent again after weeks
    expect(await rowsOf(shop).order(orderId)).toMatchObject({ status: 'DELIVERED' });
  });

  test('S3-26 when everything is back the order is RETURNED', async () => {
    await settle(staffed.staff, 'RET-000001-2', 'APPROVED');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => settle(staffed.staff, 'RET-000001-2', 'COMPLETED')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.title === 'InvalidTransition')).toHaveLength(4);
    await stockReaches(shop, 5);
    const order = await reaches(shop, orderId, ['RETURNED', 'DEDUCTED']);
    expect(order).not.toHaveProperty('dueAt');
    expect((await ask(staffed.customer, orderId)).status).toBe(409);
  });

  test.each(['staff', 'customer'] as const)('lists for the %s what came back, newest first', async (who) => {
    const { body } = await send(staffed[who], 'GET', '/returns?status=completed');
    expect(body.items.map(({ returnId, status }: Record<string, string>) => `${returnId} ${status}`)).toEqual([
      'RET-000001-2 COMPLETED',
      'RET-000001-1 COMPLETED',
    ]);
  });

  test('S3-27 what becomes of a return is the staff to say', async () => {
    expect((await settle(staffed.customer, 'RET-000001-1', 'REJECTED')).status).toBe(403);
    expect((await call('GET', '/returns/RET-000001-1')).status).toBe(401);
  });

  test.each(['another customer', 'the staff of another shop'])('P8 are unknown to %s', async (who) => {
    const stranger = who === 'another customer' ? await signedIn(shop.tenant, 'customer') : (await openStaffed()).staff;
    expect((await send(stranger, 'GET', '/returns/RET-000001-1')).status).toBe(404);
    expect((await ask(stranger, orderId)).status).toBe(404);
    expect((await send(stranger, 'GET', '/returns')).body.items).toEqual([]);
  });
});
