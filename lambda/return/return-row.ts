import * as z from 'zod';
import { OrderLine } from '../contracts/events/order-events';
import { Locale } from '../contracts/values/order-status';
import { ReturnStatus } from '../contracts/values/return-status';
import { StoredSealed } from '../contracts/values/sealed';
import { originColumns } from '../kernel/http/caller';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import type { DeliveredOrder, Return } from './return';

const cause = { traceparent: z.string().optional(), ...originColumns };

const Fact = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ReturnRequested'), ...cause }),
  z.object({ type: z.literal('ReturnApproved'), previousStatus: ReturnStatus, ...cause }),
  z.object({ type: z.literal('ReturnRejected'), previousStatus: ReturnStatus, ...cause }),
  z.object({
    type: z.literal('ReturnCompleted'),
    previousStatus: ReturnStatus,
    orderFullyReturned: z.boolean(),
    ...cause,
  }),
]);

const buyer = { userId: z.string().optional(), customerEmail: StoredSealed, locale: Locale, currency: z.string() };

/** A return in its table, or in an image of the table's stream. The key contains the tenant. */
const ReturnRow = z.object({
  returnId: z.string(),
  orderId: z.string(),
  ...buyer,
  lines: z.array(OrderLine).min(1),
  reason: StoredSealed,
  status: ReturnStatus,
  requestedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  returnedAt: z.iso.datetime().optional(),
  correlationId: z.string(),
  version: z.int().positive(),
  fact: Fact,
});

/** A delivered order in the same table. It has no `fact`, so the relay publishes nothing about it. */
const OrderRow = z.object({
  returnId: z.string(),
  orderId: z.string(),
  ...buyer,
  lines: z.array(OrderLine.extend({ claimed: z.int().nonnegative(), returned: z.int().nonnegative() })).min(1),
  deliveredAt: z.iso.datetime(),
  returns: z.int().nonnegative(),
  version: z.int().positive(),
});

/** Parses a row. Throws when it does not match the schema. */
export const returnFromRow = (item: unknown): Return => {
  const { returnId: key, ...rest } = ReturnRow.parse(item);
  const { tenant, id: returnId } = parseTenantKey(key);
  return { ...rest, tenant, returnId };
};

export const orderFromRow = (item: unknown): DeliveredOrder => {
  const { returnId: key, ...rest } = OrderRow.parse(item);
  return { ...rest, tenant: parseTenantKey(key).tenant };
};

export const returnKey = (tenant: Tenant, returnId: string): string => tenantKey(tenant, returnId);
export const orderKey = (tenant: Tenant, orderId: string): string => tenantKey(tenant, `ORDER#${orderId}`);

/** The list partitions: all returns of a tenant, those in one status, and those of one customer. */
export const lists = {
  byTenant: (tenant: Tenant) => tenantKey(tenant, 'RETURNS'),
  byStatus: (tenant: Tenant, status: ReturnStatus) => tenantKey(tenant, `RETURNS#${status}`),
  byCustomer: (tenant: Tenant, userId: string) => tenantKey(tenant, `CUSTOMER#${userId}`),
} as const;

export const returnToRow = ({ tenant, ...rest }: Return) => ({
  ...rest,
  returnId: returnKey(tenant, rest.returnId),
  tenantList: lists.byTenant(tenant),
  statusList: lists.byStatus(tenant, rest.status),
  ...(rest.userId === undefined ? {} : { customerList: lists.byCustomer(tenant, rest.userId) }),
});

export const orderToRow = ({ tenant, ...rest }: DeliveredOrder) => ({
  ...rest,
  returnId: orderKey(tenant, rest.orderId),
});
