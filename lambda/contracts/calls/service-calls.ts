import * as z from 'zod';
import { AlertType } from '../events/alert-events';
import { PaymentId, PaymentState, ProviderName, RefundState } from '../values/payment-status';
import { personal } from '../values/personal';
import { OrderId, ProductId, TenantId } from '../values/text';

const StockState = z.enum(['RESERVED', 'BACKORDERED', 'RELEASED', 'DEDUCTED']);

/** Query to inventory: is there enough stock for an order at this moment? It reserves nothing. */
export const CheckStock = z.object({
  ask: z.literal('check-stock'),
  tenantId: TenantId,
  lines: z.array(z.object({ productId: ProductId, quantity: z.int().positive() })).min(1),
});
export type CheckStock = z.infer<typeof CheckStock>;

/** The products with too little stock for the order. Empty when there is enough. */
export const StockChecked = z.object({
  short: z.array(z.object({ productId: ProductId, requested: z.int().positive(), available: z.int().nonnegative() })),
});
export type StockChecked = z.infer<typeof StockChecked>;

/** Query to inventory for an order's reservation. */
export const DescribeReservation = z.object({
  ask: z.literal('describe-reservation'),
  tenantId: TenantId,
  orderId: OrderId,
});
export type DescribeReservation = z.infer<typeof DescribeReservation>;

/** An order's reservation with its newest fact. `reservation` is missing for an unknown order. */
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

/** Query for the alerts about an order. */
export const DescribeAlerts = z.object({ ask: z.literal('describe-alerts'), tenantId: TenantId, orderId: OrderId });
export type DescribeAlerts = z.infer<typeof DescribeAlerts>;

/** The alerts about an order, with the times of raising and resolving. */
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

/** The queries that `inventory/describe-reservation` answers. */
export const InventoryQuery = z.discriminatedUnion('ask', [CheckStock, DescribeReservation]);
export type InventoryQuery = z.infer<typeof InventoryQuery>;

/** Query to billing for the bill of an order. */
export const DescribeBill = z.object({ ask: z.literal('describe-bill'), tenantId: TenantId, orderId: OrderId });
export type DescribeBill = z.infer<typeof DescribeBill>;

/** The bill of an order. Missing when there is none. `amount` is in minor units of `currency`. */
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

/** Query to the payment service for an order's payment. */
export const DescribePayment = z.object({ ask: z.literal('describe-payment'), tenantId: TenantId, orderId: OrderId });
export type DescribePayment = z.infer<typeof DescribePayment>;

/** An order's payment with its history. Missing when none was requested. Amounts are in minor units. */
export const PaymentDescribed = z.object({
  payment: z
    .object({
      paymentId: PaymentId,
      provider: ProviderName,
      amount: z.int().nonnegative(),
      /** The captured amount that is neither refunded nor being refunded. */
      kept: z.int().nonnegative().optional(),
      currency: z.string(),
      externalPaymentId: z.string().optional(),
      refunds: z
        .array(
          z.object({
            refundId: z.string(),
            amount: z.int().nonnegative(),
            reason: personal('words', z.string()),
            status: RefundState,
            createdAt: z.iso.datetime(),
            processedAt: z.iso.datetime().optional(),
          }),
        )
        .optional(),
      /** This and the following fields are missing in old answers. */
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
      /** The provider's IDs of unrequested money that is not refunded yet. */
      mismatches: z.array(z.string()).optional(),
      history: z.array(
        z.object({
          at: z.iso.datetime(),
          event: z.string(),
          status: PaymentState,
          actor: personal('origin', z.string()),
          note: personal('words', z.string()).optional(),
        }),
      ),
    })
    .optional(),
});
export type PaymentDescribed = z.infer<typeof PaymentDescribed>;

/**
 * Query to notification for the e-mails about an order. `versions` has the time of each of its versions, `refundIds`
 * the IDs of its refunds.
 */
export const DescribeMails = z.object({
  ask: z.literal('describe-mails'),
  tenantId: TenantId,
  orderId: OrderId,
  versions: z.array(z.iso.datetime()).min(1).max(100),
  refundIds: z.array(z.string()).max(200).optional(),
});
export type DescribeMails = z.infer<typeof DescribeMails>;

/** The sent e-mails, each with its version of the order or its refund, but without recipients. */
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
