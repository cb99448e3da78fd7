import * as z from 'zod';
import { RecordedEmail } from '../values/email';
import { personal } from '../values/personal';
import { OrderId, TenantId, UserId } from '../values/text';

/** Request to the identity service to delete the account and the profile of a user. Repeating it changes nothing. */
export const EraseUser = z.object({ tenantId: TenantId, userId: UserId });
export type EraseUser = z.infer<typeof EraseUser>;

/** The user has neither account nor profile; also for one that never had any. */
export const UserErased = z.object({ erased: z.literal(true) });
export type UserErased = z.infer<typeof UserErased>;

/** A guest's orders are found by the keyed hash of the normalised address, in base64url. */
const ContactHash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Whose orders: those that a user owns, or those of a guest. */
export const OrdersOf = z.union([z.object({ userId: UserId }), z.object({ contact: ContactHash })]);
export type OrdersOf = z.infer<typeof OrdersOf>;

const OrderPosition = z.object({ orderId: OrderId, createdAt: z.iso.datetime() });

/** Query to the order service for a page of somebody's orders that were created up to `until`, the oldest first. */
export const FindPersonalOrders = z.object({
  ask: z.literal('find-personal-orders'),
  tenantId: TenantId,
  of: OrdersOf,
  until: z.iso.datetime(),
  after: OrderPosition.optional(),
});
export type FindPersonalOrders = z.infer<typeof FindPersonalOrders>;

/** A key by which text about an order is sealed. */
const OrderKeyRef = z.object({ keys: z.string().regex(/^[A-Za-z0-9_~-]{1,160}$/), number: z.int().min(0).max(9999) });

/** `isOpen` while the order goes on, or while something about a person in its row is not sealed yet. */
export const PersonalOrder = OrderPosition.extend({ refs: z.array(OrderKeyRef).max(10), isOpen: z.boolean() });
export type PersonalOrder = z.infer<typeof PersonalOrder>;

/** `next` is missing on the last page. */
export const PersonalOrdersFound = z.object({ orders: z.array(PersonalOrder), next: OrderPosition.optional() });
export type PersonalOrdersFound = z.infer<typeof PersonalOrdersFound>;

/** Query to the order service: is this the address of this order of a guest? */
export const ProveGuest = z.object({
  ask: z.literal('prove-guest'),
  tenantId: TenantId,
  orderId: OrderId,
  customerEmail: personal('contact', RecordedEmail),
});
export type ProveGuest = z.infer<typeof ProveGuest>;

/** By what the guest's orders are found. Missing when the address is wrong, or the order unknown or not a guest's. */
export const GuestProved = z.object({ contact: ContactHash.optional() });
export type GuestProved = z.infer<typeof GuestProved>;

/** Request to the order service: the order is no longer found by its guest's address. Repeating it changes nothing. */
export const ForgetContact = z.object({ ask: z.literal('forget-contact'), tenantId: TenantId, orderId: OrderId });
export type ForgetContact = z.infer<typeof ForgetContact>;

export const ContactForgotten = z.object({ forgotten: z.literal(true) });
export type ContactForgotten = z.infer<typeof ContactForgotten>;

/** Everything that the privacy service asks of the order service. */
export const PersonalOrdersQuery = z.discriminatedUnion('ask', [FindPersonalOrders, ProveGuest, ForgetContact]);

/** Query to the return service: which of these orders have a return that is neither rejected nor completed? */
export const FindOpenReturns = z.object({
  ask: z.literal('find-open-returns'),
  tenantId: TenantId,
  orderIds: z.array(OrderId).max(100),
});
export type FindOpenReturns = z.infer<typeof FindOpenReturns>;

/** The orders with an open return. */
export const OpenReturnsFound = z.object({ orderIds: z.array(OrderId) });
export type OpenReturnsFound = z.infer<typeof OpenReturnsFound>;
