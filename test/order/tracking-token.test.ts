import { hasHash, hashToken } from '../../lambda/kernel/http/token-hash';
import { trackingToken, trackingTokenOf } from '../../lambda/order/placing/order-number';
import { placedOrder } from '../support/orders';
import { exchanged, onlySecret } from '../support/secrets';

const unhashed = placedOrder();
const token = trackingToken(onlySecret('first'), unhashed);
const order = { ...unhashed, trackingTokenHash: hashToken(token) };

test('F-16 a request that is repeated after the secret was exchanged is told the token that opens its order', () => {
  const told = trackingTokenOf(exchanged('second', 'first'), order);
  expect(told).toBe(token);
  expect(hasHash(told, order.trackingTokenHash)).toBe(true);
});

test('F-16 an order that was placed after the secret was exchanged has a token of the new one', () => {
  const secrets = exchanged('second', 'first');
  const later = { ...order, trackingTokenHash: hashToken(trackingToken(secrets, order)) };
  expect(trackingTokenOf(secrets, later)).toBe(trackingToken(onlySecret('second'), order));
  expect(trackingTokenOf(secrets, later)).not.toBe(token);
});
