import { hashToken } from '../../lambda/kernel/http/token-hash';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { getBalanceRoute, topUpAccountRoute } from '../../lambda/payment/accounts/accounts.http';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentStore } from '../../lambda/payment/payment.store';
import { detailsEncryption } from '../../lambda/payment/payment-details.gateway';
import { getOrderPaymentRoute, getPaymentRoute, listPaymentsRoute } from '../../lambda/payment/payments.http';
import { accountBook } from '../../lambda/payment/providers/balance/balance.gateway';
import { parsePayPayWebhook } from '../../lambda/payment/providers/paypay/paypay-webhook';
import { parseStripeWebhook } from '../../lambda/payment/providers/stripe/stripe-webhook';
import { requestRefundRoute } from '../../lambda/payment/refunds/request-refund.http';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { webhookRoute } from '../../lambda/payment/webhooks/webhooks.http';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { placedOrder } from '../support/orders';
import { captured, requested } from '../support/payments';
import { onlySecret } from '../support/secrets';

const at = new Date('2026-12-02T08:00:00.000Z');
const now = () => at;

/** The payment routes over a table with an open payment and a captured one, of `user-2`. */
export const paymentRoutes = async () => {
  const { db } = memoryDynamoDb();
  const payments = paymentStore('payments', db);
  await payments.insert(captured({ userId: 'user-2' }));
  await payments.insert(requested({ userId: 'user-2', orderId: 'ORD-000002' }));
  const { encryptDetails, decryptDetails } = detailsEncryption(
    onlySecret('a secret of at least thirty-two characters'),
  );
  const { lines, total, currency, status, stockStatus } = placedOrder();
  const order = { ownerId: 'user-2', trackingTokenHash: hashToken('token'), version: 1 };
  const described = {
    ...order,
    status,
    stockStatus,
    paymentStatus: 'PAID' as const,
    total,
    currency,
    lines: [...lines],
  };
  const orders = { describe: async () => described };
  const withLiveCheckout = async (payment: Payment) => payment;
  const reading = { payments, orders, decryptDetails, withLiveCheckout, cursorSecret: onlySecret('secret'), now };
  const book = accountBook(accountStore('accounts', db));
  const webhooks = { secrets: () => ['whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29rcw=='], now };
  const receive = receiveWebhook({ payments, encryptDetails, now });
  return {
    getOrderPayment: getOrderPaymentRoute(reading),
    listPayments: listPaymentsRoute(reading),
    getPayment: getPaymentRoute(reading),
    requestRefund: requestRefundRoute({ payments, orders, now }),
    getBalance: getBalanceRoute({ book }),
    topUpAccount: topUpAccountRoute({ book, users: { describe: async () => ({ status: 'ACTIVE' }) }, now }),
    receiveStripeWebhook: webhookRoute({ ...webhooks, receive, parse: parseStripeWebhook }),
    receivePayPayWebhook: webhookRoute({ ...webhooks, receive, parse: parsePayPayWebhook }),
  };
};
