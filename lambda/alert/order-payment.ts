import { PaymentAlertType } from '../contracts/alert-events';
import { trustedTenant } from '../kernel/tenant';
import type { Cause } from './alert';
import { hearOrder, needsPayment } from './order-seen';
import { type Finding, rules } from './payment-rules';
import { hearPayment } from './payment-seen';
import {
  earlier,
  later,
  type Moment,
  type OrderAlert,
  type OrderPayment,
  type OrderSeen,
  type WatchedEvent,
  type WatchedPaymentEvent,
} from './watched-order';

/** How long the order service is left alone about an order until it is asked again. */
const askAgainSeconds = 300;

/** Alerts that an order may have put an end to without our hearing of it. */
const askedAbout = ['order_stuck', 'payment_without_order'] as const;
const isAskedAbout = (alerts: OrderPayment['alerts']) => askedAbout.some((type) => alerts[type]?.state === 'RAISED');

const begun = ({ tenantid, data }: WatchedEvent, cause: Cause): OrderPayment => ({
  tenant: trustedTenant(tenantid),
  orderId: data.orderId,
  captures: {},
  refunds: {},
  mismatches: {},
  alerts: {},
  version: 0,
  cause,
});

const isOfPayment = (event: WatchedEvent): event is WatchedPaymentEvent => 'paymentId' in event.data;

/**
 * Whether an event may say anything new: all of orders that are paid here, and of others what is told so long after they
 * were placed that they may be stuck.
 */
export const isWatched = (event: WatchedEvent, { now, patience }: Moment): boolean =>
  isOfPayment(event) || needsPayment(event) || later(event.data.placedAt, patience.stuckSeconds) <= now.toISOString();

/** What an event makes of what is known, however often and in whatever order it comes; nothing when it is no news. */
export const hear = (
  known: OrderPayment | undefined,
  event: WatchedEvent,
  moment: Moment,
): OrderPayment | undefined => {
  const cause = { correlationId: event.correlationid, causationId: event.id, traceparent: event.traceparent };
  const state = known ?? begun(event, cause);
  const next = isOfPayment(event) ? hearPayment(state, event, moment.now) : hearOrder(state, event, moment);
  return next && { ...next, cause };
};

const isKnownStuck = ({ waitsUntil, askedAt }: OrderSeen): boolean =>
  waitsUntil !== undefined && askedAt !== undefined && askedAt >= waitsUntil;

/** When the order service is to be asked again about an order of which something is told. */
const askAgainAt = ({ order, alerts }: OrderPayment, now: string): string | undefined => {
  if (order === undefined || !isAskedAbout(alerts)) return undefined;
  return order.askedAt === undefined ? now : later(order.askedAt, askAgainSeconds);
};

/** Whether the order service must be asked before anybody is told that an order is stuck, or to learn that it goes on. */
export const mustAskOrder = (state: OrderPayment, { now }: Moment): boolean => {
  const { order } = state;
  const at = now.toISOString();
  const isOverdue = order?.waitsUntil !== undefined && order.waitsUntil <= at && !isKnownStuck(order);
  const again = askAgainAt(state, at);
  return isOverdue || (again !== undefined && again <= at);
};

const raised = (before: OrderAlert | undefined, finding: Finding, now: string, version: number): OrderAlert => ({
  state: 'RAISED',
  error: finding.error,
  count: (before?.count ?? 0) + 1,
  firstAt: before?.firstAt ?? now,
  lastAt: now,
  told: finding.times ?? 0,
  changedIn: version,
});

type Looked = { readonly now: string; readonly version: number };

/** The alert as it is from now on; the same when nothing changes. */
const settle = (
  alert: OrderAlert | undefined,
  finding: Finding | undefined,
  { now, version }: Looked,
): OrderAlert | undefined => {
  const isRaised = alert?.state === 'RAISED';
  if (finding === undefined) {
    return isRaised ? { ...alert, state: 'RESOLVED', resolvedAt: now, changedIn: version } : alert;
  }
  const isNew = !isRaised || (finding.times ?? 0) > alert.told;
  return isNew && finding.dueAt <= now ? raised(alert, finding, now, version) : alert;
};

/** An order is told to be stuck only when the order service has said so. */
const confirmedFinding = (state: OrderPayment, type: PaymentAlertType, { patience }: Moment): Finding | undefined => {
  const finding = rules[type].find(state, patience);
  return type === 'order_stuck' && !(state.order && isKnownStuck(state.order)) ? undefined : finding;
};

const nextLook = (state: OrderPayment, moment: Moment, alerts: OrderPayment['alerts']): string | undefined => {
  const now = moment.now.toISOString();
  const open = PaymentAlertType.options.flatMap((type) => {
    const finding = rules[type].find(state, moment.patience);
    if (alerts[type]?.state === 'RAISED') return finding === undefined ? [now] : []; // told, and over by now
    return finding === undefined ? [] : [finding.dueAt];
  });
  return open.reduce<string | undefined>(earlier, askAgainAt(state, now));
};

/** What is told of a state at a moment: alerts raised and resolved, and when to look again. Nothing when all stays. */
const look = (state: OrderPayment, version: number, moment: Moment): Pick<OrderPayment, 'alerts' | 'dueAt'> => {
  const looked = { now: moment.now.toISOString(), version };
  const alerts = Object.fromEntries(
    PaymentAlertType.options.flatMap((type) => {
      const alert = settle(state.alerts[type], confirmedFinding(state, type, moment), looked);
      return alert === undefined ? [] : [[type, alert]];
    }),
  ) as OrderPayment['alerts'];
  return { alerts, dueAt: nextLook({ ...state, alerts }, moment, alerts) };
};

/**
 * Checks what is known at a moment: raises what is wrong for too long, once, and resolves what is not any more. `known`
 * is what was written last; nothing when there is nothing to write.
 */
export const check = (
  known: OrderPayment | undefined,
  state: OrderPayment,
  moment: Moment,
): OrderPayment | undefined => {
  const version = (known?.version ?? 0) + 1;
  const { alerts, dueAt } = look(state, version, moment);
  const isSame =
    state === known &&
    dueAt === known.dueAt &&
    PaymentAlertType.options.every((type) => alerts[type] === known.alerts[type]);
  return isSame ? undefined : { ...state, alerts, dueAt, version };
};
