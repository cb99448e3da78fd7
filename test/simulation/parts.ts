import { closeAtSource } from '../../lambda/alert/history/close-alert';
import { checkDeadlines } from '../../lambda/alert/payments/check-deadlines';
import { reconcilePayments } from '../../lambda/alert/payments/reconcile-payments';
import { raiseAlert } from '../../lambda/alert/stock/raise-alerts';
import { catalogEvent } from '../../lambda/catalog/products/product';
import { projectShop } from '../../lambda/catalog/project-shop';
import { auditStock } from '../../lambda/inventory/audit/audit-stock';
import { reservationEvents, stockEvents } from '../../lambda/inventory/inventory-events';
import { updateReservations as takeStock } from '../../lambda/inventory/reservations/update-reservations';
import { projectCatalog } from '../../lambda/inventory/stock/project-catalog';
import { restockReturns as takeReturns } from '../../lambda/inventory/stock/restock-returns';
import { updateStockRoute } from '../../lambda/inventory/stock/stock.http';
import { consume } from '../../lambda/kernel/events/queue-consumer';
import { relayChanges } from '../../lambda/kernel/events/stream-relay';
import type { Backoff } from '../../lambda/kernel/retry';
import { advanceOrder, sweepDueOrders } from '../../lambda/order/advance-orders';
import { cancelOrderRoute, updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import type { Timeouts } from '../../lambda/order/domain/order';
import { orderEvents } from '../../lambda/order/domain/order-event';
import { listKeysOf } from '../../lambda/order/lists/order-list';
import type { StockGateway } from '../../lambda/order/services.gateway';
import { projectShopData } from '../../lambda/order/shop/project-shop-data';
import { liveCheckout } from '../../lambda/payment/advance-payment';
import { paymentImageEvent } from '../../lambda/payment/domain/payment-event';
import { pollPayments } from '../../lambda/payment/poll-payments';
import { parsePayPayWebhook } from '../../lambda/payment/providers/paypay/paypay-webhook';
import type { PaymentProvider } from '../../lambda/payment/providers/provider';
import { parseStripeWebhook } from '../../lambda/payment/providers/stripe/stripe-webhook';
import { requestRefundRoute } from '../../lambda/payment/refunds/request-refund.http';
import { requestPayments } from '../../lambda/payment/request-payments';
import { receiveWebhook } from '../../lambda/payment/webhooks/receive-webhook';
import { noteDelivery } from '../../lambda/return/request-return';
import { memoryAlertStore } from '../stores/memory-alerts';
import { memoryProductStore } from '../stores/memory-catalog';
import { memoryBillStore, memoryNotificationStore } from '../stores/memory-effects';
import { memoryLedgerStore } from '../stores/memory-ledger';
import { memoryOrderPaymentStore } from '../stores/memory-order-payments';
import { memoryOrderStore } from '../stores/memory-orders';
import { memoryPaymentStore } from '../stores/memory-payments';
import { memoryProjectionStore } from '../stores/memory-projections';
import { memoryReturnStore } from '../stores/memory-returns';
import { memoryStockStore } from '../stores/memory-stock';
import { listedRefund } from './provider-ledger';

export const timeouts: Timeouts = { answerSeconds: 60, backorderSeconds: 1800, paymentSeconds: 600 };

/** Nobody prefers to be told of the stock first. */
export const noStock: StockGateway = { shortOf: async () => undefined };

/** Tries again at once: what happens between is the scheduler's to say. */
export const noWait: Backoff = { attempts: 5, baseMs: 0, random: () => 0, sleep: async () => undefined };

/** The parts that the system is put together from. A planted bug replaces one of them. */
export const soundParts = {
  orderStore: memoryOrderStore,
  stockStore: memoryStockStore,
  ledgerStore: memoryLedgerStore,
  billStore: memoryBillStore,
  notificationStore: memoryNotificationStore,
  productStore: memoryProductStore,
  shopStore: memoryProjectionStore,
  alertStore: memoryAlertStore,
  returnStore: memoryReturnStore,
  paymentStore: memoryPaymentStore,
  orderPaymentStore: memoryOrderPaymentStore,
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
