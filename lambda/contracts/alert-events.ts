import * as z from 'zod';
import { defineEvent } from './event';
import { line, OrderId, ProductId } from './text';

/** What operations are alerted about. */
export const AlertType = z.enum(['inventory_reservation_failed', 'stock_discrepancy']);
export type AlertType = z.infer<typeof AlertType>;

const alert = {
  type: AlertType,
  orderId: OrderId.optional(),
  productId: ProductId.optional(),
  firstAt: z.iso.datetime(),
  /** How often it has happened since it was raised for the first time. */
  count: z.int().positive(),
};

/** Something is wrong that a person must look at. */
export const AlertRaised = defineEvent('AlertRaised.v1', z.object({ ...alert, error: line(500) }));
export type AlertRaised = z.infer<typeof AlertRaised>;

/** What was wrong is not any more. */
export const AlertResolved = defineEvent('AlertResolved.v1', z.object({ ...alert, resolvedAt: z.iso.datetime() }));
export type AlertResolved = z.infer<typeof AlertResolved>;

export type AlertEvent = AlertRaised | AlertResolved;
