import type { Examples } from './example-types';

const at = '2026-11-21T03:00:00.000Z';

const refund = {
  refundId: 'REF-ORD-000001-1',
  amount: 3300,
  reason: 'ボタンが反応しません',
  status: 'PENDING',
  lines: [{ productId: 'PROD-002', quantity: 1 }],
  createdAt: at,
};

const payment = {
  paymentId: 'PAY-ORD-000001',
  orderId: 'ORD-000001',
  userId: 'customer-1',
  status: 'COMPLETED',
  provider: 'stripe',
  paymentMethod: 'CREDIT_CARD',
  amount: 6600,
  currency: 'JPY',
  capturedAmount: 6600,
  refundedAmount: 0,
  deadline: '2026-11-21T03:30:00.000Z',
  delayed: false,
  card: { brand: 'visa', last4: '4242' },
  refunds: [],
  disputes: [],
  createdAt: at,
  updatedAt: at,
  processedAt: at,
  version: 3,
};

const { card: _, processedAt: __, ...unpaid } = payment;

const waiting = {
  ...unpaid,
  status: 'PROCESSING',
  capturedAmount: 0,
  checkout: { redirectUrl: 'https://pay.example.com/c/pi_1', expiresAt: '2026-11-21T08:06:00.000Z' },
  version: 2,
};

const account = { userId: 'customer-1', currency: 'JPY', balance: 5000, held: 0 };

/** Examples of the operations of payments. */
export const paymentExamples = {
  getOrderPayment: { answer: waiting },
  listPayments: { answer: { items: [payment] } },
  getPayment: { answer: payment },
  requestRefund: {
    bodies: {
      'Lines of the order': { lines: [{ productId: 'PROD-002', quantity: 1 }], reason: 'ボタンが反応しません' },
      'An amount': { amount: 500, reason: 'Goodwill' },
    },
    answer: refund,
  },
  getBalance: { answer: account },
  topUpAccount: { bodies: { 'Five thousand yen': { amount: 5000, currency: 'JPY' } }, answer: account },
} as const satisfies Examples;
