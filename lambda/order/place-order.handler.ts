import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { http } from '../kernel/http';
import { defaultTenant } from '../kernel/tenant';
import { placeOrderEnv } from './env';
import { orderStore } from './order.store';
import { orderNumbers } from './order-number';
import { placeOrderRoute } from './place-order.http';
import { productCopyStore } from './product-copy.store';
import { storefrontStore } from './storefront.store';
import { trackingSecret } from './tracking-secret.gateway';

const env = readEnv(placeOrderEnv);
const db = documentClient();
const orders = orderStore(env.ORDERS_TABLE, db);

// one signed call moves client set-up and TLS into the cold start, which runs at full CPU; its failure is the first order's to tell
const [secret] = await Promise.all([
  trackingSecret(env.TRACKING_SECRET_ARN),
  orders.get({ tenant: defaultTenant, orderId: 'PRIME' }).catch(() => undefined),
]);

export const handler = http(
  'POST /orders',
  placeOrderRoute({
    orders,
    products: productCopyStore(env.PRODUCTS_TABLE, db),
    storefronts: storefrontStore(env.ORDERS_TABLE, db),
    nextCode: orderNumbers(orders.takeNumbers),
    trackingSecret: secret,
    patience: { answerSeconds: env.ANSWER_SECONDS, backorderSeconds: env.BACKORDER_SECONDS },
    now: () => new Date(),
  }),
);
