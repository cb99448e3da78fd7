import type { ReturnEvent } from '../contracts/return-events';
import type { Return } from './return';

const envelope = ({ tenant, returnId, version, updatedAt, correlationId, fact }: Return) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${returnId}:${version}`,
  source: '/returns',
  subject: returnId,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: correlationId,
  traceparent: fact.traceparent,
  actor: fact.actor,
  network: fact.network,
});

const summary = (given: Return) => ({
  returnId: given.returnId,
  orderId: given.orderId,
  userId: given.userId,
  customerEmail: given.customerEmail,
  locale: given.locale,
  currency: given.currency,
  lines: [...given.lines],
  reason: given.reason,
  status: given.status,
  requestedAt: given.requestedAt,
});

/** The event that a return's newest fact stands for. Always the same for the same version. */
export const returnEvent = (given: Return): ReturnEvent => {
  const { fact } = given;
  if (fact.type === 'ReturnRequested') return { ...envelope(given), type: 'ReturnRequested.v1', data: summary(given) };
  const data = { ...summary(given), previousStatus: fact.previousStatus };
  switch (fact.type) {
    case 'ReturnApproved':
      return { ...envelope(given), type: 'ReturnApproved.v1', data };
    case 'ReturnRejected':
      return { ...envelope(given), type: 'ReturnRejected.v1', data };
    case 'ReturnCompleted': {
      const { orderFullyReturned } = fact;
      const returned = { ...data, returnedAt: given.returnedAt ?? given.updatedAt, orderFullyReturned };
      return { ...envelope(given), type: 'ReturnCompleted.v1', data: returned };
    }
  }
};
