import type { Order } from '../../lambda/order/domain/order';

/** Where an order may go, with its stock: S4-12 to S4-15, and what inventory answers. */
const followsFrom: Readonly<Record<string, readonly string[]>> = {
  'PENDING PENDING': ['CONFIRMED RESERVED', 'PENDING BACKORDERED', 'CANCELLED PENDING'],
  'PENDING BACKORDERED': ['CONFIRMED RESERVED', 'CANCELLED BACKORDERED'],
  'CONFIRMED RESERVED': ['PROCESSING RESERVED', 'CANCELLED RESERVED'],
  'PROCESSING RESERVED': ['SHIPPED RESERVED', 'CANCELLED RESERVED'],
  'SHIPPED RESERVED': ['SHIPPED DEDUCTED', 'DELIVERED RESERVED'],
  'SHIPPED DEDUCTED': ['DELIVERED DEDUCTED'],
  'DELIVERED RESERVED': ['DELIVERED DEDUCTED', 'RETURNED RESERVED'],
  'DELIVERED DEDUCTED': ['RETURNED DEDUCTED'],
  'RETURNED RESERVED': ['RETURNED DEDUCTED'],
  'CANCELLED PENDING': ['CANCELLED RELEASED'],
  'CANCELLED BACKORDERED': ['CANCELLED RELEASED'],
  'CANCELLED RESERVED': ['CANCELLED RELEASED'],
};

/** Where else it may go when it must be paid first. */
const followsWherePaid: Readonly<Record<string, readonly string[]>> = {
  'PENDING PENDING': ['PENDING RESERVED', 'PENDING BACKORDERED', 'CANCELLED PENDING'],
  'PENDING BACKORDERED': ['PENDING RESERVED', 'CANCELLED BACKORDERED'],
  'PENDING RESERVED': ['CONFIRMED RESERVED', 'CANCELLED RESERVED'],
};

/** Whether an order may go from one state to the other in one step. */
export const mayFollow = (before: Order, after: Order): boolean => {
  const [from, to] = [stateOf(before), stateOf(after)];
  if (before.paymentStatus === 'NOT_REQUIRED') return followsFrom[from]?.includes(to) ?? false;
  if (from === to) return before.paymentStatus !== after.paymentStatus || before.refundVersion !== after.refundVersion;
  return (followsWherePaid[from] ?? followsFrom[from])?.includes(to) ?? false;
};

/** Where an order is, with its stock. */
export const stateOf = ({ status, stockStatus }: Order) => `${status} ${stockStatus}`;
