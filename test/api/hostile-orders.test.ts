import { Problem } from '../../lambda/contracts/api/problem';
import { call } from '../support/http';
import { orderRoute } from '../support/order-route';

const { route, placed } = orderRoute();

const post = (body: string) => call(route, { body, headers: { 'content-type': 'application/json' } });

const order = (change: Record<string, unknown>, item: Record<string, unknown> = {}) =>
  JSON.stringify({ customerEmail: 'a@example.com', items: [{ productId: 'P-1', quantity: 1, ...item }], ...change });

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const address = { street: '1-1', city: '東京', postalCode: '100-0001', country: 'JP' };

/** [what, body]: each must be refused with a 4xx problem and leave nothing behind (P15). */
const refused: [string, string][] = [
  ['an empty body', ''],
  ['null', 'null'],
  ['an array', '[]'],
  ['a string', '"order"'],
  ['a number', '7'],
  ['trailing garbage', `${order({})} x`],
  ['a byte order mark', `\ufeff${order({})}`],
  ['a depth of 1,000', nested(1000)],
  ['a depth of 1,000 in a field', order({ shippingAddress: JSON.parse(nested(1000)) })],
  ['10,000 keys', JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, 1])))],
  ['__proto__', '{"__proto__":{"customerEmail":"a@example.com"},"items":[]}'],
  ['__proto__ beside a good order', `{"__proto__":{"x":1},${order({}).slice(1)}`],
  ['constructor', order({ constructor: { prototype: {} } })],
  ['quantity 0', order({}, { quantity: 0 })],
  ['quantity -1', order({}, { quantity: -1 })],
  ['quantity 1.5', order({}, { quantity: 1.5 })],
  ['quantity 1e400', order({}).replace('"quantity":1', '"quantity":1e400')],
  ['quantity "1"', order({}, { quantity: '1' })],
  ['quantity 2^53+1', order({}).replace('"quantity":1', '"quantity":9007199254740993')],
  ['quantity null', order({}, { quantity: null })],
  ['quantity true', order({}, { quantity: true })],
  ['a price that is negative', order({}, { price: -1 })],
  ['a price that overflows', order({}).replace('"quantity":1', '"quantity":1,"price":1e400')],
  ['a currency that does not exist', order({ currency: 'ZZZ' })],
  ['a currency in lower case', order({ currency: 'jpy' })],
  ['an unknown field in a line', order({}, { discount: 100 })],
  ['a total of its own', order({ total: 1 })],
  ['an empty e-mail', order({ customerEmail: '' })],
  ['an e-mail with a line break', order({ customerEmail: 'a@example.com\r\nBcc: b@example.com' })],
  ['an e-mail of 1 MB', order({ customerEmail: `${'a'.repeat(1_000_000)}@example.com` })],
  ['two e-mails', order({ customerEmail: 'a@example.com,b@example.com' })],
  ['a product ID with another tenant', order({}, { productId: 'shop-b#P-1' })],
  ['a product ID that climbs', order({}, { productId: '../P-1' })],
  ['a product ID with %2F', order({}, { productId: 'P%2F1' })],
  ['a product ID with %00', order({}, { productId: 'P%001' })],
  ['a product ID with NUL', order({}, { productId: 'P\u00001' })],
  ['a product ID of 1,024 characters', order({}, { productId: 'P'.repeat(1024) })],
  ['a customer ID with a formula', order({ customerId: '=cmd()' })],
  ['a customer ID with jndi', order({ customerId: '\u0024{jndi:ldap://x}' })],
  ['a control character, which SQS refuses', order({ shippingAddress: { ...address, city: 'a\u0001b' } })],
  ['a lone surrogate', order({ shippingAddress: { ...address, city: 'a\ud800b' } })],
  ['a right-to-left override', order({ shippingAddress: { ...address, city: 'abc\u202edef' } })],
  ['a blank city', order({ shippingAddress: { ...address, city: '  ' } })],
  ['a city that is too long', order({ shippingAddress: { ...address, city: 'x'.repeat(101) } })],
  ['a country that is no code', order({ shippingAddress: { ...address, country: 'Japan' } })],
  ['a payment method that does not exist', order({ paymentMethod: 'BARTER' })],
  ['a card number', order({ paymentMethod: '4242424242424242' })],
  ['256 KB', order({ note: 'x'.repeat(262_144) })],
  ['6 MB', order({ note: 'x'.repeat(6_000_000) })],
  ['10 MB', order({ note: 'x'.repeat(10_000_000) })],
];

describe('hostile input to POST /orders (P15)', () => {
  test.each(refused)('refuses %s with a problem that names the rule', async (_what, body) => {
    placed.length = 0;
    const answer = await post(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(Problem.parse(answer.body)).toEqual(answer.body);
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
    expect(placed).toEqual([]);
  });

  test.each([
    ['emoji', order({ shippingAddress: { ...address, city: '東京🗼' } })],
    ['a maximal city', order({ shippingAddress: { ...address, city: 'x'.repeat(100) } })],
    ['a lower-case payment method (S4-43)', order({ paymentMethod: 'credit_card' })],
    ['duplicate keys, the last one wins', order({}).replace('"quantity":1', '"quantity":0,"quantity":1')],
  ])('takes %s', async (_what, body) => expect((await post(body)).status).toBe(201));
});
