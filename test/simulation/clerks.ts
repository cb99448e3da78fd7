import type { Answer } from '../../lambda/kernel/answer';
import { tellServices } from '../../lambda/order/tell-services';
import { orderGateway } from '../../lambda/payment/order.gateway';
import type { Payment } from '../../lambda/payment/payment';
import { refundable } from '../../lambda/payment/payment-sums';
import { type Deal, giveBackByHand } from './acquirer';
import type { Parts } from './parts';
import { broken } from './promises';
import { staffRequest } from './requests';
import { clockOf, orderNamed, type World } from './world';

/** A refund that somebody wants, and what was answered. */
type Wish = { readonly id: string; readonly payment: Payment; readonly amount: number; refundId?: string };

/** Staff who give money back, by amount, and repeat what was not answered under the same key. */
export const clerks = (world: World, parts: Parts) => {
  const wishes: Wish[] = [];

  const hear = (wish: Wish, answer: Answer) => {
    if (answer.status >= 500) broken('P15', `${wish.id} was answered ${answer.status}`);
    if (answer.status !== 202 || !('body' in answer)) return;
    const { refundId } = answer.body as { refundId: string };
    if (wish.refundId !== undefined && wish.refundId !== refundId)
      broken('P3', `${wish.id} was answered refund ${wish.refundId}, then ${refundId}`);
    wish.refundId = refundId;
  };

  const ask = (wish: Wish) => {
    const { id, amount, payment } = wish;
    const { tenant, paymentId } = payment;
    const request = staffRequest(tenant, {
      body: { amount, reason: id },
      headers: { 'idempotency-key': id },
      named: paymentId,
    });
    world.scheduler.start(
      `${id}: ${amount} of ${tenant}#${paymentId}`,
      async (io) => {
        const orders = orderGateway(tellServices(parts.orderStore(world.orders, io)));
        const deps = { payments: parts.paymentStore(world.payments, io), orders, now: clockOf(world) };
        const answer = await parts.requestRefundRoute(deps)(request);
        await io('clerk.hears', () => hear(wish, answer));
      },
      () => undefined,
    );
  };

  const want = (payment: Payment, amount: number) => {
    const wish: Wish = { id: `refund-${wishes.length + 1}`, payment, amount };
    wishes.push(wish);
    ask(wish);
    if (world.random.chance(0.3)) ask(wish);
  };

  const rowsOf = () => [...world.payments.payments.values()];

  const isUnshipped = (status: string) => status === 'CONFIRMED' || status === 'PROCESSING';

  const undone = ['CANCELLED', 'RETURNED'];

  /** The order is undone, and its money is not back: the last try failed, and nobody tries again. */
  const isStranded = (payment: Payment) =>
    undone.includes(orderNamed(world, payment)?.status ?? '') &&
    payment.status === 'COMPLETED' &&
    refundable(payment) > 0 &&
    payment.refunds.some(({ status }) => status === 'FAILED');

  const isDisputed = ({ state, captured, amount, refunds }: Deal) =>
    state === 'CAPTURED' && captured !== amount && refunds.size === 0;

  return {
    /** Somebody gives a part of a payment back, or all of it. */
    act: (): void => {
      const captured = rowsOf().filter(({ status }) => status === 'COMPLETED');
      if (captured.length === 0) return;
      const open = wishes.filter(({ refundId }) => refundId === undefined);
      if (open.length > 0 && world.random.chance(0.5)) ask(world.random.pick(open));
      const unshipped = captured.filter((one) => isUnshipped(orderNamed(world, one)?.status ?? ''));
      if (unshipped.length > 0 && world.random.chance(0.4)) {
        const payment = world.random.pick(unshipped);
        return want(payment, refundable(payment) > 0 ? refundable(payment) : payment.amount);
      }
      const payment = world.random.pick(captured);
      want(payment, world.random.chance(0.3) ? payment.amount : 1 + world.random.below(payment.amount));
    },
    /** Operations see to what the alerts tell: a sum that nobody asked for, and refunds that have failed. */
    settle: (): void => {
      for (const deal of world.acquirer.deals.values()) if (isDisputed(deal)) giveBackByHand(world, deal);
      for (const payment of rowsOf()) if (isStranded(payment)) want(payment, refundable(payment));
    },
  };
};

export type Clerks = ReturnType<typeof clerks>;
