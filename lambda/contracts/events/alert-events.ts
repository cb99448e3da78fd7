import * as z from 'zod';
import { personal } from '../values/personal';
import { OrderId, opaqueText, ProductId, recordedLine, UserId } from '../values/text';
import { defineEvent } from './event';

/** The types of alert about stock. */
export const StockAlertType = z.enum(['inventory_reservation_failed', 'stock_discrepancy']);
export type StockAlertType = z.infer<typeof StockAlertType>;

/**
 * The types of alert about an order and its payment. The first three are rules A (paid, not confirmed within 30 s), B
 * (confirmed, not paid within 30 s) and C (paid twice).
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

/** All types of alert. */
export const AlertType = z.enum([...StockAlertType.options, ...PaymentAlertType.options]);
export type AlertType = z.infer<typeof AlertType>;

/** P1 needs action immediately, P2 on the same day. */
export const Severity = z.enum(['P1', 'P2']);
export type Severity = z.infer<typeof Severity>;

const alert = {
  type: AlertType,
  /** Missing for alerts about stock. */
  severity: Severity.optional(),
  orderId: OrderId.optional(),
  productId: ProductId.optional(),
  /** The provider's ID of money that belongs to no payment known here. */
  externalPaymentId: opaqueText(255).optional(),
  firstAt: z.iso.datetime(),
  /** How often it was raised. */
  count: z.int().positive(),
};

/** A problem was found that a person must check. */
export const AlertRaised = defineEvent('AlertRaised.v1', z.object({ ...alert, error: recordedLine(500) }));
export type AlertRaised = z.infer<typeof AlertRaised>;

/** The problem ended, or a person closed the alert: `by` and `note` have who and why. */
export const AlertResolved = defineEvent(
  'AlertResolved.v1',
  z.object({
    ...alert,
    resolvedAt: z.iso.datetime(),
    by: UserId.optional(),
    note: personal('words', recordedLine(500)).optional(),
  }),
);
export type AlertResolved = z.infer<typeof AlertResolved>;

export type AlertEvent = AlertRaised | AlertResolved;
