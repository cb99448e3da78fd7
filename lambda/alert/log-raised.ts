import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import type { RaisedAlert } from './payments/reconcile-payments';

/** Tells the alarm that an alert was raised. */
export const logRaised = ({ tenant, orderId: subject, type, error: reason }: RaisedAlert): void => {
  logger.warn('alert raised', { tenant, type, subject, reason });
  count('AlertsRaised', 1);
};
