import * as z from 'zod';
import { type AlertEvent, StockAlertType } from '../../contracts/alert-events';
import type { Tenant } from '../../kernel/tenant';

/** What is wrong with stock, or with money that belongs to no order: all others are known of an order's row. */
export const SignType = z.enum([...StockAlertType.options, 'capture_without_order']);
export type SignType = z.infer<typeof SignType>;

export type AlertKey = {
  readonly tenant: Tenant;
  readonly type: SignType;
  /** The order or product that it is about, or the provider's payment. */
  readonly subject: string;
};

/** The event that something was learnt from: it goes into the event that comes of the alert. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
};

/** `AlertNoted` changes nothing that anybody must hear of. */
export type AlertFact = { readonly type: 'AlertRaised' | 'AlertResolved' | 'AlertNoted' } & Cause;

/** Who closed an alert, and what they knew: the same facts do not raise it again. */
export type StockAlertClosed = {
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly facts: string;
};

/** One thing that is or was wrong, however often it happened. */
export type Alert = AlertKey & {
  readonly state: 'RAISED' | 'RESOLVED';
  readonly error: string;
  /** How often it was raised; 0 when it was over before anybody heard of it. */
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly resolvedAt?: string | undefined;
  /** The version of its order or product that it has come to: what is older is no news. */
  readonly sourceVersion: number;
  readonly version: number;
  /** What the newest sign that something is wrong rests on. Missing in rows from before it was kept. */
  readonly facts?: string | undefined;
  readonly closed?: StockAlertClosed | undefined;
  readonly fact: AlertFact;
};

/** What a service says of an order or a product: something is wrong, or nothing is any more. */
export type Sign = AlertKey & {
  readonly sourceVersion: number;
  readonly at: string;
  readonly cause: Cause;
  /** What is wrong, and what that rests on; missing when nothing is. */
  readonly wrong?: { readonly error: string; readonly facts: string } | undefined;
};

const begun = ({ tenant, type, subject, at, cause }: Sign): Alert => ({
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

const noted = (alert: Alert, { cause }: Sign): Alert => ({ ...alert, fact: { type: 'AlertNoted', ...cause } });

const raise = (alert: Alert, { error, facts }: NonNullable<Sign['wrong']>, sign: Sign): Alert => {
  const { at, cause } = sign;
  if (alert.state === 'RAISED') return noted({ ...alert, error, facts, lastAt: at }, sign); // told, not happened, again
  if (alert.closed?.facts === facts) return noted(alert, sign);
  return {
    ...alert,
    ...{ state: 'RAISED', error, facts, count: alert.count + 1, lastAt: at, resolvedAt: undefined, closed: undefined },
    firstAt: alert.count === 0 ? at : alert.firstAt,
    fact: { type: 'AlertRaised', ...cause },
  };
};

/** What was wrong is over: wrong again, it is raised again, whoever had closed it. */
const resolve = (alert: Alert, sign: Sign): Alert => {
  const over = { ...alert, closed: undefined };
  return alert.state === 'RAISED'
    ? { ...over, state: 'RESOLVED', resolvedAt: sign.at, fact: { type: 'AlertResolved', ...sign.cause } }
    : noted(over, sign);
};

/** What a sign makes of an alert; nothing when it comes twice, or after a newer one. */
export const decide = (known: Alert | undefined, sign: Sign): Alert | undefined => {
  const alert = known ?? begun(sign);
  if (sign.sourceVersion <= alert.sourceVersion) return undefined;
  const next = sign.wrong === undefined ? resolve(alert, sign) : raise(alert, sign.wrong, sign);
  return { ...next, sourceVersion: sign.sourceVersion, version: alert.version + 1 };
};

/** A person closes an alert: the same, told again, does not raise it. Returns undefined when it is not raised. */
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

const namedAs = {
  inventory_reservation_failed: 'orderId',
  stock_discrepancy: 'productId',
  capture_without_order: 'externalPaymentId',
} as const satisfies Record<SignType, string>;

/** Where nobody has said, it is missing. */
const severityOf = (type: SignType) => (type === 'capture_without_order' ? { severity: 'P1' as const } : {});

/** The event that an alert's newest fact stands for; nothing when nobody must hear of it. */
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
  const about = { type, ...severityOf(type), [namedAs[type]]: subject, firstAt, count };
  const by = closed === undefined ? {} : { by: closed.by, note: closed.note };
  return fact.type === 'AlertRaised'
    ? { ...envelope, type: 'AlertRaised.v1', data: { ...about, error } }
    : { ...envelope, type: 'AlertResolved.v1', data: { ...about, resolvedAt, ...by } };
};
