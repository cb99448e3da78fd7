import type { StockShort } from '../contracts/events/inventory-events';
import { logger } from '../kernel/logger';
import type { Order } from './domain/order';

// operators search for these lines: the texts are fixed

export const logPlaced = ({ orderId, tenant, correlationId }: Order): void =>
  logger.info(`New order created: ${orderId}`, { orderId, tenantId: tenant, correlationId });

/** Logs a change of status, and nothing when the status is unchanged. */
export const logStatus = (before: Order, { orderId, tenant, correlationId, status }: Order): void => {
  if (before.status === status) return;
  const words = `${before.status.toLowerCase()} -> ${status.toLowerCase()}`;
  logger.info(`Order ${orderId} status: ${words}`, { orderId, tenantId: tenant, correlationId });
};

export const logShortage = ({ tenantid, correlationid, data: { orderId, shortage } }: StockShort): void => {
  const { name, available, requested } = shortage;
  const message = `Insufficient stock for ${name}. Available: ${available}, Requested: ${requested}`;
  const details = { orderId, tenantId: tenantid, correlationId: correlationid };
  logger.error(`Failed to reserve inventory: ${message}`, details);
};
