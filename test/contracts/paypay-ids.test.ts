import { ownerOfPayPayId, payPayIdOf } from '../../lambda/contracts/values/paypay-ids';

test.each([
  ['shop-a', 'PAY-ORD-000001', '', 'shop-a_PAY-ORD-000001'],
  ['shop-a', 'PAY-ORD-000001', '01', 'shop-a_PAY-ORD-000001-01'],
  ['0', 'PAY-ORD-123456789012', 'zz', '0_PAY-ORD-123456789012-zz'],
])('F-12 the payment of %s %s with the suffix "%s" is %s, and is read back', (tenant, paymentId, suffix, id) => {
  expect(payPayIdOf({ tenant, paymentId }, suffix)).toBe(id);
  expect(ownerOfPayPayId(id)).toEqual({ tenant, paymentId });
});

test.each([
  'shop-a_PAY-ORD-000001-9',
  'shop-a_PAY-ORD-000001-999',
  'shop-a_PAY-ORD-000001-ZZ',
  'shop-a_PAY-ORD-00001',
  'PAY-ORD-000001',
  '_PAY-ORD-000001',
  '',
])('F-12 "%s" is nobody\'s payment', (id) => expect(ownerOfPayPayId(id)).toBeUndefined());
