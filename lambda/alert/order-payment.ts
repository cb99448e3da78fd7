import { PaymentAlertType } from '../contracts/alert-events';
import { trustedTenant } from '../kernel/tenant';
import type { Cause } from './alert';
import { hearOrder, needsPayment } from './order-seen';
import { askAgainAt, isAnsweredFor } from './owners';
import { type Finding, isClosed, rules } from './payment-rules';
import { hearPayment } from './payment-seen';
import {
  type Closed,
  earlier,
  later,
  type Moment,
  type OrderAlert,
  type OrderPayment,
  type WatchedEvent,
  type WatchedPaymentEvent,
} from './watched-order';

const begun = ({ tenantid, data }: WatchedEvent, cause: Cause): OrderPayment => ({
  tenant: trustedTenant(tenantid),
  orderId: data.orderId,
  captures: {},
  refunds: {},
  mismatches: {},
  disputes: {},
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

const raised = (before: OrderAlert | undefined, finding: Finding, now: string, version: number): OrderAlert => ({
  state: 'RAISED',
  error: finding.error,
  count: (before?.count ?? 0) + 1,
  firstAt: before?.firstAt ?? now,
  lastAt: now,
  told: finding.times ?? 0,
  facts: finding.facts,
  changedIn: version,
  ...(before?.closed && { closed: before.closed }),
});

type Looked = { readonly now: string; readonly version: number };

/** An order that is given more time is not stuck any more; nothing else that is wrong becomes right by waiting. */
const isOver = (type: PaymentAlertType, finding: Finding | undefined, now: string): boolean =>
  finding === undefined || (type === 'order_stuck' && finding.dueAt > now);

const mayRaise = (state: OrderPayment, alert: OrderAlert | undefined, finding: Finding, now: string): boolean => {
  const isNew = alert?.state !== 'RAISED' || (finding.times ?? 0) > alert.told;
  return isNew && finding.dueAt <= now && !isClosed(alert, finding) && isAnsweredFor(state, finding);
};

/** The alert as it is from now on; the same when nothing changes. */
const settle = (
  state: OrderPayment,
  type: PaymentAlertType,
  finding: Finding | undefined,
  { now, version }: Looked,
): OrderAlert | undefined => {
  const alert = state.alerts[type];
  if (alert?.state === 'RAISED' && isOver(type, finding, now))
    return { ...alert, state: 'RESOLVED', resolvedAt: now, changedIn: version };
  return finding !== undefined && mayRaise(state, alert, finding, now) ? raised(alert, finding, now, version) : alert;
};

const nextLook = (state: OrderPayment, { now: at, patience }: Moment): string | undefined => {
  const now = at.toISOString();
  return PaymentAlertType.options
    .flatMap((type) => {
      const [alert, finding] = [state.alerts[type], rules[type].find(state, patience)];
      if (alert?.state === 'RAISED') return isOver(type, finding, now) ? now : (askAgainAt(state, type, finding) ?? []);
      return finding === undefined || isClosed(alert, finding) ? [] : finding.dueAt;
    })
    .reduce<string | undefined>(earlier, undefined);
};

type Alerts = OrderPayment['alerts'];

const withAlerts = (state: OrderPayment, alerts: Alerts, version: number, moment: Moment): OrderPayment => {
  const next = { ...state, alerts, version };
  return { ...next, dueAt: nextLook(next, moment) };
};

/** What is told of a state at a moment: alerts raised and resolved. */
const look = (state: OrderPayment, version: number, { now, patience }: Moment): Alerts => {
  const looked = { now: now.toISOString(), version };
  return Object.fromEntries(
    PaymentAlertType.options.flatMap((type) => {
      const alert = settle(state, type, rules[type].find(state, patience), looked);
      return alert === undefined ? [] : [[type, alert]];
    }),
  ) as Alerts;
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
  const alerts = look(state, version, moment);
  const next = withAlerts(state, alerts, version, moment);
  const isSame =
    state === known &&
    next.dueAt === known.dueAt &&
    PaymentAlertType.options.every((type) => alerts[type] === known.alerts[type]);
  return isSame ? undefined : next;
};

/**
 * A person closes an alert. It stays closed however often the same is told, found or sent again: only what is not among
 * the facts that it was raised for raises it. Returns undefined when it is not raised.
 */
export const closeAlert = (
  known: OrderPayment,
  type: PaymentAlertType,
  by: Omit<Closed, 'facts'>,
  moment: Moment,
): OrderPayment | undefined => {
  const alert = known.alerts[type];
  if (alert?.state !== 'RAISED') return undefined;
  const seen = alert.facts ?? rules[type].find(known, moment.patience)?.facts ?? [];
  const facts = [...new Set([...(alert.closed?.facts ?? []), ...seen])];
  const version = known.version + 1;
  const closed = {
    ...alert,
    state: 'RESOLVED',
    resolvedAt: by.at,
    changedIn: version,
    closed: { ...by, facts },
  } as const;
  return withAlerts(known, { ...known.alerts, [type]: closed }, version, moment);
};
