import fc from 'fast-check';
import { PlaceOrderRequest } from '../../lambda/contracts/api/order-api';
import { Problem } from '../../lambda/contracts/api/problem';
import { OrderPlaced } from '../../lambda/contracts/events/order-events';
import type { Order } from '../../lambda/order/domain/order';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { spoiled } from '../support/generated-value';
import { call } from '../support/http';
import { orderRoute } from '../support/order-route';
import { runs } from '../support/property';
import { volume } from '../support/volume';

const requests = volume(5000);

const { route, placed } = orderRoute();

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

const request = spoiled(fc.constant(whole), 3);

test(`P15 each of ${requests} generated requests to POST /orders is a 201 that adds up, or a 4xx problem that names the rule and leaves nothing behind`, async () => {
  const seen = new Map<number, number>();
  const property = fc.asyncProperty(request, async (body) => {
    placed.length = 0;
    const answer = await call(route, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    if (answer.status === 201) {
      expect(PlaceOrderRequest.safeParse(body).success).toBe(true);
      expect(OrderPlaced.safeParse(orderEvent(placed[0] as Order)).error).toBeUndefined();
    } else {
      expect([400, 409]).toContain(answer.status);
      expect(Problem.parse(answer.body).errors?.length).toBeGreaterThan(0);
      expect(placed).toEqual([]);
    }
  });
  await fc.assert(property, runs(requests));
  expect(seen.get(201)).toBeGreaterThan(requests / 10);
  expect(seen.get(400)).toBeGreaterThan(requests / 10);
});
