import type { OrderUpdate, Update } from '../../clients/live';

const events: Readonly<Record<string, string>> = {
  OrderPlaced: 'the order was placed',
  OrderConfirmed: 'the order is confirmed',
  OrderBackordered: 'the stock is short: the order waits for a restock',
  OrderAwaitingPayment: 'the stock is reserved: the order waits for its payment',
  OrderPaymentUpdated: 'the payment has changed',
  OrderCancelled: 'the order is cancelled',
  OrderProcessing: 'the shop is packing the order',
  OrderShipped: 'the order is on its way',
  OrderDelivered: 'the order is delivered',
  OrderReturned: 'the goods are back',
  PaymentRequested: 'the provider has been asked: the customer may pay',
  PaymentSucceeded: 'the payment succeeded',
  PaymentFailed: 'the payment failed',
  PaymentRefunded: 'money was given back',
  PaymentRefundFailed: 'money could not be given back',
  PaymentMismatchFound: 'the provider names another amount or currency',
  PaymentDisputed: 'the customer disputes the payment with their bank',
};

const payments: Readonly<Record<NonNullable<OrderUpdate['paymentStatus']>, string>> = {
  NOT_REQUIRED: 'no payment needed',
  WAITING_PAYMENT: 'not paid yet',
  PAID: 'paid',
  FAILED: 'not paid',
  REFUNDED: 'paid back',
};

const sentenceOf = (update: Update): string => {
  const { event } = update;
  return event === undefined ? 'as it is now' : (events[event] ?? event);
};

const detailsOf = (update: Update): string[] => {
  if (update.kind === 'payment')
    return [
      ...(update.deadline === undefined ? [] : [`until ${update.deadline}`]),
      ...(update.reason === undefined ? [] : [`because: ${update.reason}`]),
    ];
  return [
    update.status,
    ...(update.paymentStatus === undefined ? [] : [payments[update.paymentStatus]]),
    ...(update.stockStatus === undefined ? [] : [`stock ${update.stockStatus.toLowerCase()}`]),
    ...(update.reason === undefined ? [] : [`because: ${update.reason}`]),
    ...(update.paymentDeadline === undefined ? [] : [`to be paid until ${update.paymentDeadline}`]),
  ];
};

/** A change of an order in words: `2026-11-21T08:00:05.000Z  ORD-000001  version 3  the order is confirmed (CONFIRMED, paid)`. */
export const inWords = (update: Update, now: Date): string => {
  const version = update.kind === 'order' ? `version ${update.version}` : 'payment';
  const at = update.at ?? now.toISOString();
  return `${at}  ${update.orderId}  ${version.padEnd(10)}  ${sentenceOf(update)}${parenthesis(detailsOf(update))}`;
};

const parenthesis = (details: readonly string[]): string => (details.length === 0 ? '' : ` (${details.join(', ')})`);
