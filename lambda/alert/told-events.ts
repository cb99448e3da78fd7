import type { AlertEvent } from '../contracts/alert-events';
import { alertEvent } from './alert-event';
import { alertFromRow } from './alert-row';
import { orderAlertEvents } from './order-alert-event';
import { orderPaymentFromRow } from './order-payment-row';

/** What the newest version of an item tells: of the alerts about stock, or of an order with its payment. */
export const toldEvents = (image: Record<string, unknown>): readonly AlertEvent[] => {
  if (image.alertId === undefined) return orderAlertEvents(orderPaymentFromRow(image));
  const event = alertEvent(alertFromRow(image));
  return event === undefined ? [] : [event];
};
