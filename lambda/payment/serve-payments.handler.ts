import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { invokeFunction } from '../kernel/invoke-function';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { accountStore } from './account.store';
import { accountBook } from './account-book';
import { getBalanceRoute, topUpAccountRoute } from './accounts.http';
import { allProviders } from './all-providers.gateway';
import { servePaymentsEnv } from './env';
import { liveCheckout } from './live-checkout';
import { orderGateway } from './order.gateway';
import { paymentStore } from './payment.store';
import { getOrderPaymentRoute, getPaymentRoute, listPaymentsRoute } from './read-payments.http';
import { requestRefundRoute } from './request-refund.http';
import { sealedAnew, sealing } from './seal.gateway';
import { userGateway } from './user.gateway';

const env = readEnv(servePaymentsEnv);
const [secret, sealSecret] = await Promise.all([
  rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN),
  rotatingSecret(env.SEAL_SECRET_ARN),
]);
const details = sealing(sealSecret);
const { open, seal } = details;
const orders = orderGateway(invokeFunction(env.ORDER_FUNCTION));
const users = userGateway(invokeFunction(env.USER_FUNCTION));
const now = () => new Date();

export const handler = secret.keptFreshFor(
  sealSecret.keptFreshFor(
    serve(
      routes,
      tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
        const payments = sealedAnew(paymentStore(env.PAYMENTS_TABLE, db), details);
        const balances = accountStore(env.ACCOUNTS_TABLE, db);
        const providers = allProviders(invokeFunction(env.PROVIDERS_FUNCTION), balances, now);
        const withLiveCheckout = liveCheckout({ payments, providers, seal, now });
        const reading = { payments, orders, open, withLiveCheckout, cursorSecret: secret, now };
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
      edgeOf(readEnv(edgeEnv), documentClient()),
    ),
  ),
);
