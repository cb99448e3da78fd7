import { PlaceOrderRequest, type PlaceOrderResponse } from '../../contracts/api/order-api';
import { defaultTenant } from '../../kernel/tenant';
import { placedView } from '../order-view';
import { sealPersonal } from '../personal/personal';
import { placeOrder, quoteOrder } from './place-order';

const product = {
  productId: 'WARM-UP',
  name: 'warm-up',
  price: 3000,
  currency: 'JPY',
  taxRateBps: 1000,
  onSale: true,
};

const body = {
  customerId: 'warm-up',
  customerEmail: 'warm-up@example.com',
  items: [{ productId: product.productId, quantity: 1, price: 3000 }],
  shippingAddress: { street: '1-2-3', city: 'Shibuya', postalCode: '150-0041', country: 'JP' },
  paymentMethod: 'CREDIT_CARD',
};

/**
 * Decides one order without storing it. That compiles the schemas and the pricing code during the cold start, so that
 * the first customer does not wait for it.
 */
export const warmUp = (now: Date): PlaceOrderResponse => {
  const request = PlaceOrderRequest.parse(body);
  const priced = quoteOrder(request, new Map([[product.productId, product]]), {
    payments: 'offline',
    isSignedIn: false,
  });
  if (!priced.accepted) throw new Error(`the warm-up order was refused: ${priced.reason.refusal}`);
  const personal = { customerEmail: body.customerEmail, shippingAddress: request.shippingAddress };
  const key = { ref: { keys: 'warm-up', number: 0 }, key: Buffer.alloc(32) };
  const named = { tenant: defaultTenant, orderId: 'WARM-UP' };
  const order = placeOrder(request, priced.fact, {
    ...named,
    payments: 'offline',
    ...sealPersonal(key, named, personal),
    now,
    locale: 'ja',
    trackingTokenHash: '',
    correlationId: 'warm-up',
    timeouts: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 60 },
  });
  return placedView(order, personal, '');
};
