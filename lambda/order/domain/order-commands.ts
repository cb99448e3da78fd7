import type { CancelReason, OrderStatus } from '../../contracts/values/order-status';
import { accept, type Decision, reject } from '../../kernel/decision';
import { isEndedByRefund, lacksPayment, type Order, transitions } from './order';
import { type Cause, type ChangeContext, changed, moved } from './order-change';

export type StatusRefusal = 'invalid-transition' | 'stock-not-reserved' | 'not-paid' | 'version-mismatch';

const stampOf = (status: OrderStatus, { at }: Cause) => {
  if (status === 'SHIPPED') return { shippedAt: at.toISOString() };
  return status === 'DELIVERED' ? { deliveredAt: at.toISOString() } : {};
};

/**
 * Cancels the order: inventory releases its stock, payment refunds or gives up, billing voids the bill, and the
 * customer is notified. The order is due until inventory and payment have answered.
 */
export const cancelled = (order: Order, reason: CancelReason, context: ChangeContext): Order => {
  const fact = { type: 'OrderCancelled', previousStatus: order.status, reason } as const;
  return changed(order, { status: 'CANCELLED', cancelReason: reason }, fact, context);
};

const fulfilment: readonly OrderStatus[] = ['PROCESSING', 'SHIPPED', 'DELIVERED'];

/** Decides whether staff may move an order to a status. Rejects when `version` is given and is not the current one. */
export const updateStatus = (
  order: Order,
  { status, version = order.version }: { readonly status: OrderStatus; readonly version?: number | undefined },
  context: ChangeContext,
): Decision<Order, StatusRefusal> => {
  if (version !== order.version) return reject('version-mismatch');
  const step = transitions[order.status][status];
  if (step === undefined && isEndedByRefund(order) && fulfilment.includes(status)) return reject('not-paid');
  if (step === undefined || step.automatic) return reject('invalid-transition');
  if (step.needs !== undefined && step.needs !== order.stockStatus) return reject('stock-not-reserved');
  if (lacksPayment(order, step)) return reject('not-paid');
  if (step.fact === 'OrderCancelled') return accept(cancelled(order, 'by-staff', context));
  return accept(moved(order, { status, ...stampOf(status, context.cause) }, step.fact, context));
};

/** Decides whether an order may still be cancelled. A cancelled order is accepted unchanged. */
export const cancelOrder = (
  order: Order,
  { reason, version = order.version }: { readonly reason: CancelReason; readonly version?: number | undefined },
  context: ChangeContext,
): Decision<Order, StatusRefusal> => {
  if (order.status === 'CANCELLED') return accept(order);
  if (version !== order.version) return reject('version-mismatch');
  return transitions[order.status].CANCELLED === undefined
    ? reject('invalid-transition')
    : accept(cancelled(order, reason, context));
};
