import * as z from 'zod';
import { ProductCreated, ProductDiscontinued, ProductUpdated } from '../../lambda/contracts/events/catalog-events';
import {
  ProductRestocked,
  ProductSoldOut,
  StockDeducted,
  StockDiscrepancyFound,
  StockDiscrepancyResolved,
  StockReleased,
  StockReserved,
  StockShort,
  StockShortageEnded,
} from '../../lambda/contracts/events/inventory-events';
import {
  OrderAwaitingPayment,
  OrderBackordered,
  OrderCancelled,
  OrderConfirmed,
  OrderDelivered,
  OrderPaymentUpdated,
  OrderPlaced,
  OrderReturned,
  OrderShipped,
} from '../../lambda/contracts/events/order-events';
import {
  PaymentDisputed,
  PaymentFailed,
  PaymentMismatchFound,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
  UnknownPaymentFound,
} from '../../lambda/contracts/events/payment-events';
import { ReturnCompleted } from '../../lambda/contracts/events/return-events';
import { TenantCreated, TenantUpdated } from '../../lambda/contracts/events/tenant-events';

/** What each consumer takes, as its Lambda entry says. */
export const consumed = {
  stock: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderShipped]),
  billed: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderPaymentUpdated, PaymentSucceeded]),
  mailed: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderAwaitingPayment,
    OrderCancelled,
    OrderShipped,
    OrderDelivered,
    PaymentRefunded,
  ]),
  answer: z.discriminatedUnion('type', [
    StockReserved,
    StockShort,
    StockReleased,
    StockDeducted,
    ReturnCompleted,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
  ]),
  copied: z.discriminatedUnion('type', [
    ProductCreated,
    ProductUpdated,
    ProductDiscontinued,
    TenantCreated,
    TenantUpdated,
  ]),
  catalogNews: z.discriminatedUnion('type', [ProductCreated, ProductUpdated, ProductDiscontinued]),
  shopNews: z.discriminatedUnion('type', [ProductSoldOut, ProductRestocked, OrderPlaced]),
  signal: z.discriminatedUnion('type', [
    StockShort,
    StockShortageEnded,
    StockDiscrepancyFound,
    StockDiscrepancyResolved,
    UnknownPaymentFound,
  ]),
  returned: z.discriminatedUnion('type', [ReturnCompleted]),
  delivered: z.discriminatedUnion('type', [OrderDelivered]),
  paymentCommand: z.discriminatedUnion('type', [OrderAwaitingPayment, OrderCancelled, OrderReturned, ReturnCompleted]),
  watched: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderBackordered,
    OrderAwaitingPayment,
    OrderConfirmed,
    OrderShipped,
    OrderDelivered,
    OrderCancelled,
    OrderReturned,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentMismatchFound,
    PaymentDisputed,
  ]),
};
