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
  ['/shippingAddress/name', { shippingAddress: { ...address, name: 'Taro 4242424242424242' } }],
  ['/customerId', { customerId: '4242424242424242' }],
  ['/items/0/name', { items: [{ ...item, name: 'card 5555-5555-5555-4444' }] }],
])('S3-21 an order with a card number in %s is refused, and the number is not repeated', async (pointer, body) => {
  const { status, body: problem, placed } = await place(body);
  expect([status, problem.errors[0].pointer, placed]).toEqual([400, pointer, []]);
  expect(JSON.stringify(problem)).not.toMatch(/4242|5555/);
});

test('an order without one is placed', async () => {
  const { status } = await place({ shippingAddress: { ...address, phoneNumber: '+4915123456788' } });
  expect(status).toBe(201);
});
