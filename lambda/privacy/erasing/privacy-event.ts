import type { ErasureRequested, PrivacyEvent, SubjectErased } from '../../contracts/events/privacy-events';
import { idOfSubject } from '../../contracts/values/erasure';
import type { Tenant } from '../../kernel/tenant';
import type { ErasedSubject, Erasure } from './erasure';
import { erasureFromRow, isSubjectRow, subjectFromRow } from './erasure-row';

const envelope = (
  tenant: Tenant,
  id: string,
  { subject, time }: { readonly subject: string; readonly time: string },
) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${id}:1`,
  source: '/privacy',
  subject,
  time,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
});

const requested = (erasure: Erasure): ErasureRequested => {
  const { tenant, erasureId, requestedAt, correlationId, traceparent, actor, person } = erasure;
  return {
    ...envelope(tenant, erasureId, { subject: erasureId, time: requestedAt }),
    type: 'ErasureRequested.v1',
    correlationid: correlationId,
    traceparent,
    actor,
    data: { erasureId, subjectKind: person.kind },
  };
};

const erased = ({ tenant, subject, erasureId, erasedAt, correlationId }: ErasedSubject): SubjectErased => ({
  ...envelope(tenant, subject.replace('~', '.'), { subject: idOfSubject(subject), time: erasedAt }),
  type: 'SubjectErased.v1',
  correlationid: correlationId,
  causationid: `${tenant}/${erasureId}:1`,
  data: { erasureId, subject },
});

/** Returns the event of a row of the erasures table. Throws when it cannot be read. */
export const privacyEvent = (row: Record<string, unknown>): PrivacyEvent =>
  isSubjectRow(row) ? erased(subjectFromRow(row)) : requested(erasureFromRow(row));
