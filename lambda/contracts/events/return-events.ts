import * as z from 'zod';
import { Currency } from '../values/money';
import { Locale } from '../values/order-status';
import { ReturnId, ReturnStatus } from '../values/return-status';
import { sealed } from '../values/sealed';
import { CustomerId, OrderId } from '../values/text';
import { defineEvent } from './event';
import { OrderLine } from './order-events';

/** The fields of every return event. `lines` have the price at purchase in minor units of `currency`, for refunds. */
const ReturnSummary = z.object({
  returnId: ReturnId,
  orderId: OrderId,
  /** The owner of the order. Missing for guests. */
  userId: CustomerId.optional(),
  customerEmail: sealed('contact'),
  locale: Locale,
  currency: Currency,
  lines: z.array(OrderLine).min(1),
  reason: sealed('words'),
  status: ReturnStatus,
  requestedAt: z.iso.datetime(),
});

/** A return of delivered goods is requested and not decided yet. */
export const ReturnRequested = defineEvent('ReturnRequested.v2', ReturnSummary);
export type ReturnRequested = z.infer<typeof ReturnRequested>;

const decided = ReturnSummary.extend({ previousStatus: ReturnStatus });

/** The return is approved: the customer may send the goods. */
export const ReturnApproved = defineEvent('ReturnApproved.v2', decided);
export type ReturnApproved = z.infer<typeof ReturnApproved>;

/** The return is rejected. The same goods may be requested again. */
export const ReturnRejected = defineEvent('ReturnRejected.v2', decided);
export type ReturnRejected = z.infer<typeof ReturnRejected>;

/**
 * The goods arrived, to be restocked and refunded. `orderFullyReturned` is true when all goods of the order are
 * returned.
 */
export const ReturnCompleted = defineEvent(
  'ReturnCompleted.v2',
  decided.extend({ returnedAt: z.iso.datetime(), orderFullyReturned: z.boolean() }),
);
export type ReturnCompleted = z.infer<typeof ReturnCompleted>;

export type ReturnEvent = ReturnRequested | ReturnApproved | ReturnRejected | ReturnCompleted;
