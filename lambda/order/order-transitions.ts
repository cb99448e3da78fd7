import type { OrderStatus, PaymentStatus, StockStatus } from '../contracts/order-status';
import type { Order, OrderFact } from './order';

type Step = {
  /** What has happened once the order has made the step. */
  readonly fact: Exclude<
    Extract<OrderFact, { previousStatus: OrderStatus }>['type'],
    'OrderBackordered' | 'OrderAwaitingPayment'
  >;
  /** What the inventory must hold before. */
  readonly needs?: StockStatus;
  /** Nobody makes the step before the order is paid, where it must be. @default false */
  readonly needsPayment?: true;
  /** The status that gives back what the step has taken; `never` when it has taken nothing, or gives back itself. */
  readonly undo: OrderStatus | 'never';
  /** Nobody makes the step by hand: it follows from something else. @default false */
  readonly byItself?: true;
};

const confirmed: Step = { fact: 'OrderConfirmed', needs: 'RESERVED', needsPayment: true, undo: 'CANCELLED' };
const processing: Step = { fact: 'OrderProcessing', needs: 'RESERVED', undo: 'CANCELLED' };
const shipped: Step = { fact: 'OrderShipped', needs: 'RESERVED', undo: 'RETURNED' };
const delivered: Step = { fact: 'OrderDelivered', undo: 'RETURNED' };
const returned: Step = { fact: 'OrderReturned', undo: 'never', byItself: true };
const cancelled: Step = { fact: 'OrderCancelled', undo: 'never' };

/** Where an order may go from each status. What is not here cannot happen. */
export const transitions: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderStatus, Step>>>>> = {
  PENDING: { CONFIRMED: confirmed, CANCELLED: cancelled },
  CONFIRMED: { PROCESSING: processing, CANCELLED: cancelled },
  PROCESSING: { SHIPPED: shipped, CANCELLED: cancelled },
  SHIPPED: { DELIVERED: delivered },
  DELIVERED: { RETURNED: returned },
  CANCELLED: {},
  RETURNED: {},
};

/** Whether the order may be confirmed as far as money goes. */
export const isPaidFor = ({ paymentStatus }: Pick<Order, 'paymentStatus'>): boolean =>
  paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

/** What the inventory owes an order in each status: the order is due until it has answered. */
export const awaits: Readonly<Record<OrderStatus, StockStatus | 'nothing'>> = {
  PENDING: 'RESERVED',
  CONFIRMED: 'nothing',
  PROCESSING: 'nothing',
  SHIPPED: 'DEDUCTED',
  DELIVERED: 'DEDUCTED',
  CANCELLED: 'RELEASED',
  RETURNED: 'DEDUCTED',
};

/**
 * Where the payment of an order that is undone must come to: what was captured is given back, and what was not never will
 * be. The payment service is asked until it has said so.
 */
const settled: readonly PaymentStatus[] = ['NOT_REQUIRED', 'FAILED', 'REFUNDED'];
const undone: readonly OrderStatus[] = ['CANCELLED', 'RETURNED'];

type State = Pick<Order, 'status' | 'stockStatus' | 'paymentStatus'>;

/** Whether the inventory has answered what the order's status asks of it. */
export const isStockAnswered = ({ status, stockStatus }: State): boolean =>
  awaits[status] === 'nothing' || awaits[status] === stockStatus;

/** Whether the payment service has: before the order is confirmed, and after it is undone. */
export const isPaymentAnswered = ({ status, paymentStatus }: State): boolean => {
  if (undone.includes(status)) return settled.includes(paymentStatus);
  return status !== 'PENDING' || isPaidFor({ paymentStatus });
};

/** Whether nothing more is waited for. */
export const isAnswered = (order: State): boolean => isStockAnswered(order) && isPaymentAnswered(order);
