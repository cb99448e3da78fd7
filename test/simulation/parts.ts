import './quiet';
import { closeAtSource } from '../../lambda/alert/history/close-alert';
import { checkDeadlines } from '../../lambda/alert/payments/check-deadlines';
import { orderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import { reconcilePayments } from '../../lambda/alert/payments/reconcile-payments';
import { alertStore } from '../../lambda/alert/stock/alert.store';
import { raiseAlert } from '../../lambda/alert/stock/raise-alerts';
import { billStore } from '../../lambda/billing/bill.store';
import { catalogEvent } from '../../lambda/catalog/products/product';
import { productStore } from '../../lambda/catalog/products/product.store';
import { projectShop } from '../../lambda/catalog/project-shop';
import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { auditStock } from '../../lambda/inventory/audit/audit-stock';
import { reservationEvents, stockEvents } from '../../lambda/inventory/inventory-events';
import { updateReservations as takeStock } from '../../lambda/inventory/reservations/update-reservations';
import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { projectCatalog } from '../../lambda/inventory/stock/project-catalog';
import { restockReturns as takeReturns } from '../../lambda/inventory/stock/restock-returns';
import { updateStockRoute } from '../../lambda/inventory/stock/stock.http';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { consume } from '../../lambda/kernel/events/queue-consumer';
import { relayChanges } from '../../lambda/kernel/events/stream-relay';
import type { Backoff } from '../../lambda/kernel/retry';
import { notificationStore } from '../../lambda/notification/notification.store';
import { advanceOrder, sweepDueOrders } from '../../lambda/order/advance-orders';
import { cancelOrderRoute, updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import type { Timeouts } from '../../lambda/order/domain/order';
import { orderEvents } from '../../lambda/order/domain/order-event';
import { listKeysOf } from '../../lambda/order/lists/order-list';
import { orderStore } from '../../lambda/order/order.store';
import type { StockGateway } from '../../lambda/order/services.gateway';
import { projectShopData } from '../../lambda/order/shop/project-shop-data';
import { shopStore } from '../../lambda/order/shop/shop.store';
import { liveCheckout } from '../../lambda/payment/advance-payment';
import { paymentImageEvent } from '../../lambda/payment/domain/payment-event';
import { paymentStore } from '../../lambda/payment/payment.store';
import { pollPayments } from '../../lambda/payment/poll-payments';
import { parsePayPayWebhook } from '../../lambda/payment/providers/paypay/paypay-webhook';
import type { PaymentProvider } from '../../lambda/payment/providers/provider';
import { parseStripeWebhook } from '../../lambda/payment/providers/stripe/stripe-webhook';
import { requestRefundRoute } from '../../lambda/payment/refunds/request-refund.http';
import { requestPayments } from '../../lambda/payment/request-payments';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { noteDelivery } from '../../lambda/return/request-return';
import { returnStore } from '../../lambda/return/return.store';
import type { Site } from './client';
import { listedRefund } from './provider-ledger';
import { clockOf, type Rewrite } from './world';

export const timeouts: Timeouts = { answerSeconds: 60, backorderSeconds: 1800, paymentSeconds: 600 };

/** Nobody prefers to be told of the stock first. */
export const noStock: StockGateway = { shortOf: async () => undefined };

/** Tries again at once: what happens between is the scheduler's to say. */
export const noWait: Backoff = { attempts: 5, baseMs: 0, random: () => 0, sleep: async () => undefined };

/** The tables of the inventory service. */
export const stockTables = { inventory: 'inventory', reservations: 'reservations', movements: 'stock-movements' };

/** The parts that the system is put together from. A planted bug replaces one of them. */
export const soundParts = {
  rewrite: ((command) => command) as Rewrite,
  orderStore: ({ db }: Site) => orderStore('orders', db),
  stockStore: ({ world, db }: Site) => stockStore(stockTables, db, { now: clockOf(world), backoff: noWait }),
  ledgerStore: ({ db }: Site) => ledgerStore(stockTables, db, noWait),
  auditStore: ({ db }: Site) => auditStore(stockTables, db),
  billStore: ({ db }: Site) => billStore('billing', db),
  notificationStore: ({ db }: Site) => notificationStore('notifications', db),
  productStore: ({ db }: Site) => productStore({ products: 'products', categories: 'categories' }, db),
  shopStore: ({ db }: Site) => shopStore({ orders: 'orders', products: 'order-products' }, db),
  alertStore: ({ db }: Site) => alertStore('alerts', db),
  returnStore: ({ db }: Site) => returnStore('returns', db),
  paymentStore: ({ db }: Site) => paymentStore('payments', db),
  orderPaymentStore: ({ db }: Site) => orderPaymentStore('order-payment-store', db),
  listKeysOf,
  orderEvents,
  reservationEvents,
  stockEvents,
  catalogEvent,
  consume,
  takeStock,
  takeReturns,
  followCatalog: projectCatalog,
  followShop: projectShop,
  projectShopData,
  raiseAlert,
  noteDelivery,
  advanceOrder,
  updateOrderStatusRoute,
  cancelOrderRoute,
  updateStockRoute,
  auditStock,
  relayChanges,
  sweepDueOrders,
  paymentImageEvent,
  provider: (provider: PaymentProvider): PaymentProvider => provider,
  findRefund: listedRefund,
  liveCheckout,
  requestPayments,
  pollPayments,
  requestRefundRoute,
  receiveWebhook,
  parseWebhook: { stripe: parseStripeWebhook, paypay: parsePayPayWebhook },
  reconcilePayments,
  checkDeadlines,
  closeAtSource,
};
export type Parts = typeof soundParts;
