import * as z from 'zod';
import { Amount, Currency } from './money';
import { OrderLine } from './order-events';
import { OrderStatus, PaymentStatus, StockStatus } from './order-status';
import { CustomerId, OrderId, TenantId, UserId } from './text';

/** Asks the order service what an order is at this moment, and whose. */
export const DescribeOrder = z.object({ ask: z.literal('describe-order'), tenantId: TenantId, orderId: OrderId });
export type DescribeOrder = z.infer<typeof DescribeOrder>;

/**
 * An order as it is; missing when there is none. Amounts are minor units of `currency`. `ownerId` is missing for guests:
 * who has a token that hashes to `trackingTokenHash` may see the order too. `customerId` is what the customer said.
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
