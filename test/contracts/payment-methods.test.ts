import { PlaceOrderRequest } from '../../lambda/contracts/api/order-api';
import { amountStep, currencyWarnings, methodsFor, refusePayment } from '../../lambda/contracts/values/payment-methods';
import { PaymentMethod, providerOf } from '../../lambda/contracts/values/payment-status';

describe('which method takes which currency', () => {
  test.each([
    ['PAYPAY', 'USD', 2999, 'PAYPAY takes JPY only, not USD'],
    ['PAYPAY', 'EUR', 2999, 'PAYPAY takes JPY only, not EUR'],
    ['PAYPAL', 'JPY', 2999, 'PAYPAL does not take JPY'],
    ['PAYPAL', 'HUF', 299_900, 'PAYPAL does not take HUF'],
    ['AMAZON_PAY', 'CAD', 2999, 'AMAZON_PAY does not take CAD'],
    ['CREDIT_CARD', 'UGX', 60_000, 'CREDIT_CARD does not take UGX'],
    ['DEBIT_CARD', 'ISK', 5000, 'DEBIT_CARD does not take ISK'],
    ['APPLE_PAY', 'MGA', 500_000, 'APPLE_PAY does not take MGA'],
    ['GOOGLE_PAY', 'IRR', 500_000, 'GOOGLE_PAY does not take IRR'],
    ['CREDIT_CARD', 'KPW', 5000, 'CREDIT_CARD does not take KPW'],
    ['CREDIT_CARD', 'IQD', 5000, 'CREDIT_CARD does not take IQD'],
    ['CREDIT_CARD', 'LYD', 5000, 'CREDIT_CARD does not take LYD'],
    ['BANK_TRANSFER', 'JPY', 5000, 'BANK_TRANSFER has no payment provider'],
    ['BANK_TRANSFER', 'USD', 5000, 'BANK_TRANSFER has no payment provider'],
  ] as const)('F-08 %s in %s is refused', (method, currency, amount, rule) =>
    expect(refusePayment(method, { amount, currency })).toBe(rule),
  );

  test.each([
    ['PAYPAY', 'JPY', 1],
    ['PAYPAL', 'USD', 50],
    ['AMAZON_PAY', 'JPY', 50],
    ['CREDIT_CARD', 'JPY', 3300],
    ['CREDIT_CARD', 'HUF', 17_550],
    ['CREDIT_CARD', 'TWD', 80_045],
    ['DEBIT_CARD', 'KRW', 1],
    ['ACCOUNT_BALANCE', 'UGX', 1],
    ['ACCOUNT_BALANCE', 'KWD', 10_199],
  ] as const)('F-08 %s in %s takes %i', (method, currency, amount) =>
    expect(refusePayment(method, { amount, currency })).toBeUndefined(),
  );

  test.each([
    ['JPY', 5000, ['CREDIT_CARD', 'DEBIT_CARD', 'AMAZON_PAY', 'APPLE_PAY', 'GOOGLE_PAY', 'PAYPAY', 'ACCOUNT_BALANCE']],
    ['JPY', 49, ['PAYPAY', 'ACCOUNT_BALANCE']],
    ['KWD', 10_190, ['CREDIT_CARD', 'DEBIT_CARD', 'APPLE_PAY', 'GOOGLE_PAY', 'ACCOUNT_BALANCE']],
    ['KWD', 10_199, ['ACCOUNT_BALANCE']],
    ['UGX', 60_000, ['ACCOUNT_BALANCE']],
  ])('F-08 an order in %s of %i may be paid by %j', (currency, amount, methods) =>
    expect(methodsFor({ amount, currency })).toEqual(methods),
  );
});

describe('which amounts Stripe takes', () => {
  test.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])('F-07 of the three decimals of %s the last must be 0', (currency) => {
    expect(refusePayment('CREDIT_CARD', { amount: 10_199, currency })).toBe(
      `CREDIT_CARD: in ${currency} the last decimal must be 0, such as 10.190 or 10.200; the order costs 10.199 ${currency}`,
    );
    expect(refusePayment('CREDIT_CARD', { amount: 10_190, currency })).toBeUndefined();
    expect(amountStep('stripe', currency)).toBe(10);
    expect(amountStep('balance', currency)).toBe(1);
  });

  test.each([
    ['CREDIT_CARD', 'JPY', 49, 'CREDIT_CARD takes 50 JPY at least; the order costs 49 JPY'],
    ['CREDIT_CARD', 'USD', 49, 'CREDIT_CARD takes 0.50 USD at least; the order costs 0.49 USD'],
    ['PAYPAL', 'GBP', 29, 'PAYPAL takes 0.30 GBP at least; the order costs 0.29 GBP'],
    ['GOOGLE_PAY', 'MXN', 999, 'GOOGLE_PAY takes 10.00 MXN at least; the order costs 9.99 MXN'],
    ['CREDIT_CARD', 'USD', 100_000_000, 'CREDIT_CARD takes 999999.99 USD at most; the order costs 1000000.00 USD'],
    ['AMAZON_PAY', 'JPY', 100_000_000, 'AMAZON_PAY takes 99999999 JPY at most; the order costs 100000000 JPY'],
    ['CREDIT_CARD', 'INR', 1_000_000_000, 'CREDIT_CARD takes 9999999.99 INR at most; the order costs 10000000.00 INR'],
    ['CREDIT_CARD', 'JPY', 10_000_000_000, 'CREDIT_CARD takes 9999999999 JPY at most; the order costs 10000000000 JPY'],
  ] as const)('F-07 by %s in %s not %i', (method, currency, amount, rule) =>
    expect(refusePayment(method, { amount, currency })).toBe(rule),
  );

  test.each([
    ['CREDIT_CARD', 'JPY', 50],
    ['CREDIT_CARD', 'USD', 99_999_999],
    ['CREDIT_CARD', 'INR', 999_999_999],
    ['CREDIT_CARD', 'JPY', 9_999_999_999],
    ['CREDIT_CARD', 'IDR', 100_000_000_000],
    ['PAYPAY', 'JPY', 49],
  ] as const)('F-07 by %s in %s %i', (method, currency, amount) =>
    expect(refusePayment(method, { amount, currency })).toBeUndefined(),
  );
});

test('F-08 who sells in a currency is told which methods cannot take it', () => {
  expect(currencyWarnings('USD')).toEqual([
    'Orders in USD cannot be paid online by PAYPAY; they can by CREDIT_CARD, DEBIT_CARD, PAYPAL, AMAZON_PAY, APPLE_PAY, GOOGLE_PAY, ACCOUNT_BALANCE.',
  ]);
  expect(currencyWarnings('UGX')).toEqual([
    'Orders in UGX cannot be paid online by CREDIT_CARD, DEBIT_CARD, PAYPAL, AMAZON_PAY, APPLE_PAY, GOOGLE_PAY, PAYPAY; they can by ACCOUNT_BALANCE.',
  ]);
  expect(currencyWarnings('KWD')).toEqual([
    'Orders in KWD cannot be paid online by PAYPAL, AMAZON_PAY, PAYPAY; they can by CREDIT_CARD, DEBIT_CARD, APPLE_PAY, GOOGLE_PAY, ACCOUNT_BALANCE.',
    'Cards take two of the three decimals of KWD: an order by card must cost a multiple of 0.010 KWD.',
  ]);
});

test.each([
  ['CREDIT_CARD', 'stripe'],
  ['DEBIT_CARD', 'stripe'],
  ['PAYPAL', 'stripe'],
  ['AMAZON_PAY', 'stripe'],
  ['APPLE_PAY', 'stripe'],
  ['GOOGLE_PAY', 'stripe'],
  ['PAYPAY', 'paypay'],
  ['ACCOUNT_BALANCE', 'balance'],
] as const)('S3-16 %s is taken by %s', (method, provider) => expect(providerOf(method)).toBe(provider));

test('F-08 no method is without a rule but the one that has no provider', () => {
  const without = PaymentMethod.options.filter((method) =>
    refusePayment(method, { amount: 1, currency: 'XXX' })?.includes('no payment provider'),
  );
  expect(without).toEqual(['BANK_TRANSFER']);
});

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
