import * as z from 'zod';
import { RecordedEmail } from './email';
import { defineEvent } from './event';
import { Currency } from './money';
import { OrderLine } from './order-events';
import { Locale } from './order-status';
import { ReturnId, ReturnStatus } from './return-status';
import { CustomerId, OrderId, recordedLine } from './text';

/** What every return event tells. `lines` have the price at purchase in minor units of `currency`, for who refunds. */
const ReturnSummary = z.object({
  returnId: ReturnId,
  orderId: OrderId,
  /** Whose order it was; missing for a guest's. */
  userId: CustomerId.optional(),
  customerEmail: RecordedEmail,
  locale: Locale,
  currency: Currency,
  lines: z.array(OrderLine).min(1),
  reason: recordedLine(500),
  status: ReturnStatus,
  requestedAt: z.iso.datetime(),
});

/** Somebody wants to give goods of a delivered order back; nothing is decided yet. */
export const ReturnRequested = defineEvent('ReturnRequested.v1', ReturnSummary);
export type ReturnRequested = z.infer<typeof ReturnRequested>;

const decided = ReturnSummary.extend({ previousStatus: ReturnStatus });

/** The goods may be sent back. */
export const ReturnApproved = defineEvent('ReturnApproved.v1', decided);
export type ReturnApproved = z.infer<typeof ReturnApproved>;

/** The goods stay where they are, and may be asked for again. */
export const ReturnRejected = defineEvent('ReturnRejected.v1', decided);
export type ReturnRejected = z.infer<typeof ReturnRejected>;

/**
 * The goods are back: they may be sold again, and paid back. `orderFullyReturned` says whether everything of the order
 * is back with them.
 */
export const ReturnCompleted = defineEvent(
  'ReturnCompleted.v1',
  decided.extend({ returnedAt: z.iso.datetime(), orderFullyReturned: z.boolean() }),
);
export type ReturnCompleted = z.infer<typeof ReturnCompleted>;

export type ReturnEvent = ReturnRequested | ReturnApproved | ReturnRejected | ReturnCompleted;
