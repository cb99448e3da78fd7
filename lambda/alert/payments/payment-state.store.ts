import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PaymentAlertType } from '../../contracts/alert-events';
import { OrderStatus } from '../../contracts/order-status';
import { DisputeState } from '../../contracts/payment-status';
import { queryDue, rescheduleRow } from '../../kernel/dynamodb/due-index';
import { saveVersion } from '../../kernel/dynamodb/dynamodb';
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

export type OrderKey = Pick<OrderPayment, 'tenant' | 'orderId'>;
export type DueOrder = OrderKey & { readonly dueAt: string };

const dueShards = 16; // an index partition takes 1,000 writes a second

const shardOf = (key: string): string => `due#${createHash('sha256').update(key).digest().readUInt8(0) % dueShards}`;

const rowOf = (state: OrderPayment) => {
  const row = orderPaymentRow(state);
  return state.dueAt === undefined ? row : { ...row, dueShard: shardOf(String(row.orderId)) };
};

/** `order-payment-store`: one row for each order with a payment. */
export const orderPaymentStore = (table: string, db: DynamoDBDocumentClient) => ({
  get: async ({ tenant, orderId }: OrderKey): Promise<OrderPayment | undefined> => {
    const Key = { orderId: orderPaymentKey(tenant, orderId) };
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : orderPaymentFromRow(Item);
  },

  /** Writes the next version. Returns false when another writer was faster. */
  save: (state: OrderPayment): Promise<boolean> => saveVersion(db, table, 'orderId', rowOf(state)),

  /** Returns the orders whose check is due until then, at most `limit` of each shard of the index. */
  due: (until: Date, limit: number): Promise<DueOrder[]> =>
    queryDue({ table, db, shards: dueShards, key: ['orderId'] }, { until, limit }, (item) => {
      const { tenant, id: orderId } = parseTenantKey(String(item.orderId));
      return { tenant, orderId, dueAt: String(item.dueAt) };
    }),

  /** Reschedules an order whose row may be unreadable. Returns false when its due time has changed. */
  rescheduleUnreadable: ({ tenant, orderId, dueAt: before }: DueOrder, until: Date): Promise<boolean> =>
    rescheduleRow({ table, db }, { orderId: orderPaymentKey(tenant, orderId) }, { before, until }),
});

export type OrderPaymentStore = ReturnType<typeof orderPaymentStore>;
