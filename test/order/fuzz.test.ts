import { PlaceOrderRequest } from '../../lambda/contracts/order-api';
import { OrderPlaced } from '../../lambda/contracts/order-events';
import { Problem } from '../../lambda/contracts/problem';
import type { Order } from '../../lambda/order/domain/order';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { type Random, seededRandom } from '../simulation/random';
import { call } from '../support/http';
import { orderRoute } from '../support/order-route';

const { route, placed } = orderRoute();

const strange: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 53,
  '',
  ' ',
  '1',
  'a',
  '東京',
  '🗼',
  '\u0000',
  '\ud800',
  '\u202e',
  '../x',
  'a#b',
  '%2F',
  [],
  {},
  [[]],
  { toString: 1 },
  'x'.repeat(300),
  '2026-01-01',
  'true',
  -0,
];

const whole = {
  customerId: 'CUST-001',
  customerEmail: 'taro@example.com',
  items: [
    { productId: 'PROD-001', quantity: 1, price: 3000 },
    { productId: 'PROD-002', quantity: 2 },
  ],
  shippingAddress: { street: '1-1', city: '東京', postalCode: '100-0001', country: 'JP' },
  paymentMethod: 'credit_card',
  currency: 'JPY',
};

type Json = Record<string, unknown> | unknown[];

/** Every place in a value that something else can stand in. */
const places = (value: Json): { parent: Json; key: string }[] =>
  Object.entries(value).flatMap(([key, child]) => [
    { parent: value, key },
    ...(typeof child === 'object' && child !== null ? places(child as Json) : []),
  ]);

const mutate = (random: Random, body: Json) => {
  const { parent, key } = random.pick(places(body));
  const target = parent as Record<string, unknown>;
  const how = random.unit();
  if (how < 0.2) delete target[key];
  else if (how < 0.35) target[`${key}${random.below(9)}`] = random.pick(strange);
  else target[key] = random.pick(strange);
};

describe('20,000 generated requests to POST /orders', () => {
  test('P15 each is a 201 that adds up, or a 4xx problem that names the rule and leaves nothing behind', async () => {
    const random = seededRandom(20261121);
    const seen = new Map<number, number>();
    for (let n = 0; n < 20_000; n += 1) {
      const body = structuredClone(whole);
      for (let times = random.below(4); times > 0; times -= 1) mutate(random, body);
      placed.length = 0;
      const headers = { 'content-type': 'application/json' };
      const answer = await call(route, { body: JSON.stringify(body), headers });
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status === 201) {
        expect(PlaceOrderRequest.safeParse(body).success).toBe(true);
        expect(OrderPlaced.safeParse(orderEvent(placed[0] as Order)).error).toBeUndefined();
      } else {
        expect([400, 409]).toContain(answer.status);
        expect(Problem.parse(answer.body).errors?.length).toBeGreaterThan(0);
        expect(placed).toEqual([]);
      }
    }
    expect(seen.get(201)).toBeGreaterThan(1000);
    expect(seen.get(400)).toBeGreaterThan(1000);
  }, 60_000);
});
