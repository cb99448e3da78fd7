import type { ReconciledEvent, ReconciledOrderEvent } from '../../lambda/alert/payments/payment-state';
import type { PaymentAlertType } from '../../lambda/contracts/events/alert-events';
import type { Random } from '../simulation/random';
import {
  failed,
  mismatch,
  mouse,
  type OrderEventOptions,
  orderEvent,
  refunded,
  refundFailed,
  type Shop,
  succeeded,
} from './reconciled-events';

/** What happened to an order and its payment, in seconds since the start, and what must be raised about it. */
export type Story = {
  readonly beats: readonly { readonly at: number; readonly event: ReconciledEvent }[];
  readonly raises?: PaymentAlertType;
  /** Whether both sides agree in the end. */
  readonly closes?: boolean;
  /** Until when the truth is watched at least. */
  readonly until?: number;
};

type Told = Omit<OrderEventOptions, 'shop' | 'version' | 'at'>;

/** Writes down one order and its payment. Each service has its own versions, and a clock that is up to 2 s off. */
export const narrator = (random: Random) => {
  const beats: { at: number; event: ReconciledEvent }[] = [];
  const shop: Shop = { ...mouse, total: 100 * (1 + random.below(100)) };
  const skew = { order: random.below(5) - 2, payment: random.below(5) - 2 };
  const versions = { order: 0, payment: 1 };
  const begin = random.below(60);
  const order = (at: number, type: ReconciledOrderEvent['type'], published: Told = {}) => {
    versions.order += 1;
    const time = at + skew.order;
    beats.push({
      at,
      event: orderEvent(type, { shop, version: versions.order, at: time, placedAt: begin, ...published }),
    });
  };
  const pay = <Options extends object>(at: number, make: (options: never) => ReconciledEvent, more?: Options) => {
    versions.payment += 1;
    const options = { shop, version: versions.payment, at: at + skew.payment, ...more };
    beats.push({ at, event: make(options as never) });
  };
  /** Placed and reserved: the customer may pay. */
  const ask = () => {
    order(begin, 'OrderPlaced.v2');
    order(begin + 1, 'OrderAwaitingPayment.v2', { deadline: begin + 1801 });
    return begin + 2 + random.below(600);
  };
  const confirm = (at: number) => order(at, 'OrderConfirmed.v2', { paymentStatus: 'PAID' });
  /** Paid and confirmed, as it should be. */
  const sell = () => {
    const paidAt = ask();
    pay(paidAt, succeeded);
    confirm(paidAt + 1 + random.below(3));
    return paidAt + 5 + random.below(300);
  };
  return { beats, shop, begin, random, order, pay, ask, confirm, sell };
};
type Narrator = ReturnType<typeof narrator>;

const sold = ({ sell, beats }: Narrator): Story => {
  sell();
  return { beats };
};

const toldAgain = ({ sell, pay, beats }: Narrator): Story => {
  pay(sell() + 60, succeeded);
  return { beats };
};

const delivered = ({ sell, order, beats }: Narrator): Story => {
  const at = sell();
  order(at, 'OrderShipped.v2', { paymentStatus: 'PAID' });
  order(at + 100, 'OrderDelivered.v2', { paymentStatus: 'PAID' });
  return { beats };
};

const cancelledAndRefunded = ({ sell, order, pay, random, beats }: Narrator): Story => {
  const at = sell();
  order(at, 'OrderCancelled.v2', { paymentStatus: 'PAID' });
  pay(at + 1 + random.below(600), refunded);
  return { beats };
};

const returned = ({ sell, order, pay, random, beats }: Narrator): Story => {
  const at = sell();
  order(at, 'OrderDelivered.v2', { paymentStatus: 'PAID' });
  order(at + 100, 'OrderReturned.v2', { paymentStatus: 'PAID' });
  pay(at + 101 + random.below(600), refunded);
  return { beats };
};

const partlyRefunded = ({ sell, pay, shop, beats }: Narrator): Story => {
  pay(sell(), refunded, { amount: shop.total / 4 });
  return { beats };
};

const declined = ({ ask, order, pay, beats }: Narrator): Story => {
  const at = ask();
  pay(at, failed);
  order(at + 1, 'OrderCancelled.v2', { paymentStatus: 'FAILED' });
  return { beats };
};

const expired = ({ ask, order, pay, begin, beats }: Narrator): Story => {
  ask();
  order(begin + 1802, 'OrderCancelled.v2');
  pay(begin + 1804, failed);
  return { beats };
};

const offline = ({ order, begin, random, beats }: Narrator): Story => {
  const published = { paymentStatus: random.chance(0.5) ? ('NOT_REQUIRED' as const) : undefined };
  order(begin, 'OrderPlaced.v2', published);
  order(begin + 1, 'OrderConfirmed.v2', published);
  order(begin + 100 + random.below(3000), 'OrderShipped.v2', published);
  return { beats };
};

const backordered = ({ order, pay, confirm, begin, beats }: Narrator): Story => {
  order(begin, 'OrderPlaced.v2');
  order(begin + 3, 'OrderBackordered.v2', { deadline: begin + 259_200 });
  order(begin + 7200, 'OrderAwaitingPayment.v2', { deadline: begin + 9000 });
  pay(begin + 7300, succeeded);
  confirm(begin + 7302);
  return { beats };
};

/** Lives of orders with which nothing is wrong. */
export const cleanStories = {
  ...{ sold, toldAgain, delivered, cancelledAndRefunded, returned, partlyRefunded, declined, expired, offline },
  backordered,
} as const;

const neverConfirmed = ({ ask, pay, beats }: Narrator): Story => {
  pay(ask(), succeeded);
  return { beats, raises: 'payment_without_order' };
};

const confirmedLate = ({ ask, pay, confirm, random, beats }: Narrator): Story => {
  const at = ask();
  pay(at, succeeded);
  confirm(at + 120 + random.below(600));
  return { beats, raises: 'payment_without_order', closes: true };
};

const neverPaid = ({ ask, confirm, beats }: Narrator): Story => {
  confirm(ask());
  return { beats, raises: 'order_without_payment' };
};

const confirmedAndDeclined = ({ ask, confirm, pay, beats }: Narrator): Story => {
  const at = ask();
  pay(at, failed);
  confirm(at + 1);
  return { beats, raises: 'order_without_payment' };
};

const paidLate = ({ ask, confirm, pay, random, beats }: Narrator): Story => {
  const at = ask();
  confirm(at);
  pay(at + 120 + random.below(600), succeeded);
  return { beats, raises: 'order_without_payment', closes: true };
};

const chargedTwice = ({ sell, pay, random, beats }: Narrator): Story => {
  const at = sell();
  pay(at, succeeded, { id: 'pp-2' });
  const closes = random.chance(0.5);
  if (closes) pay(at + 1 + random.below(100), refunded);
  return { beats, raises: 'double_payment', closes };
};

const otherAmount = ({ ask, confirm, pay, random, shop, beats }: Narrator): Story => {
  const at = ask();
  const difference = 1 + random.below(shop.total - 1);
  const isMore = random.chance(0.5);
  pay(at, succeeded, { amount: isMore ? shop.total + difference : shop.total - difference });
  confirm(at + 1);
  const closes = isMore && random.chance(0.5);
  if (closes) pay(at + 60 + random.below(100), refunded, { amount: difference });
  return { beats, raises: 'amount_mismatch', closes };
};

const otherCurrency = ({ ask, confirm, order, pay, random, shop, begin, beats }: Narrator): Story => {
  const at = ask();
  pay(at, mismatch, random.chance(0.5) ? { amount: shop.total, currency: 'USD' } : { amount: shop.total + 1 });
  const closes = random.chance(0.5);
  if (closes) {
    pay(at + 20, succeeded);
    confirm(at + 21);
  } else {
    order(begin + 1802, 'OrderCancelled.v2');
    pay(begin + 1804, failed);
  }
  return { beats, raises: 'amount_mismatch', closes };
};

const noOrder = ({ begin, pay, beats }: Narrator): Story => {
  pay(begin, succeeded);
  return { beats, raises: 'capture_without_order' };
};

const paidAfterTheEnd = ({ ask, order, pay, random, beats }: Narrator): Story => {
  const at = ask();
  pay(at, failed);
  order(at + 1, 'OrderCancelled.v2', { paymentStatus: 'FAILED' });
  pay(at + 2 + random.below(600), succeeded, { late: true });
  const closes = random.chance(0.5);
  if (closes) pay(at + 700, refunded);
  return { beats, raises: 'capture_without_order', closes };
};

const notPaidBack = ({ sell, order, pay, random, beats }: Narrator): Story => {
  const at = sell();
  if (random.chance(0.5)) order(at, 'OrderCancelled.v2', { paymentStatus: 'PAID' });
  else order(at, 'OrderReturned.v2', { paymentStatus: 'PAID' });
  const failing = random.chance(0.5);
  if (failing) pay(at + 2, refundFailed);
  const closes = random.chance(0.5);
  if (closes) pay(at + 1200, refunded, { refundId: 'refund-2' });
  return { beats, raises: failing ? 'refund_failed' : 'refund_missing', closes, until: at + 2100 };
};

const stuck = ({ order, begin, random, beats }: Narrator): Story => {
  order(begin, 'OrderPlaced.v2');
  const isReserved = random.chance(0.5);
  if (isReserved) order(begin + 1, 'OrderAwaitingPayment.v2', { deadline: begin + 1801 });
  const closes = random.chance(0.5);
  if (closes) order(begin + 3600, 'OrderCancelled.v2');
  return { beats, raises: 'order_stuck', closes, until: begin + 2900 };
};

/** Twelve kinds of disagreement between an order and its payment. */
export const disagreements = {
  ...{ neverConfirmed, confirmedLate, neverPaid, confirmedAndDeclined, paidLate, chargedTwice, otherAmount },
  ...{ otherCurrency, noOrder, paidAfterTheEnd, notPaidBack, stuck },
} as const;
