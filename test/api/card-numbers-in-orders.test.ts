import { call } from '../support/http';
import { orderRoute } from '../support/order-route';

const address = { street: '神宮前1-2-3', city: '渋谷区', postalCode: '150-0001', country: 'JP' };
const item = { productId: 'PROD-002', quantity: 1 };

const place = (body: object) => {
  const { route, placed } = orderRoute();
  const sent = { customerEmail: 'taro@example.com', items: [item], ...body };
  const headers = { 'content-type': 'application/json' };
  return call(route, { headers, body: JSON.stringify(sent) }).then((answer) => ({ ...answer, placed }));
};

test.each([
  ['/shippingAddress/street', { shippingAddress: { ...address, street: '4242 4242 4242 4242' } }],
  ['/shippingAddress/street', { shippingAddress: { ...address, street: '4242/4242_4242, 4242' } }],
  ['/shippingAddress/name', { shippingAddress: { ...address, name: 'Taro 4242424242424242' } }],
  ['/shippingAddress/line2', { shippingAddress: { ...address, line2: '４２４２　４２４２　４２４２　４２４２' } }],
  ['/shippingAddress/postalCode', { shippingAddress: { ...address, postalCode: '4242424242424242' } }],
  ['/shippingAddress/phoneNumber', { shippingAddress: { ...address, phoneNumber: '4242-4242-4242-4242' } }],
  ['/shippingAddress/phoneNumber', { shippingAddress: { ...address, phoneNumber: '+4242424242424242' } }],
])('S3-21 F-23 an order with a card number in %s is refused, and the number is not repeated', async (pointer, body) => {
  const { status, body: problem, placed } = await place(body);
  expect([status, problem.errors, placed]).toEqual([
    400,
    [{ pointer, detail: expect.stringMatching(/card number/) }],
    [],
  ]);
  expect(JSON.stringify(problem)).not.toMatch(/4242|４２/);
});

test('F-23 a field that is named by a card number is unknown, and the number is not repeated', async () => {
  const { status, body: problem } = await place({ '4242 4242 4242 4242': 1 });
  expect([status, problem.errors]).toEqual([400, [{ pointer: '/…', detail: 'unknown field' }]]);
});

test.each([
  [
    'a bar code that passes the card check in a street',
    { shippingAddress: { ...address, street: '1-1 JAN 4910000475141' } },
  ],
  ['an ID that looks like a card', { customerId: '4242424242424242' }],
  ['the name of a product with a bar code', { items: [{ ...item, name: 'お茶 500ml JAN 4910000475141' }] }],
  ['the name of a product that looks like a card', { items: [{ ...item, name: 'card 5555-5555-5555-4444' }] }],
])('F-23 %s is no card number', async (_what, body) => expect((await place(body)).status).toBe(201));

test('an order without one is placed', async () => {
  const { status } = await place({ shippingAddress: { ...address, phoneNumber: '+4915123456788' } });
  expect(status).toBe(201);
});
