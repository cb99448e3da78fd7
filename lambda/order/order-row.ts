import * as z from 'zod';
import { OrderLine } from '../contracts/events/order-events';
import { StoredAddress } from '../contracts/values/address';
import { CancelReason, Locale, OrderStatus, PaymentStatus, StockStatus } from '../contracts/values/order-status';
import { PaymentMethod } from '../contracts/values/payment-status';
import { unsealed } from '../contracts/values/sealed';
import { type Claim, claimColumns, claimId } from '../kernel/dynamodb/claim';
import { PackedSealed, packSealed } from '../kernel/sealing/packed-text';
import { idOfKey, parseTenantKey, type Tenant } from '../kernel/tenant';
import type { Order } from './domain/order';

/** The hash of the request that made a claim, and the order that it placed. */
export type ClaimHolder = { readonly requestHash: string; readonly orderId: string };

export const notOrder = '-'; // the sort key of rows that are not orders: claims, counters, projections

/** The key of a claim's row. */
export const claimKey = (tenant: Tenant, key: string) => ({
  orderId: claimId(tenant, key),
  createdAt: notOrder,
});

export const claimRow = (order: Order, claim: Claim) => ({
  ...claimKey(order.tenant, claim.key),
  ...claimColumns(claim),
  placedOrderId: order.orderId,
});

export const holderOf = ({ requestHash, placedOrderId }: Record<string, unknown>): ClaimHolder => ({
  requestHash: String(requestHash),
  orderId: String(placedOrderId),
});

const text = z.string().optional();
const cause = { causationId: text, traceparent: text, actor: text, network: text };

const Fact = z.discriminatedUnion('type', [
  z.object({ type: z.literal('OrderPlaced'), ...cause }),
  z.object({ type: z.literal('OrderConfirmed'), previousStatus: OrderStatus, ...cause }),
  z.object({
    type: z.literal('OrderBackordered'),
    previousStatus: OrderStatus,
    deadline: z.iso.datetime(),
    ...cause,
  }),
  z.object({
    type: z.literal('OrderAwaitingPayment'),
    previousStatus: OrderStatus,
    deadline: z.iso.datetime(),
    ...cause,
  }),
  z.object({ type: z.literal('OrderPaymentUpdated'), previousPaymentStatus: PaymentStatus, ...cause }),
  z.object({ type: z.literal('OrderCancelled'), previousStatus: OrderStatus, reason: CancelReason, ...cause }),
  z.object({ type: z.literal('OrderProcessing'), previousStatus: OrderStatus, ...cause }),
  z.object({ type: z.literal('OrderShipped'), previousStatus: OrderStatus, ...cause }),
  z.object({ type: z.literal('OrderDelivered'), previousStatus: OrderStatus, ...cause }),
  z.object({ type: z.literal('OrderReturned'), previousStatus: OrderStatus, ...cause }),
  z.object({ type: z.literal('StockReleased'), ...cause }),
  z.object({ type: z.literal('StockDeducted'), ...cause }),
  z.object({ type: z.literal('RefundNoted'), ...cause }),
]);

// before it was sealed, it was a map
const SealedAddress = PackedSealed.or(StoredAddress.transform((address) => unsealed(JSON.stringify(address))));

/** An order in its table, or in an image of the table's stream. The key contains the tenant. */
export const OrderRow = z.object({
  orderId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime().optional(),
  version: z.int().positive(),
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  stockStatus: StockStatus,
  customerId: z.string().optional(),
  ownerId: z.string().optional(),
  customerEmail: PackedSealed,
  locale: Locale,
  currency: z.string(),
  lines: z.array(OrderLine).min(1),
  subtotal: z.int(),
  tax: z.int(),
  total: z.int(),
  shippingAddress: SealedAddress.optional(),
  paymentMethod: PaymentMethod.optional(),
  refundVersion: z.int().positive().optional(),
  paymentDeadline: z.iso.datetime().optional(),
  cancelReason: CancelReason.optional(),
  trackingTokenHash: z.string(),
  correlationId: z.string(),
  shippedAt: z.iso.datetime().optional(),
  deliveredAt: z.iso.datetime().optional(),
  dueAt: z.iso.datetime().optional(),
  dueAttempts: z.int().positive().optional(),
  dueShard: z.string().optional(),
  listKey: z.string().optional(),
  ownerKey: z.string().optional(),
  contactKey: z.string().optional(),
  fact: Fact,
  history: z.array(
    z.object({
      at: z.iso.datetime(),
      event: z.enum(Fact.options.map(({ shape }) => shape.type.value)),
      status: OrderStatus,
      stockStatus: StockStatus,
      paymentStatus: PaymentStatus.optional(),
      cause: text,
      actor: text,
      network: text,
    }),
  ),
});
export type OrderRow = Omit<z.input<typeof OrderRow>, 'lines' | 'history' | 'fact'> &
  Pick<Order, 'lines' | 'history'> & { readonly fact: Omit<Order['fact'], 'causationId' | 'actor' | 'network'> };

const definedOf = (origin: object) =>
  Object.fromEntries(Object.entries(origin).filter(([, value]) => value !== undefined));

const originOf = ({ history }: Pick<Order, 'history'>) => {
  const { at, cause, actor, network } = history.at(-1) ?? {};
  return { updatedAt: at, origin: { causationId: cause?.includes('/') ? cause : undefined, actor, network } };
};

/**
 * The parts of a row that are stored shorter, so that an order of one line takes one write unit: sealed text as bytes,
 * and of the newest change only what its entry in the history does not say.
 */
export const packedRow = ({ customerEmail, shippingAddress, updatedAt, fact, history }: Order) => {
  const { causationId, actor, network, ...rest } = fact;
  const entry = originOf({ history });
  const { origin } = entry;
  const isInHistory = origin.causationId === causationId && origin.actor === actor && origin.network === network;
  return {
    customerEmail: packSealed(customerEmail),
    shippingAddress: shippingAddress && packSealed(shippingAddress),
    updatedAt: entry.updatedAt === updatedAt ? undefined : updatedAt,
    fact: isInHistory ? rest : fact,
  };
};

/** Parses a row. Throws when it does not match the schema. */
export const orderFromRow = (item: unknown): Order => {
  const { orderId: key, dueShard: _d, listKey: _l, ownerKey: _o, ...row } = OrderRow.parse(item);
  const { contactKey, updatedAt, fact, ...rest } = row;
  const { tenant, id: orderId } = parseTenantKey(key);
  const entry = originOf(rest);
  return {
    ...rest,
    ...(contactKey === undefined ? {} : { contact: idOfKey(contactKey) }),
    updatedAt: updatedAt ?? entry.updatedAt ?? rest.createdAt,
    fact: { ...definedOf(entry.origin), ...fact },
    tenant,
    orderId,
  } as Order;
};
