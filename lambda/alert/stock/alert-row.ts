import * as z from 'zod';
import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import { type Alert, type AlertKey, ObservedAlertType } from './alert';

/** A row of the alerts table. It also parses stream images. */
const AlertRow = z.object({
  alertId: z.string(),
  type: ObservedAlertType,
  subject: z.string(),
  state: z.enum(['RAISED', 'RESOLVED']),
  error: z.string(),
  count: z.int().nonnegative(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().optional(),
  sourceVersion: z.int().positive(),
  version: z.int().positive(),
  facts: z.string().optional(),
  closed: z.object({ by: z.string(), at: z.iso.datetime(), note: z.string(), facts: z.string() }).optional(),
  fact: z.object({
    type: z.enum(['AlertRaised', 'AlertResolved', 'AlertNoted']),
    correlationId: z.string(),
    causationId: z.string(),
    traceparent: z.string().optional(),
  }),
});

export const alertId = ({ tenant, type, subject }: AlertKey): string => tenantKey(tenant, `${type}:${subject}`);

/** Throws when the row does not match the schema. */
export const alertFromRow = (row: unknown): Alert => {
  const { alertId: key, ...rest } = AlertRow.parse(row);
  return { ...rest, tenant: parseTenantKey(key).tenant };
};

export const alertRow = ({ tenant, ...rest }: Alert) => ({
  alertId: alertId({ tenant, ...rest }),
  ...rest,
});
