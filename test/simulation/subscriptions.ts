import type { QueueName } from './queues';
import type { World } from './world';

/** Which queue hears of what: the filters of the subscriptions. */
const offline: Readonly<Record<string, readonly QueueName[]>> = {
  'OrderPlaced.v2': ['inventory-queue', 'notification-queue', 'billing-queue', 'catalog-queue'],
  'OrderCancelled.v2': ['inventory-queue', 'notification-queue', 'billing-queue'],
  'OrderShipped.v2': ['inventory-queue', 'notification-queue'],
  'OrderDelivered.v2': ['notification-queue', 'return-order-queue'],
  'StockReserved.v1': ['order-saga-queue'],
  'StockShort.v1': ['order-saga-queue', 'alert-queue'],
  'StockReleased.v1': ['order-saga-queue'],
  'StockDeducted.v1': ['order-saga-queue'],
  'StockShortageEnded.v1': ['alert-queue'],
  'StockDiscrepancyFound.v1': ['alert-queue'],
  'StockDiscrepancyResolved.v1': ['alert-queue'],
  'ProductSoldOut.v1': ['catalog-queue'],
  'ProductRestocked.v1': ['catalog-queue'],
  'ProductCreated.v1': ['inventory-catalog-queue', 'order-copy-queue'],
  'ProductUpdated.v1': ['inventory-catalog-queue', 'order-copy-queue'],
  'ProductDiscontinued.v1': ['inventory-catalog-queue', 'order-copy-queue'],
  'TenantCreated.v1': ['order-copy-queue'],
  'TenantUpdated.v1': ['order-copy-queue'],
  'ReturnCompleted.v2': ['inventory-return-queue', 'order-saga-queue'],
};

const watched: readonly QueueName[] = ['order-payment-queue'];

/** Who else hears of what where a shop is paid online. */
const online: Readonly<Record<string, readonly QueueName[]>> = {
  'OrderPlaced.v2': watched,
  'OrderBackordered.v2': watched,
  'OrderAwaitingPayment.v2': ['payment-queue', 'notification-queue', ...watched],
  'OrderConfirmed.v2': watched,
  'OrderShipped.v2': watched,
  'OrderDelivered.v2': watched,
  'OrderCancelled.v2': ['payment-queue', ...watched],
  'OrderReturned.v2': ['payment-queue', ...watched],
  'OrderPaymentUpdated.v2': ['billing-queue'],
  'ReturnCompleted.v2': ['payment-queue'],
  'PaymentSucceeded.v1': ['order-saga-queue', 'billing-queue', ...watched],
  'PaymentFailed.v1': ['order-saga-queue', ...watched],
  'PaymentRefunded.v1': ['order-saga-queue', 'notification-queue', ...watched],
  'PaymentRefundFailed.v1': ['order-saga-queue', ...watched],
  'PaymentMismatchFound.v1': watched,
  'PaymentDisputed.v1': watched,
  'UnknownPaymentFound.v1': ['alert-queue'],
};

/** Which queues hear of an event. */
export const subscribersOf = (world: World, type: string): readonly QueueName[] => {
  const queues = offline[type] ?? [];
  return world.online.size > 0 ? [...queues, ...(online[type] ?? [])] : queues;
};
