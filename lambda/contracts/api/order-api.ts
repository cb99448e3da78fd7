import * as z from 'zod';
import { PostalAddress, StoredAddress } from '../values/address';
import { Email } from '../values/email';
import { Currency } from '../values/money';
import { OrderStatus, PaymentStatus, StatusInput, StockStatus } from '../values/order-status';
import { PaymentMethod } from '../values/payment-status';
import { personal } from '../values/personal';
import { CustomerId, line, OrderId, ProductId, StoredNumber, TenantId } from '../values/text';
import { page, pageOf } from './page';

const PaymentMethodInput = z.string().max(20).toUpperCase().pipe(PaymentMethod);

const Quantity = z.int().min(1).max(9999);

const Price = StoredNumber.nonnegative().max(1e9).optional();

/** `productCode` is an alias of `productId`. A `name` is accepted but ignored: the catalog's name is stored. */
const OrderItem = z
  .strictObject({
    productId: ProductId.optional(),
    productCode: ProductId.optional(),
    name: line(200).optional(),
    quantity: Quantity,
    price: Price,
  })
  .refine(({ productId, productCode }) => productId !== undefined || productCode !== undefined, {
    path: ['productId'],
    message: 'is required',
    when: ({ value }) => typeof value === 'object' && value !== null, // reported with the other errors
  })
  .refine(({ productId, productCode }) => productId === undefined || productCode === undefined, {
    path: ['productCode'],
    message: 'is another name for productId: send one of them',
  })
  .transform(({ productId, productCode, quantity, price }) => {
    const item = { productId: productId ?? productCode ?? '', quantity };
    return price === undefined ? item : { ...item, price };
  })
  .pipe(z.object({ productId: ProductId, quantity: Quantity, price: Price }));

const noProductTwice = (items: { productId: string }[]) =>
  new Set(items.map(({ productId }) => productId)).size === items.length;

/**
 * Body of `POST /orders`. A `price` is in major units (59.98) and must equal the catalog's. A guest must send a
 * `customerEmail`. The default for a caller with a token is the token's address.
 */
export const PlaceOrderRequest = z.strictObject({
  customerId: CustomerId.optional(),
  customerEmail: personal('contact', Email).optional(),
  items: z.array(OrderItem).min(1).max(50).refine(noProductTwice, 'must not name the same product twice'),
  shippingAddress: PostalAddress.optional(),
  paymentMethod: PaymentMethodInput.optional(),
  currency: Currency.optional(),
});
export type PlaceOrderRequest = z.infer<typeof PlaceOrderRequest>;

/** Query of `POST /order`, which orders one product for the signed-in caller. */
export const QuickOrderQuery = z.object({
  product_id: ProductId,
  quantity: z.coerce.number().pipe(Quantity),
  payment_method: PaymentMethodInput.optional(),
});

/** An order as the API shows it. Amounts are major units (59.98) of `currency`. `code` is the `orderId`. */
export const OrderView = z.object({
  orderId: OrderId,
  tenantId: TenantId,
  code: OrderId,
  name: z.string(),
  version: z.int().positive(),
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  stockStatus: StockStatus,
  customerId: CustomerId.optional(),
  items: z.array(
    z.object({
      productId: ProductId,
      name: z.string(),
      quantity: z.int(),
      unitPrice: z.number(),
      lineTotal: z.number(),
    }),
  ),
  subtotal: z.number(),
  tax: z.number(),
  total: z.number(),
  currency: z.string(),
  shippingAddress: StoredAddress.optional(),
  paymentMethod: PaymentMethod.optional(),
  createdAt: z.iso.datetime(),
  placedAt: z.iso.datetime(),
});

/** Answer 201 of `POST /orders`. The token lets a guest read the order, and is shown only here. */
export const PlaceOrderResponse = OrderView.extend({ trackingToken: z.string() });
export type PlaceOrderResponse = z.infer<typeof PlaceOrderResponse>;

/** The current state of an order. Only the customer and staff see the e-mail address. */
export const CurrentOrder = OrderView.extend({
  customerEmail: personal('contact', Email).optional(),
  updatedAt: z.iso.datetime(),
  shippedAt: z.iso.datetime().optional(),
  deliveredAt: z.iso.datetime().optional(),
  /** The deadline for the payment of an order that waits for it. */
  paymentDeadline: z.iso.datetime().optional(),
});
export type CurrentOrder = z.infer<typeof CurrentOrder>;

/** Query of `GET /orders/{orderId}`. The answer waits at most 20 seconds until the order has this version. */
export const GetOrderQuery = z.object({ waitForVersion: z.coerce.number().int().positive().optional() });

/** Answer 200 of `GET /orders/{orderId}`. */
export const GetOrderResponse = CurrentOrder.extend({
  history: z.array(
    z.object({
      at: z.iso.datetime(),
      event: z.string(),
      status: OrderStatus,
      stockStatus: StockStatus,
      paymentStatus: PaymentStatus.optional(),
    }),
  ),
});
export type GetOrderResponse = z.infer<typeof GetOrderResponse>;

/** Query of `GET /orders`. A `status` may be in lower case. */
export const ListOrdersQuery = z.object({ status: StatusInput.optional(), ...page });

/** Answer 200 of `GET /orders`: newest first. */
export const ListOrdersResponse = pageOf(CurrentOrder);
export type ListOrdersResponse = z.infer<typeof ListOrdersResponse>;

/** Body of `PATCH /orders/{orderId}/status`. With a `version`, another current version is refused. */
export const UpdateStatusRequest = z.strictObject({ status: StatusInput, version: z.int().positive().optional() });

/** Body of `POST /orders/{orderId}/cancel`, which may also be empty. */
export const CancelOrderRequest = z.strictObject({ version: z.int().positive().optional() });

/** One entry of an order's timeline. `eventId` is its event, `cause` the event that caused it, or who did it. */
export const TimelineEntry = z.object({
  at: z.iso.datetime(),
  source: z.enum(['order', 'inventory', 'payment', 'billing', 'notification', 'alert', 'dead-letter-queue']),
  what: z.string(),
  eventId: z.string().optional(),
  cause: personal('origin', z.string()).optional(),
  details: personal('words', z.record(z.string(), z.union([z.string(), z.number()]))).optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/**
 * Answer 200 of `GET /orders/{orderId}/timeline`: oldest first, amounts in major units of their `currency`.
 * `unavailable` lists the services that did not answer in time. Their entries are missing, and a later request may have
 * them.
 */
export const OrderTimeline = z.object({
  orderId: OrderId,
  items: z.array(TimelineEntry),
  unavailable: z.array(z.string()),
});
export type OrderTimeline = z.infer<typeof OrderTimeline>;

/** Answer of `GET /health`: 200 when every dependency answers, otherwise 503. */
export const HealthResponse = z.object({
  status: z.enum(['ok', 'degraded']),
  build: z.string(),
  dependencies: z.record(z.string(), z.object({ status: z.enum(['ok', 'failed']), milliseconds: z.number() })),
});
export type HealthResponse = z.infer<typeof HealthResponse>;
