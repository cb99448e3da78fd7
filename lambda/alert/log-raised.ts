import { logger } from '../kernel/logger';
import { count } from '../kernel/metrics';
import type { RaisedAlert } from './payments/reconcile-payments';

/** Logs a raised alert and counts it in the metric that the alarm reads. */
export const logRaised = ({ tenant, orderId: subject, type, error: reason }: RaisedAlert): void => {
  logger.warn('alert raised', { tenant, type, subject, reason });
  count('AlertsRaised', 1);
};
