import * as z from 'zod';

export const OrderStatus = z.enum([
  'PENDING',
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'RETURNED',
]);
export const PaymentStatus = z.enum(['NOT_REQUIRED', 'WAITING_PAYMENT', 'PAID', 'FAILED', 'REFUNDED']);
export const StockStatus = z.enum(['PENDING', 'RESERVED', 'BACKORDERED', 'RELEASED', 'DEDUCTED']);
export const Locale = z.enum(['ja', 'en']);
export const CancelReason = z.enum([
  'backorder-expired',
  'out-of-stock',
  'payment-failed',
  'payment-expired',
  'by-customer',
  'by-staff',
]);

/** A status in either case: `shipped` or `SHIPPED`. */
export const StatusInput = z.string().max(20).toUpperCase().pipe(OrderStatus);

export type OrderStatus = z.infer<typeof OrderStatus>;
export type PaymentStatus = z.infer<typeof PaymentStatus>;
export type StockStatus = z.infer<typeof StockStatus>;
export type Locale = z.infer<typeof Locale>;
export type CancelReason = z.infer<typeof CancelReason>;
