import * as z from 'zod';
import { defineEvent } from './event';
import { OrderId, opaqueText, ProductId, recordedLine, UserId } from './text';

/** What is wrong with stock. */
export const StockAlertType = z.enum(['inventory_reservation_failed', 'stock_discrepancy']);
export type StockAlertType = z.infer<typeof StockAlertType>;

/**
 * How an order and its payment disagree. The first three are rules A (paid, and not confirmed within 30 s), B (confirmed,
 * and not paid within 30 s) and C (paid twice).
 */
export const PaymentAlertType = z.enum([
  'payment_without_order',
  'order_without_payment',
  'double_payment',
  'amount_mismatch',
  'capture_without_order',
  'refund_missing',
  'refund_failed',
  'order_stuck',
  'refunded_elsewhere',
  'payment_disputed',
]);
export type PaymentAlertType = z.infer<typeof PaymentAlertType>;

/** What operations are alerted about. */
export const AlertType = z.enum([...StockAlertType.options, ...PaymentAlertType.options]);
export type AlertType = z.infer<typeof AlertType>;

/** P1 wants somebody at once, P2 today. */
export const Severity = z.enum(['P1', 'P2']);
export type Severity = z.infer<typeof Severity>;

const alert = {
  type: AlertType,
  /** Missing where nobody has said. */
  severity: Severity.optional(),
  orderId: OrderId.optional(),
  productId: ProductId.optional(),
  /** The provider's ID of money that belongs to no payment known here. */
  externalPaymentId: opaqueText(255).optional(),
  firstAt: z.iso.datetime(),
  /** How often it has happened since it was raised for the first time. */
  count: z.int().positive(),
};

/** Something is wrong that a person must look at. */
export const AlertRaised = defineEvent('AlertRaised.v1', z.object({ ...alert, error: recordedLine(500) }));
export type AlertRaised = z.infer<typeof AlertRaised>;

/** What was wrong is not any more, or a person has closed it: `by` and `note` say who and why. */
export const AlertResolved = defineEvent(
  'AlertResolved.v1',
  z.object({ ...alert, resolvedAt: z.iso.datetime(), by: UserId.optional(), note: recordedLine(500).optional() }),
);
export type AlertResolved = z.infer<typeof AlertResolved>;

export type AlertEvent = AlertRaised | AlertResolved;
