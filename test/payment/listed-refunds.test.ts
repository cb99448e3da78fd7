import { chargeSnapshot, StripeCharge } from '../../lambda/payment/providers/stripe/stripe-snapshot';

describe('F-02 the refunds that a charge lists', () => {
  const made = {
    object: 'refund',
    id: 're_x',
    amount: 200,
    currency: 'jpy',
    status: 'succeeded',
    payment_intent: 'pi_1',
  };
  const chargeOf = (has_more: boolean) => {
    const refunds = { object: 'list', data: [made], has_more };
    const money = { amount: 6600, amount_captured: 6600, amount_refunded: 500, captured: true, currency: 'jpy' };
    const object = { object: 'charge', id: 'ch_1', payment_intent: 'pi_1', ...money, refunds };
    return chargeSnapshot(StripeCharge.parse(object));
  };

  test.each([
    [false, [{ externalRefundId: 're_x', amount: 200 }]],
    [true, []],
  ])('are taken when they are all there, and left to a query when there are more (%p)', (hasMore, listed) => {
    expect(chargeOf(hasMore)).toMatchObject({ refundedAmount: 500, refunds: listed });
  });
});
