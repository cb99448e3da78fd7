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
  /** When the order must be paid, where it must be at all: at the step, or when it was shipped. @default never */
  readonly paid?: 'now' | 'when-shipped';
  /** The status that gives back what the step has taken; `never` when it has taken nothing, or gives back itself. */
  readonly undo: OrderStatus | 'never';
  /** Nobody makes the step by hand: it follows from something else. @default false */
  readonly byItself?: true;
};

const confirmed: Step = { fact: 'OrderConfirmed', needs: 'RESERVED', paid: 'now', undo: 'CANCELLED' };
const processing: Step = { fact: 'OrderProcessing', needs: 'RESERVED', paid: 'now', undo: 'CANCELLED' };
const shipped: Step = { fact: 'OrderShipped', needs: 'RESERVED', paid: 'now', undo: 'RETURNED' };
const delivered: Step = { fact: 'OrderDelivered', paid: 'when-shipped', undo: 'RETURNED' };
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
export const isPaidFor = ({ paymentStatus = 'NOT_REQUIRED' }: Partial<Pick<Order, 'paymentStatus'>>): boolean =>
  paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

/** A parcel that was paid for when it left arrives, whatever is refunded on its way. */
const wasPaidWhenShipped = ({ history }: Order): boolean => {
  const shipping = history.find(({ event }) => event === 'OrderShipped');
  return shipping !== undefined && isPaidFor(shipping);
};

/** Whether an order lacks the payment that a step needs. */
export const lacksPayment = (order: Order, { paid }: Pick<Step, 'paid'>): boolean => {
  if (paid === undefined || isPaidFor(order)) return false;
  return paid === 'now' || !wasPaidWhenShipped(order);
};

/** Whether the order is about to be packed or shipped, and had to be paid first. */
export const givesPaidGoods = (before: Order, { status }: Pick<Order, 'status'>): boolean =>
  before.paymentStatus !== 'NOT_REQUIRED' && transitions[before.status][status]?.paid === 'now';

/** Whether the order was cancelled since its payment was refunded in full. */
export const isEndedByRefund = ({ status, paymentStatus, cancelReason }: Order): boolean =>
  status === 'CANCELLED' && paymentStatus === 'REFUNDED' && cancelReason === 'payment-failed';

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
