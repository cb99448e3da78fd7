import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { askAuthorizer } from '../kernel/http/ask-authorizer';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { defaultTenant } from '../kernel/tenant';
import { placeOrderEnv, timeoutsFrom } from './env';
import { orderStore } from './order.store';
import { orderCaller } from './placing/order-caller.http';
import { orderNumbers } from './placing/order-number';
import { type PlaceOrderDeps, placeOrderRoute, quickOrderRoute } from './placing/place-order.http';
import { warmUp } from './placing/warm-up';
import { stockGateway } from './services.gateway';
import { productReadStore, storefrontStore, tenantSettingsStore } from './shop/shop.store';

const env = readEnv(placeOrderEnv);
const db = documentClient();
const orders = orderStore(env.ORDERS_TABLE, db);
const products = productReadStore(env.PRODUCTS_TABLE, db);
const settings = tenantSettingsStore(env.ORDERS_TABLE, db);
const numbers = orderNumbers(orders.takeNumbers);
const keys = keyRingOf(readEnv(sealingEnv), db);

// A function loads at full CPU and serves at a fraction of it, so the work of an order is done once while loading:
// schemas, prices, the connection, a read and a write. AWS errors are ignored here: the first order reports them.
warmUp(new Date());
const [secret] = await Promise.all([
  rotatingSecret(env.TRACKING_SECRET_ARN),
  Promise.allSettled([
    products.find(defaultTenant, ['PRIME']),
    numbers.prepare(defaultTenant),
    keys.prepare(defaultTenant),
    settings.of(defaultTenant),
  ]),
]);

const deps: PlaceOrderDeps = {
  orders,
  products,
  stock: stockGateway(invokeFunction(env.INVENTORY_FUNCTION)),
  keys,
  nextCode: numbers.next,
  trackingSecret: secret,
  timeouts: timeoutsFrom(env),
  now: () => new Date(),
};

export const handler = secret.refreshBefore(
  serve(
    routes,
    { placeOrder: placeOrderRoute(deps), quickOrder: quickOrderRoute(deps) },
    {
      ...middlewareOf(readEnv(middlewareEnv), db),
      callerOf: orderCaller({
        storefronts: storefrontStore(env.ORDERS_TABLE, db),
        settings,
        bearer: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
      }),
    },
  ),
);
