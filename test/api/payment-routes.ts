import { hashToken } from '../../lambda/kernel/tracking-token';
import { accountBook } from '../../lambda/payment/account-book';
import { getBalanceRoute, topUpAccountRoute } from '../../lambda/payment/accounts.http';
import type { Payment } from '../../lambda/payment/payment';
import { parsePayPayWebhook } from '../../lambda/payment/paypay-webhook';
import { getOrderPaymentRoute, getPaymentRoute, listPaymentsRoute } from '../../lambda/payment/read-payments.http';
import { receiveWebhook } from '../../lambda/payment/receive-webhook';
import { requestRefundRoute } from '../../lambda/payment/request-refund.http';
import { sealing } from '../../lambda/payment/seal.gateway';
import { parseStripeWebhook } from '../../lambda/payment/stripe-webhook';
import { webhookRoute } from '../../lambda/payment/webhooks.http';
import { directly } from '../stores/io';
import { accountTables, memoryAccountStore } from '../stores/memory-accounts';
import { memoryPaymentStore, paymentsTable } from '../stores/memory-payments';
import { placedOrder } from '../support/orders';
import { captured, requested } from '../support/payments';
import { onlySecret } from '../support/secrets';

const at = new Date('2026-12-02T08:00:00.000Z');
const now = () => at;

/** The payment routes over a table with an open payment and a captured one, of `user-2`. */
export const paymentRoutes = async () => {
  const payments = memoryPaymentStore(paymentsTable(), directly);
  await payments.insert(captured({ userId: 'user-2' }));
  await payments.insert(requested({ userId: 'user-2', orderId: 'ORD-000002' }));
  const { seal, open } = sealing(onlySecret('a secret of at least thirty-two characters'));
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
  const reading = { payments, orders, open, withLiveCheckout, cursorSecret: onlySecret('secret'), now };
  const book = accountBook(memoryAccountStore(accountTables(), directly));
  const webhooks = { secrets: async () => ['whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29rcw=='], now };
  const receive = receiveWebhook({ payments, seal, now });
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
