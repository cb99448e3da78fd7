import { type Answer, isProblem } from '../../lambda/kernel/http/answer';
import { describeOrder } from '../../lambda/order/describe-order';
import type { Payment } from '../../lambda/payment/domain/payment';
import { refundable } from '../../lambda/payment/domain/payment-sums';
import { orderGateway } from '../../lambda/payment/order.gateway';
import { siteOf } from './client';
import type { Deal } from './deal';
import { giveBackByHand } from './elsewhere';
import type { Parts } from './parts';
import { paymentOf } from './payment-effects';
import { broken } from './promises';
import { staffRequest } from './requests';
import { clockOf, orderNamed, type World } from './world';

/** A refund that somebody wants, and what was answered. */
type Pieces = { readonly productId: string; readonly quantity: number };
type What = { readonly amount: number } | { readonly lines: readonly Pieces[] };

type Wish = { readonly id: string; readonly payment: Payment; readonly what: What; refundId?: string };

const unshipped = ['CONFIRMED', 'PROCESSING'];

const hasSeveral = ({ lines }: Payment) => lines.reduce((sum, { quantity }) => sum + quantity, 0) > 1;

const isFault = (answer: Answer) =>
  answer.status >= 500 && !(isProblem(answer) && answer.problem === 'OrderServiceUnavailable');

/** Staff who give money back, by amount or by line, and repeat what was not answered under the same key. */
export const paymentStaff = (world: World, parts: Parts) => {
  const wishes: Wish[] = [];

  const statusOf = (payment: Payment) => orderNamed(world, payment)?.status ?? '';

  /** Some lines of what is still to be shipped are not given back: with them went not all that was taken. */
  const checkLines = ({ id, payment, what }: Wish, refundId: string) => {
    const { capturedAmount, externalPaymentId, refunds } = paymentOf(world, payment) ?? payment;
    const own = refunds.filter((refund) => refund.externalPaymentId === externalPaymentId);
    const upToIt = own.slice(0, own.findIndex((refund) => refund.refundId === refundId) + 1);
    const most = upToIt.reduce((sum, { amount }) => sum + amount, 0);
    if ('lines' in what && unshipped.includes(statusOf(payment)) && most < capturedAmount)
      broken('F-01', `${id} gives lines back of ${payment.orderId}, which is ${statusOf(payment)}`);
  };

  /** What is asked for under one key is given back once. */
  const checkOnce = ({ id, refundId: before }: Wish, refundId: string) => {
    const known = before ?? wishes.find((one) => one.id === id && one.refundId !== undefined)?.refundId ?? refundId;
    if (known !== refundId) broken('P3', `${id} was answered refund ${known}, then ${refundId}`);
  };

  const hear = (wish: Wish, answer: Answer) => {
    if (isFault(answer)) broken('P15', `${wish.id} was answered ${answer.status}`);
    if (answer.status !== 202 || !('body' in answer)) return;
    const { refundId } = answer.body as { refundId: string };
    checkOnce(wish, refundId);
    if (wish.refundId === undefined) checkLines(wish, refundId);
    wish.refundId = refundId;
  };

  const ask = (wish: Wish) => {
    const { id, what, payment } = wish;
    const { tenant, paymentId } = payment;
    const request = staffRequest(tenant, {
      body: { ...what, reason: id },
      headers: { 'idempotency-key': id },
      named: paymentId,
    });
    world.scheduler.start(
      `${id}: ${JSON.stringify(what)} of ${tenant}#${paymentId}`,
      async (io) => {
        const orders = orderGateway(describeOrder(parts.orderStore(siteOf(world, io))));
        const deps = { payments: parts.paymentStore(siteOf(world, io)), orders, now: clockOf(world) };
        const answer = await parts.requestRefundRoute(deps)(request);
        await io('clerk.hears', () => hear(wish, answer));
      },
      () => undefined,
    );
  };

  const want = (payment: Payment, wanted: number | readonly Pieces[], id = `refund-${wishes.length + 1}`) => {
    const what = typeof wanted === 'number' ? { amount: wanted } : { lines: wanted };
    const wish: Wish = { id, payment, what };
    wishes.push(wish);
    ask(wish);
    if (world.random.chance(0.3)) ask(wish);
  };

  const rowsOf = () => [...world.payments.values()];

  /** All that is left of what is not shipped yet, or one piece of it. */
  const wantOfUnshipped = (payment: Payment) => {
    const productId = payment.lines[0]?.productId ?? '';
    if (hasSeveral(payment) && world.random.chance(0.8)) want(payment, [{ productId, quantity: 1 }]);
    else want(payment, refundable(payment) > 0 ? refundable(payment) : payment.amount);
  };

  const undone = ['CANCELLED', 'RETURNED'];

  /** The order is undone, and its money is not back: the last try failed, and nobody tries again. */
  const isStranded = (payment: Payment) =>
    undone.includes(orderNamed(world, payment)?.status ?? '') &&
    payment.status === 'COMPLETED' &&
    refundable(payment) > 0 &&
    payment.refunds.some(({ status }) => status === 'FAILED');

  const isDisputed = ({ state, captured, amount, refunds }: Deal) =>
    state === 'CAPTURED' && captured !== amount && refunds.size === 0;

  const wantSome = (captured: readonly Payment[]) => {
    const waiting = captured.filter((one) => unshipped.includes(statusOf(one)));
    const payment = world.random.pick(captured);
    const several = waiting.filter(hasSeveral);
    if (waiting.length > 0 && world.random.chance(0.7))
      wantOfUnshipped(world.random.pick(several.length > 0 ? several : waiting));
    else want(payment, world.random.chance(0.3) ? payment.amount : 1 + world.random.below(payment.amount));
  };

  /** Somebody wants two payments back under one key, by mistake: one of them is refused. */
  const wantTwo = (one: Payment, other: Payment) => {
    const id = `refund-${wishes.length + 1}`;
    if (one === other || one.tenant !== other.tenant) return;
    want(one, 1, id);
    want(other, 1, id);
  };

  return {
    /** Somebody gives a part of a payment back, or all of it. */
    act: (): void => {
      const captured = rowsOf().filter(({ status }) => status === 'COMPLETED');
      if (captured.length === 0) return;
      const open = wishes.filter(({ refundId }) => refundId === undefined);
      if (open.length > 0 && world.random.chance(0.5)) ask(world.random.pick(open));
      if (captured.length > 1 && world.random.chance(0.3))
        wantTwo(world.random.pick(captured), world.random.pick(captured));
      else wantSome(captured);
    },
    /** Operations see to what the alerts tell: a sum that nobody asked for, and refunds that have failed. */
    settle: (): void => {
      for (const deal of world.providerLedger.deals.values()) if (isDisputed(deal)) giveBackByHand(world, deal);
      for (const payment of rowsOf()) if (isStranded(payment)) want(payment, refundable(payment));
    },
  };
};
