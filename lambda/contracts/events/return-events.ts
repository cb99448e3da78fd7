import * as z from 'zod';
import { RecordedEmail } from '../values/email';
import { Currency } from '../values/money';
import { Locale } from '../values/order-status';
import { personal } from '../values/personal';
import { ReturnId, ReturnStatus } from '../values/return-status';
import { CustomerId, OrderId, recordedLine } from '../values/text';
import { defineEvent } from './event';
import { OrderLine } from './order-events';

/** The fields of every return event. `lines` have the price at purchase in minor units of `currency`, for refunds. */
const ReturnSummary = z.object({
  returnId: ReturnId,
  orderId: OrderId,
  /** The owner of the order. Missing for guests. */
  userId: CustomerId.optional(),
  customerEmail: personal('contact', RecordedEmail),
  locale: Locale,
  currency: Currency,
  lines: z.array(OrderLine).min(1),
  reason: personal('words', recordedLine(500)),
  status: ReturnStatus,
  requestedAt: z.iso.datetime(),
});

/** A return of delivered goods is requested and not decided yet. */
export const ReturnRequested = defineEvent('ReturnRequested.v1', ReturnSummary);
export type ReturnRequested = z.infer<typeof ReturnRequested>;

const decided = ReturnSummary.extend({ previousStatus: ReturnStatus });

/** The return is approved: the customer may send the goods. */
export const ReturnApproved = defineEvent('ReturnApproved.v1', decided);
export type ReturnApproved = z.infer<typeof ReturnApproved>;

/** The return is rejected. The same goods may be requested again. */
export const ReturnRejected = defineEvent('ReturnRejected.v1', decided);
export type ReturnRejected = z.infer<typeof ReturnRejected>;

/**
 * The goods arrived, to be restocked and refunded. `orderFullyReturned` is true when all goods of the order are
 * returned.
 */
export const ReturnCompleted = defineEvent(
  'ReturnCompleted.v1',
  decided.extend({ returnedAt: z.iso.datetime(), orderFullyReturned: z.boolean() }),
);
export type ReturnCompleted = z.infer<typeof ReturnCompleted>;

export type ReturnEvent = ReturnRequested | ReturnApproved | ReturnRejected | ReturnCompleted;
