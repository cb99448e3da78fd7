import * as z from 'zod';
import { AlertState } from '../contracts/alert-api';
import { AlertType, Severity } from '../contracts/alert-events';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import type { KeptAlert } from './kept-alert';

const at = z.iso.datetime();

/** An item of `sys-pay-alert`. */
const KeptAlertRow = z.object({
  alertId: z.string(),
  type: AlertType,
  severity: Severity.optional(),
  orderId: z.string().optional(),
  productId: z.string().optional(),
  externalPaymentId: z.string().optional(),
  state: AlertState,
  error: z.string(),
  count: z.int().positive(),
  firstAt: at,
  raisedAt: at,
  resolvedAt: at.optional(),
  closed: z.object({ by: z.string(), at, note: z.string() }).optional(),
  acknowledgement: z.object({ by: z.string(), at, note: z.string() }).optional(),
  history: z.array(
    z.object({
      what: z.enum(['raised', 'resolved', 'acknowledged']),
      at,
      sourceVersion: z.int().positive().optional(),
      error: z.string().optional(),
      by: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
  sourceVersion: z.int().positive(),
  updatedAt: at,
  version: z.int().positive(),
});

export const keptAlertKey = (tenant: Tenant, alertId: string): string => tenantKey(tenant, alertId);

/** Whose alerts a list has: a tenant's, or a tenant's in one state. Each is a partition of an index. */
export const lists = {
  byTenant: (tenant: Tenant) => tenantKey(tenant, 'ALERTS'),
  byState: (tenant: Tenant, state: AlertState) => tenantKey(tenant, `ALERTS#${state}`),
} as const;

/** Throws when the item is not an alert that this version knows. */
export const keptAlertFromRow = (row: unknown): KeptAlert => {
  const { alertId: key, ...rest } = KeptAlertRow.parse(row);
  const { tenant, id: alertId } = parseTenantKey(key);
  return { ...rest, tenant, alertId };
};

export const keptAlertRow = ({ tenant, ...rest }: KeptAlert) => ({
  ...rest,
  alertId: keptAlertKey(tenant, rest.alertId),
  tenantList: lists.byTenant(tenant),
  stateList: lists.byState(tenant, rest.state),
});
