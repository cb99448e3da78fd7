import * as z from 'zod';
import { AlertType } from './alert-events';
import { PaymentId, PaymentState, ProviderName, RefundState } from './payment-status';
import { OrderId, ProductId, TenantId } from './text';

const StockState = z.enum(['RESERVED', 'BACKORDERED', 'RELEASED', 'DEDUCTED']);

/** Asks inventory whether it has what an order wants, at this moment. Nothing is reserved by it. */
export const CheckStock = z.object({
  ask: z.literal('check-stock'),
  tenantId: TenantId,
  lines: z.array(z.object({ productId: ProductId, quantity: z.int().positive() })).min(1),
});
export type CheckStock = z.infer<typeof CheckStock>;

/** Products of which there is less than the order wants; empty when there is enough of each. */
export const StockChecked = z.object({
  short: z.array(z.object({ productId: ProductId, requested: z.int().positive(), available: z.int().nonnegative() })),
});
export type StockChecked = z.infer<typeof StockChecked>;

/** Asks inventory what an order holds. */
export const DescribeReservation = z.object({
  ask: z.literal('describe-reservation'),
  tenantId: TenantId,
  orderId: OrderId,
});
export type DescribeReservation = z.infer<typeof DescribeReservation>;

/** What an order holds and the newest fact about it; `reservation` is missing when inventory does not know the order. */
export const ReservationDescribed = z.object({
  reservation: z
    .object({
      state: StockState,
      lines: z.array(z.object({ productId: ProductId, quantity: z.int().positive() })),
      version: z.int().positive(),
      updatedAt: z.iso.datetime(),
      fact: z.string(),
      causationId: z.string(),
    })
    .optional(),
});
export type ReservationDescribed = z.infer<typeof ReservationDescribed>;

/** Asks which alerts there were about an order. */
export const DescribeAlerts = z.object({ ask: z.literal('describe-alerts'), tenantId: TenantId, orderId: OrderId });
export type DescribeAlerts = z.infer<typeof DescribeAlerts>;

/** The alerts about an order, each with when it was raised and, once it is, resolved. */
export const AlertsDescribed = z.object({
  alerts: z.array(
    z.object({
      type: AlertType,
      state: z.enum(['RAISED', 'RESOLVED']),
      error: z.string(),
      count: z.int().positive(),
      firstAt: z.iso.datetime(),
      lastAt: z.iso.datetime(),
      resolvedAt: z.iso.datetime().optional(),
      causationId: z.string(),
    }),
  ),
});
export type AlertsDescribed = z.infer<typeof AlertsDescribed>;

/** What the inventory's `inventory/tell-order` answers to. */
export const InventoryQuery = z.discriminatedUnion('ask', [CheckStock, DescribeReservation]);
export type InventoryQuery = z.infer<typeof InventoryQuery>;

/** Asks billing for the bill of an order. */
export const DescribeBill = z.object({ ask: z.literal('describe-bill'), tenantId: TenantId, orderId: OrderId });
export type DescribeBill = z.infer<typeof DescribeBill>;

/** The bill of an order; missing when billing has not heard of it. `amount` is in minor units of `currency`. */
export const BillDescribed = z.object({
  bill: z
    .object({
      billingId: z.string(),
      status: z.enum(['pending', 'paid', 'void']),
      amount: z.int().nonnegative(),
      currency: z.string(),
      version: z.int().positive(),
      createdAt: z.iso.datetime(),
      updatedAt: z.iso.datetime(),
    })
    .optional(),
});
export type BillDescribed = z.infer<typeof BillDescribed>;

/** Asks the payment service what became of an order's payment. */
export const DescribePayment = z.object({ ask: z.literal('describe-payment'), tenantId: TenantId, orderId: OrderId });
export type DescribePayment = z.infer<typeof DescribePayment>;

/** The payment of an order and what happened to it; missing when none was asked for. Amounts in minor units. */
export const PaymentDescribed = z.object({
  payment: z
    .object({
      paymentId: PaymentId,
      provider: ProviderName,
      amount: z.int().nonnegative(),
      /** Captured for the order, and neither refunded nor being refunded. */
      kept: z.int().nonnegative().optional(),
      currency: z.string(),
      externalPaymentId: z.string().optional(),
      refunds: z
        .array(
          z.object({
            refundId: z.string(),
            amount: z.int().nonnegative(),
            reason: z.string(),
            status: RefundState,
            createdAt: z.iso.datetime(),
            processedAt: z.iso.datetime().optional(),
          }),
        )
        .optional(),
      /** What follows is missing in answers from before it was asked for. */
      version: z.int().positive().optional(),
      captures: z
        .array(
          z.object({
            externalPaymentId: z.string(),
            amount: z.int().nonnegative(),
            late: z.boolean(),
            ownCapture: z.boolean().optional(),
          }),
        )
        .optional(),
      refundedTotal: z.int().nonnegative().optional(),
      /** The provider's IDs of money that nobody asked for, as long as it is not back. */
      mismatches: z.array(z.string()).optional(),
      history: z.array(
        z.object({
          at: z.iso.datetime(),
          event: z.string(),
          status: PaymentState,
          actor: z.string(),
          note: z.string().optional(),
        }),
      ),
    })
    .optional(),
});
export type PaymentDescribed = z.infer<typeof PaymentDescribed>;

/**
 * Asks notification which e-mails were sent about an order. `versions` says when each of its versions was written,
 * `refundIds` which refunds of it there are.
 */
export const DescribeMails = z.object({
  ask: z.literal('describe-mails'),
  tenantId: TenantId,
  orderId: OrderId,
  versions: z.array(z.iso.datetime()).min(1).max(100),
  refundIds: z.array(z.string()).max(200).optional(),
});
export type DescribeMails = z.infer<typeof DescribeMails>;

/** The e-mails that were sent, each with the version of the order, or the refund, that it tells of. Not to whom. */
export const MailsDescribed = z.object({
  mails: z.array(
    z.object({
      kind: z.string(),
      version: z.int().positive().optional(),
      refundId: z.string().optional(),
      sentAt: z.iso.datetime(),
      messageId: z.string(),
    }),
  ),
});
export type MailsDescribed = z.infer<typeof MailsDescribed>;
