import { PlaceOrderRequest } from '../../lambda/contracts/api/order-api';

const order = (paymentMethod: string) => ({
  customerEmail: 'taro@example.com',
  items: [{ productId: 'PROD-001', quantity: 1 }],
  paymentMethod,
});

test.each([
  ['credit_card', 'CREDIT_CARD'],
  ['DEBIT_CARD', 'DEBIT_CARD'],
  ['PAYPAL', 'PAYPAL'],
  ['BANK_TRANSFER', 'BANK_TRANSFER'],
  ['AMAZON_PAY', 'AMAZON_PAY'],
  ['APPLE_PAY', 'APPLE_PAY'],
  ['google_pay', 'GOOGLE_PAY'],
  ['paypay', 'PAYPAY'],
  ['ACCOUNT_BALANCE', 'ACCOUNT_BALANCE'],
])('S3-16 an order may be paid by %s', (sent, stored) => {
  expect(PlaceOrderRequest.parse(order(sent)).paymentMethod).toBe(stored);
});

test('S3-16 an order is paid in no other way', () => {
  expect(PlaceOrderRequest.safeParse(order('CASH')).success).toBe(false);
});
