import type { Tenant } from '../../lambda/kernel/tenant';
import { capturedTotal, refundedTotal } from '../../lambda/payment/domain/payment-sums';
import { paymentOf } from './payment-effects';
import { broken } from './promises';
import { orderNamed, type World } from './world';

type Owner = 'order' | 'payment';

type Named = { readonly tenant: Tenant; readonly orderId: string };

const sold: readonly string[] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED'];

const isSold = (world: World, named: Named): boolean =>
  orderNamed(world, named)?.history.some(({ status }) => sold.includes(status)) ?? false;

const isPaid = (world: World, named: Named): boolean =>
  paymentOf(world, named)?.history.some(({ event }) => event === 'PaymentSucceeded') ?? false;

const isBack = (world: World, named: Named): boolean => {
  const payment = paymentOf(world, named);
  return payment !== undefined && capturedTotal(payment) > 0 && refundedTotal(payment) >= capturedTotal(payment);
};

/** Who is asked before an alert says that something has not happened, and whether it has. */
const missing: Readonly<Record<string, { owner: Owner; has: (world: World, named: Named) => boolean }>> = {
  payment_without_order: { owner: 'order', has: isSold },
  order_without_payment: { owner: 'payment', has: isPaid },
  refund_missing: { owner: 'payment', has: isBack },
};

const falseAlerts = new WeakMap<World, string[]>();

/** What had happened when an owner was last asked, by alert and order. */
type Asked = Map<string, boolean>;

const askedByAnybody = new WeakMap<World, Asked>();

const keyOf = (type: string, { tenant, orderId }: Named): string => `${type} ${tenant}#${orderId}`;

/**
 * Watches one process that asks owners and raises alerts. An alert is false if what it misses had happened when its
 * owner was asked: by this process, or else by anybody.
 */
export const alertTruth = (world: World) => {
  const byAnybody: Asked = askedByAnybody.get(world) ?? new Map();
  askedByAnybody.set(world, byAnybody);
  const here: Asked = new Map();
  return {
    asked: (owner: Owner, named: Named): void => {
      for (const [type, { owner: asked, has }] of Object.entries(missing)) {
        if (asked !== owner) continue;
        here.set(keyOf(type, named), has(world, named));
        byAnybody.set(keyOf(type, named), has(world, named));
      }
    },
    raised: ({ type, ...named }: Named & { readonly type: string }): void => {
      const key = keyOf(type, named);
      const isFalse = here.get(key) ?? byAnybody.get(key) ?? missing[type]?.has(world, named) ?? false;
      if (isFalse) falseAlerts.set(world, [...(falseAlerts.get(world) ?? []), `${type} of ${named.orderId}`]);
    },
  };
};

/** What was not heard is told only when it has not happened, whatever is late or lost. */
export const checkRaised = (world: World): void => {
  for (const alert of falseAlerts.get(world) ?? []) broken('P10', `was raised, though it was not so: ${alert}`);
};
