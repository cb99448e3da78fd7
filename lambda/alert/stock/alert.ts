import * as z from 'zod';
import { type AlertEvent, StockAlertType } from '../../contracts/events/alert-events';
import type { Tenant } from '../../kernel/tenant';

/** The types of alert in the alerts table: about stock, and about money that belongs to no order. */
export const ObservedAlertType = z.enum([...StockAlertType.options, 'capture_without_order']);
export type ObservedAlertType = z.infer<typeof ObservedAlertType>;

export type AlertKey = {
  readonly tenant: Tenant;
  readonly type: ObservedAlertType;
  /** The ID of the order, of the product, or of the provider's payment. */
  readonly subject: string;
};

/** The event that caused a change. The alert's own event passes these IDs on. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
};

/** `AlertNoted` is an internal change that publishes no event. */
type AlertFact = { readonly type: 'AlertRaised' | 'AlertResolved' | 'AlertNoted' } & Cause;

/** A person's close of an alert. The same facts do not raise it again. */
export type StockAlertClosed = {
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly facts: string;
};

/** The alert of one type and subject, however often it was raised. */
export type Alert = AlertKey & {
  readonly state: 'RAISED' | 'RESOLVED';
  readonly error: string;
  /** How often it was raised. 0 when the end arrived first. */
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly resolvedAt?: string | undefined;
  /** The newest version of its subject that was applied. Older observations are ignored. */
  readonly sourceVersion: number;
  readonly version: number;
  /** The evidence of the newest problem. Missing in old rows. */
  readonly facts?: string | undefined;
  readonly closed?: StockAlertClosed | undefined;
  readonly fact: AlertFact;
};

/** What a service reports of a subject: a problem, or that there is none any more. */
export type Observation = AlertKey & {
  readonly sourceVersion: number;
  readonly at: string;
  readonly cause: Cause;
  /** The problem and its evidence. Missing when there is none. */
  readonly problem?: { readonly error: string; readonly facts: string } | undefined;
};

const initialAlert = ({ tenant, type, subject, at, cause }: Observation): Alert => ({
  tenant,
  type,
  subject,
  state: 'RESOLVED',
  error: '-',
  count: 0,
  firstAt: at,
  lastAt: at,
  sourceVersion: 0,
  version: 0,
  fact: { type: 'AlertNoted', ...cause },
});

const withoutEvent = (alert: Alert, { cause }: Observation): Alert => ({
  ...alert,
  fact: { type: 'AlertNoted', ...cause },
});

const raise = (
  alert: Alert,
  { error, facts }: NonNullable<Observation['problem']>,
  observation: Observation,
): Alert => {
  const { at, cause } = observation;
  if (alert.state === 'RAISED') return withoutEvent({ ...alert, error, facts, lastAt: at }, observation); // a repeat
  if (alert.closed?.facts === facts) return withoutEvent(alert, observation);
  return {
    ...alert,
    ...{ state: 'RAISED', error, facts, count: alert.count + 1, lastAt: at, resolvedAt: undefined, closed: undefined },
    firstAt: alert.count === 0 ? at : alert.firstAt,
    fact: { type: 'AlertRaised', ...cause },
  };
};

/** Ends the problem. The next one raises the alert again, even if a person had closed this one. */
const resolve = (alert: Alert, observation: Observation): Alert => {
  const reopened = { ...alert, closed: undefined };
  return alert.state === 'RAISED'
    ? {
        ...reopened,
        state: 'RESOLVED',
        resolvedAt: observation.at,
        fact: { type: 'AlertResolved', ...observation.cause },
      }
    : withoutEvent(reopened, observation);
};

/** Applies an observation to an alert. Returns undefined when it is repeated or older than the last one. */
export const decide = (known: Alert | undefined, observation: Observation): Alert | undefined => {
  const alert = known ?? initialAlert(observation);
  if (observation.sourceVersion <= alert.sourceVersion) return undefined;
  const next =
    observation.problem === undefined ? resolve(alert, observation) : raise(alert, observation.problem, observation);
  return { ...next, sourceVersion: observation.sourceVersion, version: alert.version + 1 };
};

/** Closes an alert for a person: the same facts do not raise it again. Returns undefined when it is not raised. */
export const closeStockAlert = (alert: Alert, by: Omit<StockAlertClosed, 'facts'>): Alert | undefined =>
  alert.state === 'RAISED'
    ? {
        ...alert,
        state: 'RESOLVED',
        resolvedAt: by.at,
        closed: { ...by, facts: alert.facts ?? alert.error },
        version: alert.version + 1,
        fact: { ...alert.fact, type: 'AlertResolved' },
      }
    : undefined;

const subjectField = {
  inventory_reservation_failed: 'orderId',
  stock_discrepancy: 'productId',
  capture_without_order: 'externalPaymentId',
} as const satisfies Record<ObservedAlertType, string>;

/** Alerts about stock have no severity. */
const severityOf = (type: ObservedAlertType) => (type === 'capture_without_order' ? { severity: 'P1' as const } : {});

/** Returns the event of an alert's newest change, or undefined when that is internal. */
export const alertEvent = (alert: Alert): AlertEvent | undefined => {
  const { tenant, type, subject, version, lastAt, firstAt, count, error, fact, closed, resolvedAt = lastAt } = alert;
  if (fact.type === 'AlertNoted') return undefined;
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${type}.${subject}:${version}`,
    source: '/alerts',
    subject: `${type}.${subject}`,
    time: fact.type === 'AlertResolved' ? resolvedAt : lastAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: fact.correlationId,
    causationid: fact.causationId,
    traceparent: fact.traceparent,
  };
  const about = { type, ...severityOf(type), [subjectField[type]]: subject, firstAt, count };
  const by = closed === undefined ? {} : { by: closed.by, note: closed.note };
  return fact.type === 'AlertRaised'
    ? { ...envelope, type: 'AlertRaised.v1', data: { ...about, error } }
    : { ...envelope, type: 'AlertResolved.v1', data: { ...about, resolvedAt, ...by } };
};
