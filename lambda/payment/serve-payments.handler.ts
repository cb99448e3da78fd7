import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { accountStore } from './accounts/account.store';
import { getBalanceRoute, topUpAccountRoute } from './accounts/accounts.http';
import { liveCheckout } from './advance-payment';
import { servePaymentsEnv } from './env';
import { orderGateway, userGateway } from './order.gateway';
import { paymentStore } from './payment.store';
import { detailsEncryption, withCurrentDetailsKey } from './payment-details.gateway';
import { getOrderPaymentRoute, getPaymentRoute, listPaymentsRoute } from './payments.http';
import { accountBook } from './providers/balance/balance.gateway';
import { allProviders } from './providers/remote-provider.gateway';
import { requestRefundRoute } from './refunds/request-refund.http';

const env = readEnv(servePaymentsEnv);
const [secret, sealSecret] = await Promise.all([
  rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN),
  rotatingSecret(env.SEAL_SECRET_ARN),
]);
const details = detailsEncryption(sealSecret);
const { decryptDetails, encryptDetails } = details;
const orders = orderGateway(invokeFunction(env.ORDER_FUNCTION));
const users = userGateway(invokeFunction(env.USER_FUNCTION));
const now = () => new Date();

export const handler = secret.refreshBefore(
  sealSecret.refreshBefore(
    serve(
      routes,
      tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
        const payments = withCurrentDetailsKey(paymentStore(env.PAYMENTS_TABLE, db), details);
        const balances = accountStore(env.ACCOUNTS_TABLE, db);
        const providers = allProviders(invokeFunction(env.PROVIDERS_FUNCTION), balances, now);
        const withLiveCheckout = liveCheckout({ payments, providers, encryptDetails, now });
        const reading = { payments, orders, decryptDetails, withLiveCheckout, cursorSecret: secret, now };
        const accounts = { book: accountBook(balances), users, now };
        return {
          getOrderPayment: getOrderPaymentRoute(reading),
          listPayments: listPaymentsRoute(reading),
          getPayment: getPaymentRoute(reading),
          requestRefund: requestRefundRoute({ payments, orders, now }),
          getBalance: getBalanceRoute(accounts),
          topUpAccount: topUpAccountRoute(accounts),
        };
      }),
      middlewareOf(readEnv(middlewareEnv), documentClient()),
    ),
  ),
);
