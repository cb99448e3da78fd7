import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { recordAlert } from '../../lambda/alert/history/alert-history';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { acknowledgeAlertRoute, listAlertsRoute } from '../../lambda/alert/history/alerts.http';
import { catalogRoutes } from '../../lambda/catalog/catalog-routes.http';
import type { Operation } from '../../lambda/contracts/api/routes';
import { AlertRaised } from '../../lambda/contracts/events/alert-events';
import {
  deleteStockRoute,
  getStockRoute,
  listMovementsRoute,
  listStockRoute,
  updateStockRoute,
} from '../../lambda/inventory/stock/stock.http';
import type { Route } from '../../lambda/kernel/http/route';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { contentTypeOf } from '../../lambda/manual/page-file';
import { manualRoutes } from '../../lambda/manual/serve-manual.http';
import { cancelOrderRoute, updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import type { Order } from '../../lambda/order/domain/order';
import { getOrderRoute } from '../../lambda/order/get-order.http';
import { healthRoute } from '../../lambda/order/health.http';
import { getOrderTimelineRoute, listOrdersRoute } from '../../lambda/order/lists/read-orders.http';
import { orderStore } from '../../lambda/order/order.store';
import { placeOrderRoute, quickOrderRoute } from '../../lambda/order/placing/place-order.http';
import { getReturnRoute, listReturnsRoute } from '../../lambda/return/read-returns.http';
import { requestReturnRoute } from '../../lambda/return/request-return.http';
import { returnStore } from '../../lambda/return/return.store';
import { updateReturnRoute } from '../../lambda/return/update-return.http';
import { manualFiles } from '../../lib/manual';
import { openCatalog } from '../catalog/shop';
import { inventoryStores } from '../inventory/inventory-stores';
import { aStockItem } from '../stores/builders';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { fixedKeys as keys } from '../support/key-ring';
import { placedOrder } from '../support/orders';
import { deliveredMice, mice, requestedMice } from '../support/returns';
import { onlySecret } from '../support/secrets';
import { freeWaits } from '../support/waits';
import { paymentRoutes } from './payment-routes';
import { peopleRoutes } from './people-routes';
import { privacyRoutes } from './privacy-routes';

const at = new Date('2026-12-02T08:00:00.000Z');
const now = () => at;
const cursorSecret = onlySecret('secret');
const timeouts = { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 };

/** The order routes over a table with orders in every state, each with a product that is on sale. */
const orderRoutes = async () => {
  const orders = orderStore('orders', memoryDynamoDb().db);
  const statuses = ['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;
  for (const [n, status] of statuses.entries()) {
    const stockStatus = status === 'PENDING' ? 'PENDING' : 'RESERVED';
    await orders.place(placedOrder({ orderId: `ORD-00000${n + 1}`, customerId: 'user-2', status, stockStatus }));
  }
  const mouse = { name: 'ワイヤレスマウス', price: 3000, currency: 'JPY', taxRateBps: 1000, onSale: true };
  let code = 100;
  const placing = {
    keys,
    orders,
    products: {
      find: async (_tenant: unknown, ids: readonly string[]) =>
        new Map(ids.map((productId) => [productId, { ...mouse, productId }])),
    },
    stock: { shortOf: async () => undefined },
    nextCode: async () => {
      code += 1;
      return `ORD-${String(code).padStart(6, '0')}`;
    },
    trackingSecret: onlySecret('secret'),
    timeouts,
    now,
  };
  let passed = 0;
  const waiting = {
    waits: freeWaits,
    now: () => passed,
    sleep: async (ms: number) => {
      passed += ms;
    },
  };
  const found = async (): Promise<Order[]> =>
    [await orders.get({ tenant: defaultTenant, orderId: 'ORD-000001' })].flatMap((order) => order ?? []);
  return {
    placeOrder: placeOrderRoute(placing),
    quickOrder: quickOrderRoute(placing),
    listOrders: listOrdersRoute({ lists: { page: async () => ({ orders: await found() }) }, cursorSecret, keys }),
    getOrder: getOrderRoute({ orders, keys, ...waiting }),
    updateOrderStatus: updateOrderStatusRoute({
      orders,
      keys,
      payments: { keptAmountOf: async () => 1 },
      timeouts,
      now,
    }),
    cancelOrder: cancelOrderRoute({ orders, keys, payments: { keptAmountOf: async () => 1 }, timeouts, now }),
    getOrderTimeline: getOrderTimelineRoute({
      orders,
      queryServices: async () => ({ responses: {}, unavailable: [] }),
    }),
  };
};

const returnRoutes = async () => {
  const returns = returnStore('returns', memoryDynamoDb().db);
  const lines = ['PROD-001', 'PROD-002', 'PROD-003'].map((productId) => mice({ productId, quantity: 9999 }));
  for (const orderId of ['ORD-000001', 'ORD-000005'])
    await returns.note(deliveredMice({ orderId, userId: 'user-2', lines }));
  const claimed = lines.map((line) => (line.productId === 'PROD-002' ? { ...line, claimed: 2 } : line));
  const order = deliveredMice({ userId: 'user-2', lines: claimed, returns: 1, version: 2 });
  await returns.request(requestedMice({ userId: 'user-2' }), order);
  return {
    requestReturn: requestReturnRoute({ returns, keys, windowDays: 30, now }),
    listReturns: listReturnsRoute({ returns, keys, cursorSecret }),
    getReturn: getReturnRoute({ returns, keys }),
    updateReturn: updateReturnRoute({ returns, keys, now }),
  };
};

const stockRoutes = async () => {
  const { ledger } = inventoryStores(now);
  for (const productId of ['PROD-001', 'PROD-002'])
    await ledger.save(aStockItem(defaultTenant, productId, { stock: 50, reservedQuantity: 3 }));
  await ledger.save(aStockItem(defaultTenant, 'PROD-003', { stock: 0 }));
  const reading = { ledger, cursorSecret };
  const backoff = { attempts: 3, baseMs: 0, random: () => 0, sleep: async () => undefined };
  return {
    listStock: listStockRoute(reading),
    getStock: getStockRoute(reading),
    updateStock: updateStockRoute({ ledger, backoff, now }),
    deleteStock: deleteStockRoute({ ledger, backoff, now }),
    listStockMovements: listMovementsRoute(reading),
  };
};

const alertRoutes = async () => {
  const alerts = alertHistoryStore('sys-pay-alert', memoryDynamoDb().db);
  const nothing = { get: async () => undefined, save: async () => true };
  const sources = { alerts: nothing, states: nothing, timeouts: { refundSeconds: 900, stuckSeconds: 900 } };
  const sample = readFileSync('test/contracts/samples/AlertRaised.v1.json', 'utf8');
  await recordAlert(alerts, now)(AlertRaised.parse(JSON.parse(sample)));
  return {
    listAlerts: listAlertsRoute({ alerts, cursorSecret }),
    acknowledgeAlert: acknowledgeAlertRoute({ alerts, sources, now }),
  };
};

const shopRoutes = async () => {
  const { deps, uploads, put } = openCatalog();
  const imageId = 'b7e23ec2-9af9-4b4a-8c0e-0d4f4c9d1a11';
  const image = { imageId, contentType: 'image/gif', bytes: 6 } as const;
  await put({ productId: 'PROD-001', images: [image] });
  await put({ productId: 'PROD-002' });
  const gif = { start: Buffer.from('GIF89a'), bytes: 6, contentType: 'image/gif', etag: '"1"' };
  uploads.set(`${defaultTenant}/PROD-002/${imageId}`, gif);
  await deps.categories.create({
    tenant: defaultTenant,
    categoryId: 'mice',
    name: 'マウス',
    version: 1,
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
  });
  return catalogRoutes(deps);
};

const texts = new Map<string, string>();

const systemRoutes = () => {
  const read = async (name: Parameters<typeof contentTypeOf>[0]) => {
    const file = manualFiles.find((path) => basename(path) === name) ?? name;
    const text = texts.get(name) ?? readFileSync(file, 'utf8');
    texts.set(name, text);
    return { contentType: contentTypeOf(name), text };
  };
  return { health: healthRoute('abc', { orders: async () => undefined }, () => 0), ...manualRoutes({ read }) };
};

const platform = { tenant: defaultTenant, userId: 'user-4', roles: ['platform-admin'] } as const;

/** The routes of users and tenants, with a shop that has a storefront key. */
const shopkeeperRoutes = async () => {
  const routes = peopleRoutes();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ tenantId: 'shop-a', name: '店' });
  await call(routes.createTenant, { operation: 'createTenant', caller: platform, headers, body });
  const pathParameters = { tenantId: 'shop-a' };
  await call(routes.createStorefrontKey, { operation: 'createStorefrontKey', caller: platform, pathParameters });
  return routes;
};

/** Every route of the policy table over stores in memory, with something to find in each: one that is missing does not compile. */
export const servedRoutes = async (): Promise<Record<Operation, Route>> => ({
  ...(await orderRoutes()),
  ...(await returnRoutes()),
  ...(await stockRoutes()),
  ...(await shopRoutes()),
  ...(await alertRoutes()),
  ...(await paymentRoutes()),
  ...(await shopkeeperRoutes()),
  ...(await privacyRoutes()),
  ...systemRoutes(),
});
