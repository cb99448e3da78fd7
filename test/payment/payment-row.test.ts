import { paymentFromRow, rowOfPayment } from '../../lambda/payment/payment-row';
import { captured } from '../support/payments';

test('S1-31 a payment of before a schema’s migration is read: one that was stored before others were known has none', () => {
  const { others: _, ...row } = rowOfPayment(captured());
  expect(paymentFromRow(row).others).toEqual([]);
});
