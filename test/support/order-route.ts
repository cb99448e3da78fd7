import type { Order } from '../../lambda/order/domain/order';
import type { Product } from '../../lambda/order/placing/place-order';
import { placeOrderRoute } from '../../lambda/order/placing/place-order.http';
import { fixedKeys } from './key-ring';
import { onlySecret } from './secrets';

const mouse = { name: 'ワイヤレスマウス', price: 3000, currency: 'JPY', taxRateBps: 1000, onSale: true };

/** `POST /orders` of a shop that sells a mouse under every product ID; what it has stored is in `placed`. */
export const orderRoute = () => {
  const placed: Order[] = [];
  const products = (ids: readonly string[]): Map<string, Product> =>
    new Map(ids.map((productId) => [productId, { ...mouse, productId }]));
  const route = placeOrderRoute({
    orders: {
      place: async (order) => {
        placed.push(order);
        return { placed: true };
      },
      get: async () => undefined,
      claimedBy: async () => undefined,
    },
    products: { find: async (_tenant, ids) => products(ids) },
    stock: { shortOf: async () => undefined },
    keys: fixedKeys,
    nextCode: async () => 'ORD-000001',
    trackingSecret: onlySecret('secret'),
    timeouts: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 },
    now: () => new Date(0),
  });
  return { route, placed };
};
