import type { PaymentStatus } from '../../lambda/contracts/values/order-status';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import type { Payment } from '../../lambda/payment/domain/payment';
import {
  capturedTotal,
  captureOf,
  capturesOf,
  leftOf,
  refundedTotal,
  retainedAmount,
} from '../../lambda/payment/domain/payment-sums';
import { type Deal, givenBack, lostOf } from './deal';
import { checkPaymentAlerts } from './payment-alerts';
import { paymentOf } from './payment-effects';
import { broken } from './promises';
import { isEnded } from './provider-ledger';
import { checkRefunds } from './refund-invariants';
import { allOrders, orderNamed, type World } from './world';

/** Where an order's payment may go. */
const followsFrom: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  NOT_REQUIRED: [],
  WAITING_PAYMENT: ['PAID', 'FAILED', 'REFUNDED'],
  FAILED: ['PAID', 'REFUNDED'],
  PAID: ['REFUNDED'],
  REFUNDED: ['PAID'],
};

const givenAway: readonly Order['status'][] = ['CONFIRMED', 'PROCESSING', 'SHIPPED'];

export const checkPaymentChange = (before: Order, after: Order): void => {
  const [from, to] = [before.paymentStatus, after.paymentStatus];
  if (from !== to && !followsFrom[from].includes(to)) broken('S2-07', `${after.orderId} went from ${from} to ${to}`);
  if (from !== to && to === 'REFUNDED' && isUnshipped(after.status))
    broken('F-01', `${after.orderId} is refunded in full, and goes on as ${after.status}`);
  const isGivenAway = before.status !== after.status && givenAway.includes(after.status);
  if (isGivenAway && to !== 'PAID' && to !== 'NOT_REQUIRED')
    broken('F-01', `${after.orderId} became ${after.status}, and its payment is ${to}`);
};

const sold: readonly Order['status'][] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED'];

/** An order that is refunded in full before it is shipped has ended. */
const isUnshipped = (status: Order['status']) => status === 'CONFIRMED' || status === 'PROCESSING';

/** Whether an order's payment may stay as it is for ever. */
export const isPaymentAtRest = ({ status, paymentStatus }: Order): boolean => {
  if (paymentStatus === 'NOT_REQUIRED') return true;
  if (status === 'PENDING') return paymentStatus === 'WAITING_PAYMENT';
  if (status === 'CANCELLED') return paymentStatus === 'FAILED' || paymentStatus === 'REFUNDED';
  if (status === 'RETURNED') return paymentStatus === 'REFUNDED';
  return paymentStatus === 'PAID' || (paymentStatus === 'REFUNDED' && !isUnshipped(status));
};

const nameOf = ({ tenant, orderId }: { tenant: string; orderId: string }) => `${tenant}#${orderId}`;

/** The providers' payments of each order. */
const dealsByOrder = ({ providerLedger }: World): Map<string, Deal[]> => {
  const all = new Map<string, Deal[]>();
  for (const deal of providerLedger.deals.values()) all.set(nameOf(deal), [...(all.get(nameOf(deal)) ?? []), deal]);
  return all;
};

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** What of a payment has gone back, given by somebody or taken by the bank. */
const goneOf = (deal: Deal): number => givenBack(deal) + lostOf(deal);

const netOf = (deals: readonly Deal[]): number => sum(deals.map((deal) => deal.captured - goneOf(deal)));

const checkDeals = (world: World, order: Order | undefined, deals: readonly Deal[]) => {
  const told = deals.filter(({ extra, shownFrom }) => !extra && shownFrom === undefined); // that somebody was told of
  const [deal] = told;
  if (deal === undefined) return;
  const name = nameOf(deal);
  const live = told.filter((one) => !isEnded(world, one)).length;
  if (live > 1) broken('P5', `${name} can be paid ${live} times`);
  if (order === undefined) return broken('P5', `${name} can be paid, and does not exist`);
  if (deal.amount !== order.total) broken('P5', `${name} costs ${order.total}, and ${deal.amount} can be paid`);
  const payment = paymentOf(world, order);
  for (const one of deals) checkRefunds(payment, one);
  checkKnown(payment, deals);
};

const isRefund = (payment: Payment, deal: Deal) =>
  payment.refunds.some((refund) => refund.externalPaymentId === deal.externalPaymentId);

/** Nobody is promised more than was taken; a refund that failed unheard promises nothing: what came back may be disputed. */
const checkAsked = (payment: Payment, deals: readonly Deal[]) => {
  const all = deals.flatMap((deal) => [...deal.refunds.values()]);
  const failed = new Set(all.filter(({ state }) => state === 'FAILED').map(({ externalRefundId }) => externalRefundId));
  const refunds = payment.refunds.filter(({ externalRefundId = '' }) => !failed.has(externalRefundId));
  for (const capture of capturesOf(payment)) {
    const over = -leftOf({ ...payment, refunds }, capture);
    if (over > 0) broken('P5', `${payment.paymentId} gives back ${over} more than ${capture.externalPaymentId} took`);
  }
};

/** What we say that the provider did, it did. */
const checkKnown = (payment: Payment | undefined, deals: readonly Deal[]) => {
  if (payment === undefined) return;
  const { paymentId, capturedAmount, amount } = payment;
  const taken = sum(deals.map(({ captured }) => captured));
  if (capturedTotal(payment) > taken) broken('P5', `${paymentId} says ${capturedTotal(payment)} of ${taken} taken`);
  if (capturedAmount > amount) broken('P5', `${paymentId} took ${capturedAmount} of ${amount}`);
  checkAsked(payment, deals);
  const back = sum(deals.filter((deal) => isRefund(payment, deal)).map(goneOf));
  if (refundedTotal(payment) > back)
    broken('P5', `${paymentId} says that ${refundedTotal(payment)} went back of ${back}`);
};

const checkPaid = (order: Order, deals: readonly Deal[]) => {
  const { orderId, status, paymentStatus, total } = order;
  if (paymentStatus === 'NOT_REQUIRED') return;
  const taken = sum(deals.map(({ captured }) => captured));
  if (sold.includes(status) && taken < total) broken('P5', `${orderId} is ${status}, and ${taken} of ${total} is paid`);
  if (paymentStatus === 'PAID' && taken < total) broken('P5', `${orderId} is PAID, and ${taken} of ${total} is`);
};

const over: readonly Payment['status'][] = ['COMPLETED', 'REFUNDED'];

/** What a rightly signed webhook of another amount may do: it is noted, or the provider's own list is read. */
const ofForgeries: readonly Payment['fact']['type'][] = ['PaymentMismatchFound', 'RefundsOutdated'];

const checkPaymentMoves = (before: Payment | undefined, after: Payment) => {
  if (before === undefined || before === after) return;
  const { paymentId, status, capturedAmount, version, lastEventId, fact } = after;
  if (over.includes(before.status) && !over.includes(status))
    broken('S2-07', `${paymentId} was ${before.status}, and is ${status}`);
  if (before.capturedAmount > capturedAmount) broken('P5', `${paymentId} forgot what it took`);
  if (version === before.version || lastEventId === before.lastEventId) return;
  if (lastEventId?.startsWith('forged_') && !ofForgeries.includes(fact.type))
    broken('P9', `${lastEventId} made ${paymentId} ${status}: ${fact.type}`);
};

const checkMoney = (world: World) => {
  for (const name of world.providerLedger.takenTwice) broken('P9', `${name} was taken up twice`);
  const deals = dealsByOrder(world);
  for (const all of deals.values()) checkDeals(world, all[0] && orderNamed(world, all[0]), all);
  for (const order of allOrders(world)) checkPaid(order, deals.get(nameOf(order)) ?? []);
};

/** What must hold of money at every moment. */
export const paymentWatcher = (world: World): (() => void) => {
  const seen = new Map<string, Payment>();
  const told = new Map<string, Set<string>>();

  /** One webhook changes one payment once. */
  const checkOnce = (before: Payment | undefined, { paymentId, tenant, lastEventId }: Payment) => {
    if (lastEventId === undefined || lastEventId === before?.lastEventId) return;
    const events = told.get(tenantKey(tenant, paymentId)) ?? new Set();
    if (events.has(lastEventId)) broken('P9', `${lastEventId} changed ${paymentId} again`);
    told.set(tenantKey(tenant, paymentId), events.add(lastEventId));
  };

  const noteKept = (key: string, payment: Payment) => {
    if (payment.capturedAmount === 0 || retainedAmount(payment) > 0) world.refundedInFull.delete(key);
    else if (!world.refundedInFull.has(key)) world.refundedInFull.set(key, {});
  };

  const watchPayment = (key: string, payment: Payment) => {
    const before = seen.get(key);
    if (before === payment) return;
    checkPaymentMoves(before, payment);
    checkOnce(before, payment);
    noteKept(key, payment);
    seen.set(key, payment);
  };

  return () => {
    if (world.online.size === 0) return;
    checkMoney(world);
    for (const [key, payment] of world.payments) watchPayment(key, payment);
  };
};

const payable: readonly Deal['state'][] = ['OPEN', 'DECLINED', 'AUTHORIZED'];

const expectedNet = (order: Order, payment: Payment | undefined): number => {
  if (order.paymentStatus === 'NOT_REQUIRED') return 0;
  if (order.status === 'CANCELLED' || order.status === 'RETURNED' || order.status === 'PENDING') return 0;
  return (
    order.total -
    (payment === undefined ? 0 : refundedTotal(payment) - sum(payment.extraCaptures.map(({ amount }) => amount)))
  );
};

const checkAccount = (world: World, order: Order, deals: readonly Deal[]) => {
  const { orderId, status, paymentStatus, total } = order;
  if (!isPaymentAtRest(order)) broken('P5', `${orderId} ends as ${status}, its payment ${paymentStatus}`);
  const net = netOf(deals);
  const expected = expectedNet(order, paymentOf(world, order));
  if (net !== expected) broken('P5', `${orderId} is ${status}: ${net} of ${total} is kept, and not ${expected}`);
  if (net === 0 && paymentStatus === 'PAID') broken('P5', `${orderId} is told to be PAID, and nothing of it is kept`);
  const open = deals.filter((deal) => payable.includes(deal.state) && !isEnded(world, deal));
  if (open.length > 0) broken('P5', `${orderId} is ${status}, and can still be paid`);
};

/** What must hold of money once nothing goes on any more. */
export const checkPaymentsAtTheEnd = (world: World): void => {
  if (world.online.size === 0) return;
  const deals = dealsByOrder(world);
  for (const order of allOrders(world)) checkAccount(world, order, deals.get(nameOf(order)) ?? []);
  checkPaymentAlerts(world, deals);
};

/**
 * What went back at a provider and is not known here yet. What was taken of a wrong sum, or
 * never heard of, and was given back as a whole nobody need know.
 */
export const unbooked = (world: World): string[] =>
  [...dealsByOrder(world).values()].flatMap((deals) => {
    const [deal] = deals;
    const payment = deal && paymentOf(world, deal);
    if (deal === undefined || payment === undefined || payment.mismatch !== undefined) return [];
    const isKnown = (one: Deal) =>
      captureOf(payment, one.externalPaymentId) !== undefined || goneOf(one) < one.captured;
    const [known, gone] = [refundedTotal(payment), sum(deals.filter(isKnown).map(goneOf))];
    return known === gone ? [] : [`${gone} of ${nameOf(deal)} went back, and ${known} is known`];
  });
