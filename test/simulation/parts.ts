import { checkDeadlines } from '../../lambda/alert/check-deadlines';
import { closeAtSource } from '../../lambda/alert/close-alert';
import { raiseAlert } from '../../lambda/alert/raise-alerts';
import { watchPayments } from '../../lambda/alert/watch-payments';
import { followShop } from '../../lambda/catalog/follow-shop';
import { catalogEvent } from '../../lambda/catalog/product-event';
import { auditStock } from '../../lambda/inventory/audit-stock';
import { followCatalog } from '../../lambda/inventory/follow-catalog';
import { reservationEvents } from '../../lambda/inventory/inventory-event';
import { stockEvents } from '../../lambda/inventory/stock-event';
import { takeReturns } from '../../lambda/inventory/take-returns';
import { takeStock } from '../../lambda/inventory/take-stock';
import { updateStockRoute } from '../../lambda/inventory/update-stock.http';
import { consume } from '../../lambda/kernel/queue-consumer';
import type { Backoff } from '../../lambda/kernel/retry';
import { relayChanges } from '../../lambda/kernel/stream-relay';
import { advanceOrder } from '../../lambda/order/advance-order';
import { cancelOrderRoute, updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import { keepCopies } from '../../lambda/order/keep-copies';
import type { Patience } from '../../lambda/order/order';
import { orderEvents } from '../../lambda/order/order-event';
import { listKeysOf } from '../../lambda/order/order-list';
import type { StockGateway } from '../../lambda/order/stock.gateway';
import { sweepDueOrders } from '../../lambda/order/sweep-due-orders';
import { liveCheckout } from '../../lambda/payment/live-checkout';
import { paymentImageEvent } from '../../lambda/payment/payment-image';
import { parsePayPayWebhook } from '../../lambda/payment/paypay-webhook';
import { pollPayments } from '../../lambda/payment/poll-payments';
import type { PaymentProvider } from '../../lambda/payment/provider';
import { receiveWebhook } from '../../lambda/payment/receive-webhook';
import { requestPayments } from '../../lambda/payment/request-payments';
import { requestRefundRoute } from '../../lambda/payment/request-refund.http';
import { parseStripeWebhook } from '../../lambda/payment/stripe-webhook';
import { noteDelivery } from '../../lambda/return/note-delivery';
import { memoryAlertStore } from '../stores/memory-alerts';
import { memoryProductStore } from '../stores/memory-catalog';
import { memoryCopyStore } from '../stores/memory-copies';
import { memoryBillStore, memoryNotificationStore } from '../stores/memory-effects';
import { memoryLedgerStore } from '../stores/memory-ledger';
import { memoryOrderPaymentStore } from '../stores/memory-order-payments';
import { memoryOrderStore } from '../stores/memory-orders';
import { memoryPaymentStore } from '../stores/memory-payments';
import { memoryReturnStore } from '../stores/memory-returns';
import { memoryStockStore } from '../stores/memory-stock';
import { listedRefund } from './acquirer';

export const patience: Patience = { answerSeconds: 60, backorderSeconds: 1800, paymentSeconds: 600 };

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
  copyStore: memoryCopyStore,
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
  followCatalog,
  followShop,
  keepCopies,
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
  watchPayments,
  checkDeadlines,
  closeAtSource,
};
export type Parts = typeof soundParts;
