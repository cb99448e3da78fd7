import * as z from 'zod';
import { PaymentAlertType } from '../../contracts/events/alert-events';
import { OrderStatus } from '../../contracts/values/order-status';
import { DisputeState } from '../../contracts/values/payment-status';
import { parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';
import type { OrderPayment } from './payment-state';

const at = z.iso.datetime();

const amountAt = { amount: z.int().nonnegative(), currency: z.string(), at };

const Cause = z.object({ correlationId: z.string(), causationId: z.string(), traceparent: z.string().optional() });

const Alert = z.object({
  state: z.enum(['RAISED', 'RESOLVED']),
  error: z.string(),
  count: z.int().positive(),
  firstAt: at,
  lastAt: at,
  resolvedAt: at.optional(),
  told: z.int().nonnegative(),
  facts: z.array(z.string()).optional(),
  changedIn: z.int().positive(),
  closed: z.object({ by: z.string(), at, note: z.string(), facts: z.array(z.string()) }).optional(),
});

const answered = { at, version: z.int().nonnegative() };

/** A row of `order-payment-store`. It also parses stream images. */
const OrderPaymentRow = z.object({
  orderId: z.string(),
  order: z
    .object({
      version: z.int().positive(),
      status: OrderStatus,
      needsPayment: z.boolean(),
      total: z.int().nonnegative(),
      currency: z.string(),
      confirmedAt: at.optional(),
      undoneAt: at.optional(),
      waitsUntil: at.optional(),
      askedAt: at.optional(),
    })
    .optional(),
  asked: z.object(amountAt).optional(),
  captures: z.record(
    z.string(),
    z.object({
      ...amountAt,
      late: z.boolean(),
      ownCapture: z.boolean().optional(),
      version: z.int().nonnegative().optional(),
    }),
  ),
  capturedTotal: z.int().nonnegative().optional(),
  refunds: z.record(
    z.string(),
    z.object({
      ...amountAt,
      state: z.enum(['COMPLETED', 'FAILED']),
      version: z.int().nonnegative(),
      replaces: z.array(z.string()).optional(),
      externalPaymentId: z.string().optional(),
      madeElsewhere: z.literal(true).optional(),
      disputeId: z.string().optional(),
    }),
  ),
  disputes: z
    .record(
      z.string(),
      z.object({
        ...amountAt,
        status: DisputeState,
        reason: z.string(),
        evidenceDueBy: at.optional(),
        inquiry: z.boolean().optional(),
        version: z.int().nonnegative(),
      }),
    )
    .default({}), // rows from before disputes were kept
  mismatches: z.record(
    z.string(),
    z.object({ ...amountAt, version: z.int().nonnegative().optional(), settledIn: z.int().nonnegative().optional() }),
  ),
  failure: z.string().optional(),
  failedIn: z.int().nonnegative().optional(),
  answered: z
    .object({
      order: z.object(answered).optional(),
      payment: z.object({ ...answered, refundedTotal: z.int().nonnegative() }).optional(),
    })
    .optional(),
  alerts: z.partialRecord(PaymentAlertType, Alert),
  version: z.int().positive(),
  dueAt: at.optional(),
  cause: Cause,
});

export const orderPaymentKey = (tenant: Tenant, orderId: string): string => tenantKey(tenant, orderId);

/** Throws when the row does not match the schema. */
export const orderPaymentFromRow = (row: unknown): OrderPayment => {
  const { orderId: key, ...rest } = OrderPaymentRow.parse(row);
  const { tenant, id: orderId } = parseTenantKey(key);
  return { ...rest, tenant, orderId };
};

/** Returns the row. It has a `fact`, which the relay filters by, only when this version changed an alert. */
export const orderPaymentRow = ({ tenant, ...rest }: OrderPayment): Record<string, unknown> & { version: number } => {
  const hasChangedAlert = Object.values(rest.alerts).some(({ changedIn }) => changedIn === rest.version);
  const key = orderPaymentKey(tenant, rest.orderId);
  return { ...rest, orderId: key, ...(hasChangedAlert ? { fact: { type: 'AlertsChanged' } } : {}) };
};
