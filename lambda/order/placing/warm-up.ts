import { PlaceOrderRequest, type PlaceOrderResponse } from '../../contracts/order-api';
import { defaultTenant } from '../../kernel/tenant';
import { placedView } from '../order-view';
import { placeOrder, quoteOrder } from './place-order';

const product = {
  productId: 'REHEARSAL',
  name: 'rehearsal',
  price: 3000,
  currency: 'JPY',
  taxRateBps: 1000,
  onSale: true,
};

const body = {
  customerId: 'rehearsal',
  customerEmail: 'rehearsal@example.com',
  items: [{ productId: product.productId, quantity: 1, price: 3000 }],
  shippingAddress: { street: '1-2-3', city: 'Shibuya', postalCode: '150-0041', country: 'JP' },
  paymentMethod: 'CREDIT_CARD',
};

/**
 * Decides one order that is stored nowhere. A function that has done so while it starts has its schemas compiled and
 * what prices need at hand; the first customer would wait for that otherwise.
 */
export const warmUp = (now: Date): PlaceOrderResponse => {
  const request = PlaceOrderRequest.parse(body);
  const priced = quoteOrder(request, new Map([[product.productId, product]]), {
    payments: 'offline',
    isSignedIn: false,
  });
  if (!priced.accepted) throw new Error(`the rehearsal was refused: ${priced.reason.refusal}`);
  const order = placeOrder(request, priced.fact, {
    tenant: defaultTenant,
    orderId: 'REHEARSAL',
    payments: 'offline',
    customerEmail: body.customerEmail,
    now,
    locale: 'ja',
    trackingTokenHash: '',
    correlationId: 'rehearsal',
    timeouts: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 60 },
  });
  return placedView(order, '');
};
