import type { AlertEvent } from '../contracts/alert-events';
import type { Alert, SignType } from './alert';

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
