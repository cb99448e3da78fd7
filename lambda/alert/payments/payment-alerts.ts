import { type AlertEvent, PaymentAlertType } from '../../contracts/alert-events';
import { trustedTenant } from '../../kernel/tenant';
import type { Cause } from '../stock/alert';
import { applyOrderEvent, applyPaymentEvent, needsPayment } from './apply-events';
import { askAgainAt, isAnsweredFor } from './owners';
import {
  type Closed,
  earlier,
  later,
  type Moment,
  type OrderAlert,
  type OrderPayment,
  type WatchedEvent,
  type WatchedPaymentEvent,
} from './payment-state';
import { isClosed, rules, type Violation } from './rules';

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
export const isReconciled = (event: WatchedEvent, { now, timeouts }: Moment): boolean =>
  isOfPayment(event) || needsPayment(event) || later(event.data.placedAt, timeouts.stuckSeconds) <= now.toISOString();

/** What an event makes of what is known, however often and in whatever order it comes; nothing when it is no news. */
export const applyEvent = (
  known: OrderPayment | undefined,
  event: WatchedEvent,
  moment: Moment,
): OrderPayment | undefined => {
  const cause = { correlationId: event.correlationid, causationId: event.id, traceparent: event.traceparent };
  const state = known ?? begun(event, cause);
  const next = isOfPayment(event) ? applyPaymentEvent(state, event, moment.now) : applyOrderEvent(state, event, moment);
  return next && { ...next, cause };
};

const raised = (before: OrderAlert | undefined, violation: Violation, now: string, version: number): OrderAlert => ({
  state: 'RAISED',
  error: violation.error,
  count: (before?.count ?? 0) + 1,
  firstAt: before?.firstAt ?? now,
  lastAt: now,
  told: violation.times ?? 0,
  facts: violation.facts,
  changedIn: version,
  ...(before?.closed && { closed: before.closed }),
});

type Looked = { readonly now: string; readonly version: number };

/** An order that is given more time is not stuck any more; nothing else that is wrong becomes right by waiting. */
const isOver = (type: PaymentAlertType, violation: Violation | undefined, now: string): boolean =>
  violation === undefined || (type === 'order_stuck' && violation.dueAt > now);

const mayRaise = (state: OrderPayment, alert: OrderAlert | undefined, violation: Violation, now: string): boolean => {
  const isNew = alert?.state !== 'RAISED' || (violation.times ?? 0) > alert.told;
  return isNew && violation.dueAt <= now && !isClosed(alert, violation) && isAnsweredFor(state, violation);
};

/** The alert as it is from now on; the same when nothing changes. */
const settle = (
  state: OrderPayment,
  type: PaymentAlertType,
  violation: Violation | undefined,
  { now, version }: Looked,
): OrderAlert | undefined => {
  const alert = state.alerts[type];
  if (alert?.state === 'RAISED' && isOver(type, violation, now))
    return { ...alert, state: 'RESOLVED', resolvedAt: now, changedIn: version };
  return violation !== undefined && mayRaise(state, alert, violation, now)
    ? raised(alert, violation, now, version)
    : alert;
};

const nextLook = (state: OrderPayment, { now: at, timeouts }: Moment): string | undefined => {
  const now = at.toISOString();
  return PaymentAlertType.options
    .flatMap((type) => {
      const [alert, violation] = [state.alerts[type], rules[type].find(state, timeouts)];
      if (alert?.state === 'RAISED')
        return isOver(type, violation, now) ? now : (askAgainAt(state, type, violation) ?? []);
      return violation === undefined || isClosed(alert, violation) ? [] : violation.dueAt;
    })
    .reduce<string | undefined>(earlier, undefined);
};

type Alerts = OrderPayment['alerts'];

const withAlerts = (state: OrderPayment, alerts: Alerts, version: number, moment: Moment): OrderPayment => {
  const next = { ...state, alerts, version };
  return { ...next, dueAt: nextLook(next, moment) };
};

/** What is told of a state at a moment: alerts raised and resolved. */
const look = (state: OrderPayment, version: number, { now, timeouts }: Moment): Alerts => {
  const looked = { now: now.toISOString(), version };
  return Object.fromEntries(
    PaymentAlertType.options.flatMap((type) => {
      const alert = settle(state, type, rules[type].find(state, timeouts), looked);
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
  const seen = alert.facts ?? rules[type].find(known, moment.timeouts)?.facts ?? [];
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

/** Who closed it, when a person did: what closed by itself later is nobody's. */
const closedBy = ({ closed, resolvedAt }: OrderAlert) =>
  closed !== undefined && closed.at === resolvedAt ? { by: closed.by, note: closed.note } : {};

const eventOf = (state: OrderPayment, type: PaymentAlertType, alert: OrderAlert): AlertEvent => {
  const { tenant, orderId, version, cause } = state;
  const { firstAt, lastAt, count, error, resolvedAt = lastAt } = alert;
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${type}.${orderId}:${version}`,
    source: '/alerts',
    subject: `${type}.${orderId}`,
    time: alert.state === 'RAISED' ? lastAt : resolvedAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: cause.correlationId,
    causationid: cause.causationId,
    traceparent: cause.traceparent,
  };
  const about = { type, severity: rules[type].severity, orderId, firstAt, count };
  return alert.state === 'RAISED'
    ? { ...envelope, type: 'AlertRaised.v1', data: { ...about, error } }
    : { ...envelope, type: 'AlertResolved.v1', data: { ...about, resolvedAt, ...closedBy(alert) } };
};

/** What a version of an order with its payment tells: each alert that was raised or resolved with it. */
export const orderAlertEvents = (state: OrderPayment): AlertEvent[] =>
  PaymentAlertType.options.flatMap((type) => {
    const alert = state.alerts[type];
    return alert?.changedIn === state.version ? [eventOf(state, type, alert)] : [];
  });
