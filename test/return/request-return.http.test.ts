import { deliveredMice, mice } from '../support/returns';
import { returnsApi } from './routes';

const openWith = async (quantity = 2) => {
  const api = returnsApi();
  await api.deliver(deliveredMice({ lines: [mice({ quantity })] }));
  return api;
};

describe('POST /orders/{orderId}/returns', () => {
  test('S3-24 takes back what a customer got, and reports where the return is', async () => {
    const api = await openWith();
    const { status, headers, body } = await api.ask();
    expect(status).toBe(201);
    expect(headers).toMatchObject({ location: '/returns/RET-000001-1', etag: '"1"' });
    expect(body).toEqual({
      returnId: 'RET-000001-1',
      orderId: 'ORD-000001',
      userId: 'customer-1',
      status: 'REQUESTED',
      reason: 'ボタンが反応しません',
      items: [{ productId: 'PROD-002', name: 'ワイヤレスマウス', quantity: 1, unitPrice: 3000, lineTotal: 3000 }],
      currency: 'JPY',
      requestedAt: '2026-12-02T08:00:00.000Z',
      updatedAt: '2026-12-02T08:00:00.000Z',
      version: 1,
    });
  });

  test('staff asks for a customer, also for a guest', async () => {
    const api = returnsApi();
    await api.deliver(deliveredMice({ userId: undefined }));
    expect((await api.ask({ as: 'staff' })).status).toBe(201);
  });

  test.each<[string, Parameters<ReturnType<typeof returnsApi>['ask']>[0]]>([
    ["P8 another customer's", { as: 'stranger' }],
    ["P8 another tenant's", { as: 'otherStaff' }],
    ['an unknown', { orderId: 'ORD-000002' }],
    ['a misnamed', { orderId: '../ORD-000001' }],
  ])('%s order is unknown', async (_whose, sent) => {
    const api = await openWith();
    const { status, body } = await api.ask(sent);
    expect([status, body.title]).toEqual([404, 'OrderNotFound']);
    expect(await api.all()).toEqual([]);
  });

  test("P8 a guest's order is no customer's", async () => {
    const api = returnsApi();
    await api.deliver(deliveredMice({ userId: undefined }));
    expect((await api.ask()).status).toBe(404);
  });

  test('more than was delivered is refused with how much may go back', async () => {
    const { status, body } = await (await openWith()).ask({ quantity: 3 });
    expect([status, body.title]).toEqual([409, 'ReturnQuantityExceeded']);
    expect(body.errors).toEqual([
      { pointer: '/items/0/quantity', detail: 'must be at most 2, which is what may still be returned' },
    ]);
  });

  test('what is not part of the order is refused', async () => {
    const body = { items: [{ productId: 'PROD-001', quantity: 1 }], reason: 'x' };
    const answer = await (await openWith()).ask({ body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/items/0/productId']);
  });

  test('thirty days after the delivery it is too late', async () => {
    const api = await openWith();
    api.clock.now = new Date('2026-12-22T10:00:00.001Z');
    const { status, body } = await api.ask();
    expect([status, body.title]).toEqual([409, 'ReturnWindowClosed']);
  });

  test.each([
    ['no items', { items: [], reason: 'x' }, '/items'],
    ['a product twice', { items: [item(1), item(1)], reason: 'x' }, '/items'],
    ['nothing of a product', { items: [item(0)], reason: 'x' }, '/items/0/quantity'],
    ['half a piece', { items: [item(0.5)], reason: 'x' }, '/items/0/quantity'],
    ['no reason', { items: [item(1)] }, '/reason'],
    ['a blank reason', { items: [item(1)], reason: ' ' }, '/reason'],
    ['an unknown field', { items: [item(1)], reason: 'x', status: 'APPROVED' }, '/status'],
    ['another tenant', { items: [item(1)], reason: 'x', tenantId: 'shop-b' }, '/tenantId'],
  ])('P15 a body with %s is refused', async (_what, body, pointer) => {
    const answer = await (await openWith()).ask({ body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test('of twenty that ask for the last piece at once exactly one gets it', async () => {
    const api = await openWith(1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.ask()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.title === 'ReturnQuantityExceeded')).toHaveLength(19);
  });

  test('of twenty that ask for a piece each at once all get one', async () => {
    const api = await openWith(20);
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.ask()));
    expect(new Set(answers.map(({ body }) => body.returnId)).size).toBe(20);
    expect((await api.ask()).status).toBe(409);
  });
});

describe('a request for a return that is sent again', () => {
  const headers = { 'idempotency-key': 'key-1' };

  test('P3 under the same key it is the same return, whatever has become of it', async () => {
    const api = await openWith();
    const first = await api.ask({ headers });
    await api.update('RET-000001-1', { status: 'APPROVED' });
    const again = await api.ask({ headers });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: '"1"' });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await api.all()).toHaveLength(1);
  });

  test('P3 twenty at once are one return', async () => {
    const api = await openWith();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.ask({ headers })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.returnId}`))).toEqual(
      new Set(['201 RET-000001-1']),
    );
    expect(await api.all()).toHaveLength(1);
  });

  test.each([
    ['another body', { quantity: 2 }, 422],
    ['another order', { orderId: 'ORD-000002' }, 422],
  ])('P3 with %s it is refused', async (_what, other, status) => {
    const api = await openWith();
    await api.ask({ headers });
    expect((await api.ask({ headers, ...other })).status).toBe(status);
  });

  test('P3 the key of one caller is not the key of another', async () => {
    const api = await openWith();
    await api.ask({ headers });
    expect((await api.ask({ headers, as: 'staff' })).body.returnId).toBe('RET-000001-2');
  });

  test.each([[''], ['ü'], ['x'.repeat(256)]])('P15 the key %p is refused', async (key) => {
    const { status, body } = await (await openWith()).ask({ headers: { 'idempotency-key': key } });
    expect([status, body.errors[0].pointer]).toEqual([400, '/headers/Idempotency-Key']);
  });
});

function item(quantity: number) {
  return { productId: 'PROD-002', quantity };
}
