import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { returnEvent } from '../../lambda/return/return-event';
import { returnFromRow } from '../../lambda/return/return-row';
import {
  db,
  depthOf,
  eventually,
  functionName,
  lambda,
  openShop,
  postOrder,
  reaches,
  rowsOf,
  type Shop,
  stock,
} from '../support/flow';
import { sendAll } from '../support/flow-queues';
import { apiEvent, type Operation } from '../support/http';

const functions = {
  updateOrderStatus: 'ServeOrders',
  requestReturn: 'ServeReturns',
  listReturns: 'ServeReturns',
  getReturn: 'ServeReturns',
  updateReturn: 'ServeReturns',
} as const satisfies Partial<Record<Operation, string>>;

type Sent = { readonly path?: Record<string, string>; readonly body?: unknown };

/** Calls a function as API Gateway does after its authorizer has verified somebody of the shop's staff. */
const asStaff = async ({ tenant }: Shop, operation: keyof typeof functions, { path, body }: Sent) => {
  const event = apiEvent({
    operation,
    caller: { tenant: trustedTenant(tenant), userId: 'staff-1', roles: ['staff'] },
    headers: { 'content-type': 'application/json' },
    ...(path === undefined ? {} : { pathParameters: path }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const FunctionName = await functionName(functions[operation]);
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  const { statusCode, body: text } = JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
  return { status: statusCode as number, body: JSON.parse(text) };
};

const ask = (shop: Shop, orderId: string, quantity = 1) =>
  asStaff(shop, 'requestReturn', {
    path: { orderId },
    body: { items: [{ productId: 'MOUSE', quantity }], reason: 'ボタンが反応しません' },
  });

const settle = (shop: Shop, returnId: string, status: string) =>
  asStaff(shop, 'updateReturn', { path: { returnId }, body: { status } });

/** Two mice of five are ordered, shipped and delivered. */
const deliver = async (shop: Shop): Promise<string> => {
  await stock(shop, 'MOUSE', 5, 'ワイヤレスマウス');
  const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 2 }] });
  await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']);
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'])
    expect(
      await asStaff(shop, 'updateOrderStatus', { path: { orderId: body.orderId }, body: { status } }),
    ).toMatchObject({ status: 200 });
  await reaches(shop, body.orderId, ['DELIVERED', 'DEDUCTED']);
  return body.orderId;
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
  let shop: Shop;
  let orderId: string;

  beforeAll(async () => {
    shop = await openShop();
    orderId = await deliver(shop);
    await eventually('the delivery is known to returns', async () => {
      const { Item } = await db.send(
        new GetCommand({ TableName: 'returns', Key: { returnId: `${shop.tenant}#ORDER#${orderId}` } }),
      );
      return Item !== undefined;
    });
  }, 150_000);

  test('S3-24, S3-27 are asked for, approved and completed, and in stock again', async () => {
    const { status, body } = await ask(shop, orderId);
    expect([status, body.returnId]).toEqual([201, 'RET-000001-1']);
    expect((await settle(shop, 'RET-000001-1', 'APPROVED')).body.status).toBe('APPROVED');
    expect((await settle(shop, 'RET-000001-1', 'COMPLETED')).body).toMatchObject({ status: 'COMPLETED', version: 3 });
    await stockReaches(shop, 4);
    expect(await movements(shop)).toEqual([['return', 1, 'Return RET-000001-1']]);
    expect(await rowsOf(shop).order(orderId)).toMatchObject({ status: 'DELIVERED' });
  });

  test('of twenty requests for the last piece at once exactly one is taken', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(shop, orderId)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.title === 'ReturnQuantityExceeded')).toHaveLength(19);
  });

  test('P7 are in stock once, however often their return is told', async () => {
    const Key = { returnId: `${shop.tenant}#RET-000001-1` };
    const { Item } = await db.send(new GetCommand({ TableName: 'returns', Key }));
    const event = returnEvent(returnFromRow(Item));
    await sendAll('inventory-return-queue', [event, event, event]);
    await sendAll('order-saga-queue', [event, event]);
    const queues = ['inventory-return-queue', 'order-saga-queue'];
    await eventually('the queues are empty', async () =>
      (await Promise.all(queues.map(depthOf))).every((n) => n === 0),
    );
    expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({ stock: 4, reservedQuantity: 0 });
    const mark = { productId: `${shop.tenant}#MOUSE`, movementId: `#KEY#${event.id}` };
    const { Item: kept } = await db.send(new GetCommand({ TableName: 'stock-movements', Key: mark }));
    expect(kept).toMatchObject({ made: expect.stringMatching(/^\d{12}$/) });
    expect(kept).not.toHaveProperty('expiresAt'); // a parked event may be sent again after weeks
    expect(await rowsOf(shop).order(orderId)).toMatchObject({ status: 'DELIVERED' });
  });

  test('S3-26 when everything is back the order is RETURNED', async () => {
    await settle(shop, 'RET-000001-2', 'APPROVED');
    const answers = await Promise.all(Array.from({ length: 5 }, () => settle(shop, 'RET-000001-2', 'COMPLETED')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.title === 'InvalidTransition')).toHaveLength(4);
    await stockReaches(shop, 5);
    const order = await reaches(shop, orderId, ['RETURNED', 'DEDUCTED']);
    expect(order).not.toHaveProperty('dueAt');
    expect((await ask(shop, orderId)).status).toBe(409);
  });

  test('lists what came back, newest first', async () => {
    const { body } = await asStaff(shop, 'listReturns', {});
    expect(body.items.map(({ returnId, status }: Record<string, string>) => `${returnId} ${status}`)).toEqual([
      'RET-000001-2 COMPLETED',
      'RET-000001-1 COMPLETED',
    ]);
  });

  test('P8 are unknown to the staff of another shop', async () => {
    const other = await openShop();
    const path = { returnId: 'RET-000001-1' };
    expect((await asStaff(other, 'getReturn', { path })).status).toBe(404);
    expect((await ask(other, orderId)).status).toBe(404);
    expect((await asStaff(other, 'listReturns', {})).body.items).toEqual([]);
  });
});
