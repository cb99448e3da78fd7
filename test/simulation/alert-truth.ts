import type { Tenant } from '../../lambda/kernel/tenant';
import { capturedTotal, refundedTotal } from '../../lambda/payment/domain/payment-sums';
import { paymentOf } from './payment-effects';
import { broken } from './promises';
import { orderNamed, type World } from './world';

type Named = { readonly tenant: Tenant; readonly orderId: string };

const moment = 111_000; // between an owner's answer and the alert that follows from it, a jump of the clock among them

const sold: readonly string[] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED'];

const isSoldSince = (world: World, named: Named): string | undefined =>
  orderNamed(world, named)?.history.find(({ status }) => sold.includes(status))?.at;

const isPaidSince = (world: World, named: Named): string | undefined =>
  paymentOf(world, named)?.history.find(({ event }) => event === 'PaymentSucceeded')?.at;

const isBackSince = (world: World, named: Named): string | undefined => {
  const payment = paymentOf(world, named);
  if (payment === undefined || refundedTotal(payment) < capturedTotal(payment)) return undefined;
  return payment.refunds
    .map(({ processedAt = '' }) => processedAt)
    .sort()
    .at(-1);
};

/** Since when what an alert says was not heard of has happened all the same. */
const happenedSince: Readonly<Record<string, (world: World, named: Named) => string | undefined>> = {
  payment_without_order: isSoldSince,
  order_without_payment: isPaidSince,
  refund_missing: isBackSince,
};

const falseAlerts = new WeakMap<World, string[]>();

/** Notes an alert about what was not heard that had happened all the same: whoever raises it catches what is thrown. */
export const noteRaised = (world: World, { type, ...named }: Named & { readonly type: string }): void => {
  const since = happenedSince[type]?.(world, named);
  if (since !== undefined && since !== '' && Date.parse(since) < world.now - moment)
    falseAlerts.set(world, [...(falseAlerts.get(world) ?? []), `${type} of ${named.orderId}, not so since ${since}`]);
};

/** What was not heard is told only when it has not happened, whatever is late or lost. */
export const checkRaised = (world: World): void => {
  for (const alert of falseAlerts.get(world) ?? []) broken('P10', `was raised: ${alert}`);
};
