import type { AlertEvent } from '../contracts/events/alert-events';
import { orderAlertEvents } from './payments/payment-alerts';
import { orderPaymentFromRow } from './payments/payment-state-row';
import { alertEvent } from './stock/alert';
import { alertFromRow } from './stock/alert-row';

/** Returns the events of a row's newest version: a row of the alerts table, or of an order with its payment. */
export const relayedEvents = (image: Record<string, unknown>): readonly AlertEvent[] => {
  if (image.alertId === undefined) return orderAlertEvents(orderPaymentFromRow(image));
  const event = alertEvent(alertFromRow(image));
  return event === undefined ? [] : [event];
};
