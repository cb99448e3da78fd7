import { routes } from '../contracts/routes';
import { askAuthorizer } from '../kernel/ask-authorizer';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { defaultTenant } from '../kernel/tenant';
import { placeOrderEnv } from './env';
import { orderStore } from './order.store';
import { orderCaller } from './order-caller.http';
import { orderNumbers } from './order-number';
import { placeOrderRoute } from './place-order.http';
import { productCopyStore } from './product-copy.store';
import { rehearseOrder } from './rehearsal';
import { storefrontStore } from './storefront.store';
import { trackingSecret } from './tracking-secret.gateway';

const env = readEnv(placeOrderEnv);
const db = documentClient();
const orders = orderStore(env.ORDERS_TABLE, db);
const products = productCopyStore(env.PRODUCTS_TABLE, db);
const numbers = orderNumbers(orders.takeNumbers);

// Loading runs at full CPU and the first order at a fraction of it, so what each order does is done once while loading:
// the contract, the prices, the connection, a read and a write. What AWS refuses here is the first order's to tell.
rehearseOrder(new Date());
const [secret] = await Promise.all([
  trackingSecret(env.TRACKING_SECRET_ARN),
  Promise.allSettled([products.find(defaultTenant, ['PRIME']), numbers.prepare(defaultTenant)]),
]);

export const handler = serve(
  routes,
  {
    placeOrder: placeOrderRoute({
      orders,
      products,
      nextCode: numbers.next,
      trackingSecret: secret,
      patience: { answerSeconds: env.ANSWER_SECONDS, backorderSeconds: env.BACKORDER_SECONDS },
      now: () => new Date(),
    }),
  },
  {
    callerOf: orderCaller({
      storefronts: storefrontStore(env.ORDERS_TABLE, db),
      bearer: askAuthorizer({ url: env.AUTHORIZER_URL, region: env.AUTHORIZER_REGION }),
    }),
  },
);
