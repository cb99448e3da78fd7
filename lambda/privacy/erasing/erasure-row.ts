import * as z from 'zod';
import { ErasureState, SubjectName } from '../../contracts/values/erasure';
import { parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';
import type { ErasedSubject, Erasure, Person } from './erasure';

const Position = z.object({ orderId: z.string(), createdAt: z.string() });

const PersonColumn = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), userId: z.string() }),
  z.object({ kind: z.literal('guest'), contact: z.string().optional() }),
]);

const count = z.int().nonnegative();

/** An erasure in its table. The key contains the tenant. */
const ErasureRow = z.object({
  erasureId: z.string(),
  person: PersonColumn,
  state: ErasureState,
  step: z.enum(['account', 'orders', 'contacts']),
  pass: z.object({ after: Position.optional(), erased: count, keys: count, open: count }),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  openAtRequest: count,
  open: count,
  ordersErased: count,
  orderKeys: count,
  accountErased: z.boolean(),
  waitsUntil: z.iso.datetime().optional(),
  waits: count,
  dueAt: z.iso.datetime().optional(),
  erasedAt: z.iso.datetime().optional(),
  correlationId: z.string(),
  traceparent: z.string().optional(),
  actor: z.string().optional(),
  version: z.int().positive(),
  fact: z.object({ type: z.literal('ErasureRequested') }).optional(),
});

/** An erased subject in the same table. It is written once. */
const SubjectRow = z.object({
  erasureId: z.string(),
  subject: SubjectName,
  erasure: z.string(),
  refs: z.array(z.object({ keys: z.string(), number: count })),
  erasedAt: z.iso.datetime(),
  correlationId: z.string(),
});

export const erasureKey = (tenant: Tenant, erasureId: string): string => tenantKey(tenant, erasureId);

/** Returns the key of an erased subject's row; `npm run repeat-erasures` knows it, too. */
export const subjectKey = (tenant: Tenant, subject: string): string => tenantKey(tenant, `SUBJECT#${subject}`);

/** Returns the key of the row that names a person's erasure until it has ended. */
export const activeKey = (tenant: Tenant, person: Person): string =>
  tenantKey(tenant, `ACTIVE#${person.kind}~${person.kind === 'user' ? person.userId : person.contact}`);

/** The only partition of the index of what is due: there are few erasures at a time. */
const dueShard = 'due#0';

export const erasureToRow = ({ tenant, ...rest }: Erasure) => ({
  ...rest,
  erasureId: erasureKey(tenant, rest.erasureId),
  ...(rest.dueAt === undefined ? {} : { dueShard }),
});

/** Parses a row. Throws when it does not match the schema. */
export const erasureFromRow = (item: unknown): Erasure => {
  const { erasureId: key, ...rest } = ErasureRow.parse(item);
  const { tenant, id: erasureId } = parseTenantKey(key);
  return { ...rest, tenant, erasureId };
};

/** Returns whether a row is that of an erased subject. */
export const isSubjectRow = ({ erasure }: Record<string, unknown>): boolean => erasure !== undefined;

export const subjectToRow = ({ tenant, erasureId, ...rest }: ErasedSubject) => ({
  ...rest,
  erasureId: subjectKey(tenant, rest.subject),
  erasure: erasureId,
  version: 1,
  fact: { type: 'SubjectErased' },
});

export const subjectFromRow = (item: unknown): ErasedSubject => {
  const { erasureId: key, erasure, ...rest } = SubjectRow.parse(item);
  return { ...rest, tenant: parseTenantKey(key).tenant, erasureId: erasure };
};
