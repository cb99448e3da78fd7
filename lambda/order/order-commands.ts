import type { CancelReason, OrderStatus } from '../contracts/order-status';
import { accept, type Decision, reject } from '../kernel/decision';
import type { Order } from './order';
import { type Asked, type Cause, changed, moved } from './order-change';
import { isEndedByRefund, lacksPayment, transitions } from './order-transitions';

export type StatusRefusal = 'invalid-transition' | 'stock-not-reserved' | 'not-paid' | 'version-mismatch';

const stampOf = (status: OrderStatus, { at }: Cause) => {
  if (status === 'SHIPPED') return { shippedAt: at.toISOString() };
  return status === 'DELIVERED' ? { deliveredAt: at.toISOString() } : {};
};

/**
 * Cancelled: inventory releases, the payment service gives back or gives up, billing voids, the customer is told. Due until
 * inventory and payment have answered.
 */
export const cancelled = (order: Order, reason: CancelReason, asked: Asked): Order => {
  const fact = { type: 'OrderCancelled', previousStatus: order.status, reason } as const;
  return changed(order, { status: 'CANCELLED', cancelReason: reason }, fact, asked);
};

const goods: readonly OrderStatus[] = ['PROCESSING', 'SHIPPED', 'DELIVERED'];

/** Decides whether staff may move an order to a status. With a `version`, only if it has not changed since. */
export const updateStatus = (
  order: Order,
  { status, version = order.version }: { readonly status: OrderStatus; readonly version?: number | undefined },
  asked: Asked,
): Decision<Order, StatusRefusal> => {
  if (version !== order.version) return reject('version-mismatch');
  const step = transitions[order.status][status];
  if (step === undefined && isEndedByRefund(order) && goods.includes(status)) return reject('not-paid');
  if (step === undefined || step.byItself) return reject('invalid-transition');
  if (step.needs !== undefined && step.needs !== order.stockStatus) return reject('stock-not-reserved');
  if (lacksPayment(order, step)) return reject('not-paid');
  if (step.fact === 'OrderCancelled') return accept(cancelled(order, 'by-staff', asked));
  return accept(moved(order, { status, ...stampOf(status, asked.cause) }, step.fact, asked));
};

/** Decides whether an order may still be cancelled. One that is cancelled already stays as it is. */
export const cancelOrder = (
  order: Order,
  { reason, version = order.version }: { readonly reason: CancelReason; readonly version?: number | undefined },
  asked: Asked,
): Decision<Order, StatusRefusal> => {
  if (order.status === 'CANCELLED') return accept(order);
  if (version !== order.version) return reject('version-mismatch');
  return transitions[order.status].CANCELLED === undefined
    ? reject('invalid-transition')
    : accept(cancelled(order, reason, asked));
};
