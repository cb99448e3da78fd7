import * as z from 'zod';
import { OrderLine } from '../events/order-events';
import { Amount, Currency } from '../values/money';
import { OrderStatus, PaymentStatus, StockStatus } from '../values/order-status';
import { CustomerId, OrderId, TenantId, UserId } from '../values/text';

/** Query to the order service for an order's current state and owner. */
export const DescribeOrder = z.object({ ask: z.literal('describe-order'), tenantId: TenantId, orderId: OrderId });
export type DescribeOrder = z.infer<typeof DescribeOrder>;

/**
 * An order's current state. Missing when there is none. Amounts are in minor units of `currency`. `ownerId` is missing
 * for guests. A token that hashes to `trackingTokenHash` may also read the order. `customerId` is unverified input.
 */
export const OrderDescribed = z.object({
  order: z
    .object({
      ownerId: UserId.optional(),
      customerId: CustomerId.optional(),
      trackingTokenHash: z.string().min(1),
      version: z.int().positive(),
      status: OrderStatus,
      paymentStatus: PaymentStatus,
      stockStatus: StockStatus,
      total: Amount,
      currency: Currency,
      lines: z.array(OrderLine).min(1),
    })
    .optional(),
});
export type OrderDescribed = z.infer<typeof OrderDescribed>;
