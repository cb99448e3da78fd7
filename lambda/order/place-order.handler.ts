import { routes } from '../contracts/routes';
import { askAuthorizer } from '../kernel/ask-authorizer';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { invokeFunction } from '../kernel/invoke-function';
import { rotatingSecret } from '../kernel/secret';
import { defaultTenant } from '../kernel/tenant';
import { patienceFrom, placeOrderEnv } from './env';
import { orderStore } from './order.store';
import { orderCaller } from './order-caller.http';
import { orderNumbers } from './order-number';
import { type PlaceOrderDeps, placeOrderRoute, quickOrderRoute } from './place-order.http';
import { productCopyStore } from './product-copy.store';
import { rehearseOrder } from './rehearsal';
import { stockGateway } from './stock.gateway';
import { storefrontStore } from './storefront.store';
import { tenantSettingsStore } from './tenant-settings.store';

const env = readEnv(placeOrderEnv);
const db = documentClient();
const orders = orderStore(env.ORDERS_TABLE, db);
const products = productCopyStore(env.PRODUCTS_TABLE, db);
const settings = tenantSettingsStore(env.ORDERS_TABLE, db);
const numbers = orderNumbers(orders.takeNumbers);

// Loading runs at full CPU and the first order at a fraction of it, so what each order does is done once while loading:
// the contract, the prices, the connection, a read and a write. What AWS refuses here is the first order's to tell.
rehearseOrder(new Date());
const [secret] = await Promise.all([
  rotatingSecret(env.TRACKING_SECRET_ARN),
  Promise.allSettled([
    products.find(defaultTenant, ['PRIME']),
    numbers.prepare(defaultTenant),
    settings.of(defaultTenant),
  ]),
]);

const deps: PlaceOrderDeps = {
  orders,
  products,
  stock: stockGateway(invokeFunction(env.INVENTORY_FUNCTION)),
  nextCode: numbers.next,
  trackingSecret: secret,
  patience: patienceFrom(env),
  now: () => new Date(),
};

export const handler = secret.keptFreshFor(
  serve(
    routes,
    { placeOrder: placeOrderRoute(deps), quickOrder: quickOrderRoute(deps) },
    {
      ...edgeOf(readEnv(edgeEnv), db),
      callerOf: orderCaller({
        storefronts: storefrontStore(env.ORDERS_TABLE, db),
        settings,
        bearer: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
      }),
    },
  ),
);
