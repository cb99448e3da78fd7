import * as z from 'zod';
import { Currency } from './money';
import { OrderStatus, PaymentStatus, StockStatus } from './order-status';
import { CustomerId, Email, identifier, line, OrderId, ProductId } from './text';

export const paymentMethods = [
  'CREDIT_CARD',
  'DEBIT_CARD',
  'PAYPAL',
  'BANK_TRANSFER',
  'AMAZON_PAY',
  'APPLE_PAY',
  'GOOGLE_PAY',
] as const;

const PaymentMethod = z.string().max(20).toUpperCase().pipe(z.enum(paymentMethods));

const ShippingAddress = z.strictObject({
  name: line(100).optional(),
  street: line(200),
  city: line(100),
  state: line(100).optional(),
  postalCode: line(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 country code such as JP'),
  phoneNumber: line(30).optional(),
});

const OrderItem = z.strictObject({
  productId: ProductId,
  quantity: z.int().min(1).max(9999),
  price: z.number().nonnegative().max(1e9).optional(),
});

const noProductTwice = (items: { productId: string }[]) =>
  new Set(items.map(({ productId }) => productId)).size === items.length;

/** Body of `POST /orders`. A `price` is in major units (59.98) and must equal the catalog's. */
export const PlaceOrderRequest = z.strictObject({
  customerId: CustomerId.optional(),
  customerEmail: Email,
  items: z.array(OrderItem).min(1).max(50).refine(noProductTwice, 'must not name the same product twice'),
  shippingAddress: ShippingAddress.optional(),
  paymentMethod: PaymentMethod.optional(),
  currency: Currency.optional(),
});
export type PlaceOrderRequest = z.infer<typeof PlaceOrderRequest>;

/** Header `Idempotency-Key`: visible ASCII, up to 255 characters. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** Header `X-Storefront-Key`: which tenant's shop the caller buys in. */
export const StorefrontKey = identifier(128);

/** An order as the API shows it. Amounts are major units (59.98) of `currency`. */
const OrderView = z.object({
  orderId: OrderId,
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  stockStatus: StockStatus,
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
  createdAt: z.iso.datetime(),
});

/** Answer 201 of `POST /orders`. The token opens `GET /orders/{orderId}` and is shown only here. */
export const PlaceOrderResponse = OrderView.extend({ trackingToken: z.string() });
export type PlaceOrderResponse = z.infer<typeof PlaceOrderResponse>;

/** Answer 200 of `GET /orders/{orderId}`. */
export const GetOrderResponse = OrderView.extend({
  version: z.int(),
  updatedAt: z.iso.datetime(),
  history: z.array(
    z.object({ at: z.iso.datetime(), event: z.string(), status: OrderStatus, stockStatus: StockStatus }),
  ),
});
export type GetOrderResponse = z.infer<typeof GetOrderResponse>;

/** Answer of `GET /health`: 200 when every dependency answers, else 503. */
export const HealthResponse = z.object({
  status: z.enum(['ok', 'degraded']),
  build: z.string(),
  dependencies: z.record(z.string(), z.object({ status: z.enum(['ok', 'failed']), milliseconds: z.number() })),
});
export type HealthResponse = z.infer<typeof HealthResponse>;
