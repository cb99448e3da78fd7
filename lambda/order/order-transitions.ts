import type { OrderStatus, StockStatus } from '../contracts/order-status';
import type { OrderFact } from './order';

type Step = {
  /** What has happened once the order has made the step. */
  readonly fact: Exclude<Extract<OrderFact, { previousStatus: OrderStatus }>['type'], 'OrderBackordered'>;
  /** What the inventory must hold before. */
  readonly needs?: StockStatus;
  /** The status that gives back what the step has taken; `never` when it has taken nothing, or gives back itself. */
  readonly undo: OrderStatus | 'never';
  /** Nobody makes the step by hand: it follows from something else. @default false */
  readonly byItself?: true;
};

const confirmed: Step = { fact: 'OrderConfirmed', needs: 'RESERVED', undo: 'CANCELLED' };
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
